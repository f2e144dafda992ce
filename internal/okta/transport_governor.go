package okta

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// governor holds requests back until there is room for them. At most Parallelism are in
// flight, and each bucket is used up to the share that Capacity allows. The governor
// learns the limits from the headers of responses, and never sends a request for them.
//
// An unknown bucket lets one request through, and its response shows the limit. Then
// the share is used as fast as responses arrive. The remaining requests wait for the
// next window, in order of arrival. That is faster than an even pace, because Okta's
// window begins with the first request after the last window.
type governor struct {
	next     http.RoundTripper
	clock    *serverClock
	capacity int // percent
	maxWait  time.Duration
	notice   LogFunc

	mu       sync.Mutex
	inFlight int
	limit    concurrencyLimit
	buckets  map[string]*bucket
}

// waiter is a request in the queue.
type waiter struct {
	done   chan struct{}  // closed when it is admitted or refused
	err    error          // why it was refused
	notify chan time.Time // gets the end of a window that this waiter should log
}

func newGovernor(next http.RoundTripper, cfg Config, clock *serverClock) *governor {
	return &governor{
		next: next, clock: clock, capacity: cfg.Capacity, maxWait: cfg.MaxWait, notice: cfg.Notice,
		limit:   concurrencyLimit{now: cfg.Parallelism, most: cfg.Parallelism},
		buckets: map[string]*bucket{},
	}
}

func (g *governor) RoundTrip(req *http.Request) (*http.Response, error) {
	name := bucketOf(req.URL.EscapedPath())
	if err := g.admit(req.Context(), name); err != nil {
		return nil, err
	}
	resp, err := g.next.RoundTrip(req)
	g.release(req.Context(), name, resp)
	return resp, err
}

// admit returns nil once the request may be sent.
func (g *governor) admit(ctx context.Context, name string) error {
	g.mu.Lock()
	b := g.buckets[name]
	if b == nil {
		b = &bucket{}
		g.buckets[name] = b
	}
	w := &waiter{done: make(chan struct{}), notify: make(chan time.Time, 1)}
	b.waiting = append(b.waiting, w)
	g.wake(name, b)
	g.mu.Unlock()

	for {
		select {
		case <-w.done:
			return w.err
		case end := <-w.notify:
			g.notice(ctx, "Waiting for Okta's rate limit", map[string]any{
				"bucket": name, "until": end.Add(g.clock.offset()).UTC().Format(time.RFC3339),
			})
		case <-ctx.Done():
			return g.leave(ctx, name, w)
		}
	}
}

// leave removes a waiter whose context has ended from the queue. Its error says what
// the request waited for.
func (g *governor) leave(ctx context.Context, name string, w *waiter) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	b := g.buckets[name]
	if i := slices.Index(b.waiting, w); i >= 0 {
		b.waiting = slices.Delete(b.waiting, i, i+1)
	} else if w.err == nil {
		g.giveBack(b) // it was admitted at the same moment
	}
	reason := "waiting for a place among the requests in flight"
	if b.usedUp(time.Now()) {
		reason = fmt.Sprintf("the rate limit of %s is used up", name)
	}
	return unsent(fmt.Errorf("%s: %w", reason, context.Cause(ctx)))
}

// release records a response and admits the requests that now fit.
func (g *governor) release(ctx context.Context, name string, resp *http.Response) {
	g.mu.Lock()
	defer g.mu.Unlock()
	b := g.buckets[name]
	g.inFlight--
	b.inFlight--
	b.probe = time.Time{}
	if resp != nil {
		if g.clock.observe(resp.Header) {
			g.notice(ctx, "Ignoring an absurd Date of Okta's", map[string]any{"date": resp.Header.Get("Date")})
		}
		g.limit.update(resp, time.Now())
		b.update(resp.Header, time.Now(), g.capacity)
	}
	g.wakeAll()
}

// giveBack undoes an admission that was not used.
func (g *governor) giveBack(b *bucket) {
	g.inFlight--
	b.inFlight--
	b.probe = time.Time{}
	b.spent = max(0, b.spent-1)
	g.wakeAll()
}

func (g *governor) wakeAll() {
	for name, b := range g.buckets {
		g.wake(name, b)
	}
}

// wake admits the requests at the head of the queue that fit. It refuses all if the
// next reset is too far away. Otherwise it sets a timer for the rest. The queue may
// need many resets: only the wait for the next one is bounded.
func (g *governor) wake(name string, b *bucket) {
	now := time.Now()
	for len(b.waiting) > 0 && g.inFlight < g.limit.now && b.room(now) {
		g.inFlight++
		b.count(now)
		close(b.waiting[0].done)
		b.waiting = b.waiting[1:]
	}
	if len(b.waiting) == 0 || b.room(now) {
		return
	}
	wait := b.nextChange(now)
	if b.usedUp(now) && wait > g.maxWait {
		for _, w := range b.waiting {
			w.err = unsent(&NoRoomError{Bucket: name, Until: b.end.Add(g.clock.offset())})
			close(w.done)
		}
		b.waiting = nil
		return
	}
	if b.usedUp(now) && b.notified != b.reset {
		b.notified = b.reset
		select {
		case b.waiting[0].notify <- b.end:
		default: // it has not logged the last one yet
		}
	}
	if b.timer != nil {
		b.timer.Stop()
	}
	b.timer = time.AfterFunc(wait, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.wake(name, b)
	})
}

// NoRoomError is returned when a rate limit is used up for longer than a request may
// wait. The request was not sent.
type NoRoomError struct {
	Bucket string    // such as /api/v1/users
	Until  time.Time // by Okta's clock
}

func (e *NoRoomError) Error() string {
	return fmt.Sprintf("the rate limit of %s is used up until %s", e.Bucket, e.Until.UTC().Format(time.RFC3339))
}

// concurrencyLimit is how many requests may be in flight. Okta has such a limit too,
// and does not publish it. When Okta refuses a request for it, this limit is halved.
// It then grows by one with each round of other responses.
//
// A semaphore would not do: its size is fixed, and a request also needs room in its
// bucket at the same moment.
type concurrencyLimit struct {
	now, most int
	answers   int       // responses since now last changed
	lowered   time.Time // when now was last lowered
}

// lowerPause prevents responses to requests that were in flight together from lowering
// the limit more than once.
const lowerPause = time.Second

func (l *concurrencyLimit) update(resp *http.Response, now time.Time) {
	if resp.StatusCode == http.StatusTooManyRequests && isConcurrencyLimit(resp.Header) {
		if now.Sub(l.lowered) >= lowerPause {
			l.now, l.answers, l.lowered = max(1, l.now/2), 0, now
		}
		return
	}
	if l.answers++; l.answers >= l.now && l.now < l.most {
		l.now, l.answers = l.now+1, 0
	}
}

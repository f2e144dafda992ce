package okta

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// governor holds requests back until there is room for them: at most Parallelism
// are in flight, and no bucket is used beyond the share that Capacity leaves to
// this client. It learns limits from the headers of every answer and never
// spends a request to learn them.
//
// A bucket of which nothing is known lets one request through, whose answer
// tells the rest. Then its budget is spent as fast as answers come, and what is
// left over waits, in the order of arrival, for the next window. That is faster
// than an even pace, because Okta opens a window with the first request after
// the last one ended.
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

// waiter is a request that is held back.
type waiter struct {
	done   chan struct{}  // closed when it is admitted or refused
	err    error          // why it is refused
	notify chan time.Time // the end of a window, when this waiter is to give notice of it
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

// admit returns when the request may be sent, or says why it may not.
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

// leave takes a waiter whose context ended out of the queue, and says what it
// waited for.
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

// release takes in what an answer tells and lets in who fits now.
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

// giveBack undoes an admission of which no use is made.
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

// wake admits those at the head of the queue that fit in, refuses all while the
// next reset is too far away, and sees to it that the rest is woken in time. How
// many resets the queue takes is no reason to refuse: a run may be long.
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
		default: // it is still busy with another one
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

// NoRoomError says that a rate limit is used up for longer than a request may
// wait. Nothing was sent.
type NoRoomError struct {
	Bucket string    // such as /api/v1/users
	Until  time.Time // by Okta's clock
}

func (e *NoRoomError) Error() string {
	return fmt.Sprintf("the rate limit of %s is used up until %s", e.Bucket, e.Until.UTC().Format(time.RFC3339))
}

// concurrencyLimit is how many requests may be in flight. Okta limits that too, by a
// number that it does not publish. When Okta says that there are too many, the limit
// is halved, and then grows by one with each round of answers that do not say so.
//
// A semaphore would not do: its size is fixed, and a request needs room in its bucket
// at the same moment.
type concurrencyLimit struct {
	now, most int
	answers   int       // since now last changed
	lowered   time.Time // when now was last lowered
}

// lowerPause keeps the answers to requests that were in flight together from
// lowering the number more than once.
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

package okta

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// governor holds a request back until there is room for it: at most
// Parallelism requests are in flight, and no bucket is used beyond the share
// that Capacity leaves to this client. It learns limits from the headers of
// every answer and never spends a request to learn them.
type governor struct {
	next     http.RoundTripper
	clock    *serverClock
	inFlight chan struct{}
	capacity int // percent
	maxWait  time.Duration

	mu      sync.Mutex
	buckets map[string]*bucket
}

// bucket is what is known of one of Okta's rate limits. The zero bucket knows
// nothing and lets everything pass.
type bucket struct {
	limit     int
	remaining int       // as Okta last told, less what was sent since
	reset     time.Time // by this machine's clock
}

func newGovernor(next http.RoundTripper, cfg Config, clock *serverClock) *governor {
	return &governor{
		next:     next,
		clock:    clock,
		inFlight: make(chan struct{}, cfg.Parallelism),
		capacity: cfg.Capacity,
		maxWait:  cfg.MaxWait,
		buckets:  map[string]*bucket{},
	}
}

func (g *governor) RoundTrip(req *http.Request) (*http.Response, error) {
	name := bucketOf(req.URL.EscapedPath())
	if err := g.admit(req.Context(), name); err != nil {
		return nil, err
	}
	defer func() { <-g.inFlight }()
	resp, err := g.next.RoundTrip(req)
	if err == nil {
		g.clock.observe(resp.Header)
		g.learn(name, resp.Header)
	}
	return resp, err
}

// admit returns when the request may be sent and holds a place in flight for
// it, or says why it may not.
func (g *governor) admit(ctx context.Context, name string) error {
	for {
		select {
		case g.inFlight <- struct{}{}:
		case <-ctx.Done():
			return fmt.Errorf("waiting for a place among the requests in flight: %w, %w", context.Cause(ctx), errNotSent)
		}
		wait := g.claim(name)
		if wait == 0 {
			return nil
		}
		<-g.inFlight // a request that waits for its bucket keeps no other bucket's request out
		if wait > g.maxWait {
			return &NoRoomError{Bucket: name, Until: g.clock.now().Add(wait)}
		}
		if err := sleep(ctx, wait); err != nil {
			return fmt.Errorf("the rate limit of %s is used up: %w, %w", name, err, errNotSent)
		}
	}
}

// NoRoomError says that a rate limit is used up for longer than a request may
// wait. Nothing was sent.
type NoRoomError struct {
	Bucket string    // such as /api/v1/users
	Until  time.Time // by Okta's clock
}

func (e *NoRoomError) Error() string {
	return fmt.Sprintf("the rate limit of %s is used up until %s, %s",
		e.Bucket, e.Until.UTC().Format(time.RFC3339), errNotSent)
}

// Unwrap tells that nothing was sent.
func (e *NoRoomError) Unwrap() error { return errNotSent }

// claim takes one request out of a bucket's budget, or returns how long there
// is none.
func (g *governor) claim(name string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	b := g.buckets[name]
	if b == nil || !time.Now().Before(b.reset) {
		return 0
	}
	reserve := b.limit * (100 - g.capacity) / 100
	if b.remaining <= reserve {
		return time.Until(b.reset)
	}
	b.remaining--
	return 0
}

// learn takes in what an answer tells of its bucket. Answers overtake each
// other: within a window only a smaller remainder is news.
func (g *governor) learn(name string, h http.Header) {
	limit, limitErr := strconv.Atoi(h.Get(headerLimit))
	remaining, remainingErr := strconv.Atoi(h.Get(headerRemaining))
	if limitErr != nil || remainingErr != nil || limit <= 0 || h.Get(headerReset) == "" {
		return // Okta leaves the headers out at times, and a limit of 0 is about concurrency
	}
	reset := time.Now().Add(untilReset(h))
	g.mu.Lock()
	defer g.mu.Unlock()
	b := g.buckets[name]
	if b == nil {
		b = &bucket{}
		g.buckets[name] = b
	}
	sameWindow := reset.Sub(b.reset).Abs() < windowSlack
	if sameWindow {
		b.remaining = min(b.remaining, remaining)
		return
	}
	*b = bucket{limit: limit, remaining: remaining, reset: reset}
}

// windowSlack is how far two readings of one reset may lie apart: both headers
// are whole seconds.
const windowSlack = 2 * time.Second

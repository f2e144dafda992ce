package okta

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// quota is a network that charges its buckets as Okta does: a window of a
// minute opens with the first request after the last, and everything above the
// limit gets a 429.
type quota struct {
	limit int
	delay time.Duration // from the charge to the answer

	mu      sync.Mutex
	windows map[string]*window
	refused int
}

type window struct {
	used  int
	reset time.Time
}

func (q *quota) RoundTrip(req *http.Request) (*http.Response, error) {
	q.mu.Lock()
	if q.windows == nil {
		q.windows = map[string]*window{}
	}
	name := bucketOf(req.URL.Path)
	w := q.windows[name]
	if w == nil || !time.Now().Before(w.reset) {
		w = &window{reset: time.Now().Add(time.Minute)}
		q.windows[name] = w
	}
	w.used++
	status := http.StatusNoContent
	if w.used > q.limit {
		status = http.StatusTooManyRequests
		q.refused++
	}
	fields := rateLimit(0, q.limit, max(0, q.limit-w.used), int(time.Until(w.reset)/time.Second))
	q.mu.Unlock()
	if err := sleep(req.Context(), q.delay); err != nil {
		return nil, err
	}
	return answer(req, status, "", fields...), nil
}

// revokeMany revokes n tokens at the same time.
func revokeMany(t *testing.T, c *Client, n int) {
	t.Helper()
	var group sync.WaitGroup
	for range n {
		group.Go(func() {
			if err := c.RevokeRefreshToken(t.Context(), App("0oa1"), "oar1"); err != nil {
				t.Errorf("got %v, want no error", err)
			}
		})
	}
	group.Wait()
}

func TestGovernorBoundsRequestsInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		inFlight, most := 0, 0
		c := testClient(roundTripFunc(func(req *http.Request) (*http.Response, error) {
			mu.Lock()
			inFlight++
			most = max(most, inFlight)
			mu.Unlock()
			err := sleep(req.Context(), time.Second)
			mu.Lock()
			inFlight--
			mu.Unlock()
			return answer(req, http.StatusNoContent, ""), err
		}), func(cfg *Config) { cfg.Parallelism = 3 })
		start := time.Now()
		revokeMany(t, c, 30)
		wantElapsed(t, start, 11*time.Second) // the first one alone, to learn of a limit
		if most != 3 {
			t.Errorf("got %d requests in flight, want 3", most)
		}
	})
}

func TestGovernorHoldsBackUntilTheReset(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := &quota{limit: 4}
		c := testClient(q)
		for i, want := range []time.Duration{0, 0, 0, 0, time.Minute, 0, 0, 0, time.Minute} {
			start := time.Now()
			wantError(t, revoke(t.Context(), c, "oar1"), "")
			if got := time.Since(start); got != want {
				t.Errorf("request %d took %s, want %s", i+1, got, want)
			}
		}
		if q.refused != 0 {
			t.Errorf("got %d refused requests, want none", q.refused)
		}
	})
}

func TestGovernorLeavesAShare(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ capacity, limit, want int }{
		"half": {50, 10, 5}, "all": {100, 10, 10}, "a tenth": {10, 50, 5}, "least": {1, 10, 1}, "half of an odd limit": {50, 5, 2},
		"half of one": {50, 1, 1},
	} {
		bubble(t, name, func(t *testing.T) {
			c := testClient(&quota{limit: tc.limit}, func(cfg *Config) { cfg.Capacity = tc.capacity })
			start, sent := time.Now(), 0
			for ; time.Since(start) == 0 && sent <= tc.limit; sent++ {
				wantError(t, revoke(t.Context(), c, "oar1"), "")
			}
			if got := sent - 1; got != tc.want { // the last one had to wait
				t.Errorf("got %d requests in the first window, want %d", got, tc.want)
			}
		})
	}
}

// The requests of many goroutines fit in the windows just as those of one do:
// 40 of them at 10 a minute are done in the fourth window.
func TestGovernorPacesManyAtOnce(t *testing.T) {
	t.Parallel()
	for name, parallelism := range map[string]int{"few": 2, "many": 10} {
		bubble(t, name, func(t *testing.T) {
			q := &quota{limit: 10, delay: 100 * time.Millisecond}
			c := testClient(q, func(cfg *Config) { cfg.Parallelism = parallelism })
			start := time.Now()
			revokeMany(t, c, 40)
			if got := time.Since(start); got > 4*time.Minute || q.refused != 0 {
				t.Errorf("it took %s with %d refused requests, want at most 4m and none", got, q.refused)
			}
		})
	}
}

func TestGovernorKeepsBucketsApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// One place in flight: who waits for a bucket must not keep it.
		c := testClient(&quota{limit: 1}, func(cfg *Config) { cfg.Parallelism = 1 })
		start := time.Now()
		wantError(t, revoke(t.Context(), c, "oar1"), "")
		var group sync.WaitGroup
		group.Go(func() {
			wantError(t, revoke(t.Context(), c, "oar1"), "")
			wantElapsed(t, start, time.Minute)
		})
		synctest.Wait()
		wantError(t, c.RevokeRefreshToken(t.Context(), User("00u1").Client("0oa1"), "oar1"), "")
		wantError(t, c.RevokeRefreshToken(t.Context(), AuthorizationServer("aus1").Client("0oa1"), "oar1"), "")
		wantElapsed(t, start, 0)
		group.Wait()
	})
}

func TestGovernorIgnoresHeadersOfNoUse(t *testing.T) {
	t.Parallel()
	for name, fields := range map[string][]string{
		"none":              nil,
		"no limit":          {headerRemaining, "0", headerReset, "4000000000"},
		"no remaining":      {headerLimit, "50", headerReset, "4000000000"},
		"no reset":          {headerLimit, "50", headerRemaining, "0"},
		"limit garbage":     {headerLimit, "many", headerRemaining, "0", headerReset, "4000000000"},
		"remaining garbage": {headerLimit, "50", headerRemaining, "none", headerReset, "4000000000"},
		"reset garbage":     {headerLimit, "50", headerRemaining, "0", headerReset, "soon"},
		"limit 0":           {headerLimit, "0", headerRemaining, "0", headerReset, "4000000000"},
		"limit negative":    {headerLimit, "-1", headerRemaining, "-1", headerReset, "4000000000"},
		"reset in the past": {headerLimit, "50", headerRemaining, "0", headerReset, "1"},
	} {
		bubble(t, name, func(t *testing.T) {
			c := testClient(play(reply(http.StatusNoContent, "", fields...)))
			start := time.Now()
			wantError(t, revoke(t.Context(), c, "oar1"), "")
			wantError(t, revoke(t.Context(), c, "oar1"), "")
			wantElapsed(t, start, 0)
		})
	}
}

func TestGovernorRefusesWhatWouldWaitTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network := play(reply(http.StatusNoContent, "", rateLimit(time.Hour, 50, 0, 60)...))
		c := testClient(network, func(cfg *Config) { cfg.MaxWait = time.Minute })
		user := User("00u1").Client("0oa1")
		wantError(t, c.RevokeRefreshToken(t.Context(), user, "oar1"), "")
		start := time.Now()
		err := c.RevokeRefreshToken(t.Context(), user, "oar1")
		wantElapsed(t, start, 0)
		wantError(t, err, "okta: DELETE /api/v1/users/00u1/clients/0oa1/tokens/oar1: "+
			"the rate limit of /api/v1/users is used up until 2000-01-01T01:01:01Z, nothing was sent")
		room, ok := errors.AsType[*NoRoomError](err)
		if !ok || room.Bucket != "/api/v1/users" || !room.Until.Equal(time.Now().Add(time.Hour+61*time.Second)) {
			t.Errorf("got %+v, want the bucket and the reset by Okta's clock", room)
		}
		if !IsRateLimited(err) || IsUncertain(err) || !errors.Is(err, errNotSent) || len(network.requests()) != 1 {
			t.Errorf("got rate limited %t, uncertain %t after %d requests, want true, false after 1",
				IsRateLimited(err), IsUncertain(err), len(network.requests()))
		}
		if err := sleep(t.Context(), time.Second); err != nil {
			t.Fatal(err)
		}
		wantError(t, c.RevokeRefreshToken(t.Context(), user, "oar1"), "") // now the wait is one of 60 s
		wantElapsed(t, start, 61*time.Second)
	})
}

func TestGovernorStopsWaitingWithTheContext(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		steps       []roundTripFunc
		parallelism int
		want        string
	}{
		"for the reset": {[]roundTripFunc{late(0, 0, 40)}, 10, "the rate limit of /api/v1/apps is used up"},
		"for a place":   {[]roundTripFunc{anything, slowly(time.Minute, anything)}, 1, "waiting for a place among the requests in flight"},
	} {
		bubble(t, name, func(t *testing.T) {
			network := play(tc.steps...)
			c := testClient(network, func(cfg *Config) { cfg.Parallelism = tc.parallelism })
			wantError(t, revoke(t.Context(), c, "oar1"), "")
			var group sync.WaitGroup
			if tc.parallelism == 1 {
				group.Go(func() { wantError(t, revoke(t.Context(), c, "oar1"), "") })
				synctest.Wait()
			}
			sent, start := len(network.requests()), time.Now()
			err := revoke(interrupted(t, time.Second), c, "oar1")
			wantElapsed(t, start, time.Second)
			if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), tc.want) || IsUncertain(err) {
				t.Errorf("got %v, uncertain %t, want %s, canceled, certain", err, IsUncertain(err), tc.want)
			}
			if got := len(network.requests()); got != sent {
				t.Errorf("got %d requests, want %d: nothing was sent", got, sent)
			}
			group.Wait()
		})
	}
}

// late is a step of a script: an answer with this many requests left of 50, in
// the window that ends with a reset so long after now, and arriving so late.
func late(delay time.Duration, remaining, resetIn int) roundTripFunc {
	return func(req *http.Request) (*http.Response, error) {
		fields := rateLimit(0, 50, remaining, resetIn)
		if err := sleep(req.Context(), delay); err != nil {
			return nil, err
		}
		fields[1] = time.Now().UTC().Format(http.TimeFormat)
		return answer(req, http.StatusNoContent, "", fields...), nil
	}
}

func TestAnswersMayOvertakeEachOther(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		steps []roundTripFunc // all sent at once
		want  time.Duration   // from then until the next one is answered
	}{
		"in order":           {[]roundTripFunc{late(time.Second, 1, 30), late(2*time.Second, 0, 30)}, 31 * time.Second},
		"the first one late": {[]roundTripFunc{late(2*time.Second, 1, 30), late(time.Second, 0, 30)}, 31 * time.Second},
		"of two windows":     {[]roundTripFunc{late(time.Second, 40, 1), late(2*time.Second, 0, 60)}, 61 * time.Second},
		"of the old window, late": {
			[]roundTripFunc{late(4*time.Second, 40, 1), late(3*time.Second, 0, 60)}, 61 * time.Second,
		},
	} {
		bubble(t, name, func(t *testing.T) {
			c := testClient(play(slices.Concat([]roundTripFunc{anything}, tc.steps, []roundTripFunc{anything})...))
			wantError(t, revoke(t.Context(), c, "oar1"), "") // or the first would be sent alone, to learn of a limit
			start := time.Now()
			revokeMany(t, c, len(tc.steps))
			wantError(t, revoke(t.Context(), c, "oar1"), "")
			wantElapsed(t, start, tc.want)
		})
	}
}

// What is in flight is not in any answer yet.
func TestGovernorCountsWhatIsInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := slowly(time.Second, reply(http.StatusNoContent, ""))
		network := play(reply(http.StatusNoContent, "", rateLimit(0, 50, 2, 30)...), slow)
		c := testClient(network)
		wantError(t, revoke(t.Context(), c, "oar1"), "")
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() { wantError(t, revoke(t.Context(), c, "oar1"), "") })
		}
		synctest.Wait()
		if got := len(network.requests()); got != 3 {
			t.Errorf("got %d requests before any answer, want 1 and the 2 that were left", got)
		}
		group.Wait()
	})
}

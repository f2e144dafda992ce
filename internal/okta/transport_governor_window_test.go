package okta

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

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

// Many goroutines use the windows as one does: 40 requests at 10 a minute end in the
// fourth window.
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
	} {
		bubble(t, name, func(t *testing.T) {
			c := testClient(play(slowly(100*time.Millisecond, reply(http.StatusNoContent, "", fields...))))
			start := time.Now()
			wantError(t, revoke(t.Context(), c, "oar1"), "")
			revokeMany(t, c, 10)
			wantElapsed(t, start, 200*time.Millisecond) // one, then the rest side by side
		})
	}
}

// late is a step of a script: a response that arrives after a delay, with this many of 50
// requests left until a reset in this many seconds.
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
			wantError(t, revoke(t.Context(), c, "oar1"), "") // or the first would be sent alone, to see the limit
			start := time.Now()
			revokeMany(t, c, len(tc.steps))
			wantError(t, revoke(t.Context(), c, "oar1"), "")
			wantElapsed(t, start, tc.want)
		})
	}
}

// No response includes the requests that are still in flight.
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

// If others leave room for one request, each waits for the last response. It does not wait
// for the reset, which is too far away.
func TestGovernorGoesOneByOneNearTheLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := slowly(time.Second, reply(http.StatusNoContent, ""))
		c := testClient(play(late(0, 9, 60), late(0, 1, 60), slow), func(cfg *Config) { cfg.MaxWait = 10 * time.Second })
		revokeMany(t, c, 2)
		start := time.Now()
		revokeMany(t, c, 3)
		wantElapsed(t, start, 3*time.Second)
	})
}

// A client with requests left may see the new window before it expects the old one to end,
// because resets are in whole seconds.
func TestGovernorNoticesANewWindow(t *testing.T) {
	t.Parallel()
	for name, others := range map[string]int{"opened by this client": 0, "opened by others": 5} {
		bubble(t, name, func(t *testing.T) {
			opened := time.Now()
			q := &quota{limit: 600, delay: 100 * time.Millisecond}
			q.windows = map[string]*window{"/api/v1/apps": {used: others, reset: opened.Add(time.Minute)}}
			c := testClient(q)
			for time.Since(opened) < 75*time.Second {
				wantError(t, revoke(t.Context(), c, "oar1"), "")
				if err := sleep(t.Context(), 200*time.Millisecond); err != nil {
					t.Fatal(err)
				}
			}
			start := time.Now()
			revokeMany(t, c, 20)
			wantElapsed(t, start, 200*time.Millisecond) // ten side by side, twice
			revokeMany(t, c, 700)
			if q.refused != 0 {
				t.Errorf("got %d refused requests, want none: the new window's budget is kept", q.refused)
			}
		})
	}
}

// The requests of others only show once they were sent.
func TestGovernorReckonsWithOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := &quota{limit: 50}
		q.windows = map[string]*window{"/api/v1/apps": {used: 40, reset: time.Now().Add(30 * time.Second)}}
		c := testClient(q)
		start := time.Now()
		revokeMany(t, c, 10)
		wantElapsed(t, start, 0)
		revokeMany(t, c, 10)
		wantElapsed(t, start, 31*time.Second)
		if q.refused != 0 {
			t.Errorf("got %d refused requests, want none", q.refused)
		}
	})
}

// The first request of a window goes alone. Its response shows what is left.
func TestGovernorProbesEachWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := &quota{limit: 4, delay: 500 * time.Millisecond}
		start := time.Now()
		revokeMany(t, testClient(q), 8)
		var got []time.Duration
		for _, at := range q.charged {
			got = append(got, at.Sub(start))
		}
		second := got[4]
		half := 500 * time.Millisecond
		want := []time.Duration{0, half, half, half, second, second + half, second + half, second + half}
		if diff := cmp.Diff(want, got); diff != "" || second < time.Minute || second > 61*time.Second {
			t.Errorf("requests were sent at (-want +got):\n%s", diff)
		}
	})
}

// A DELETE of many tokens can take a minute, and its response may never come.
func TestGovernorDoesNotWaitLongForAProbe(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		first roundTripFunc
		want  time.Duration // until the others are answered
	}{
		"slow":             {slowly(30*time.Second, anything), time.Second},
		"failed":           {slowly(100*time.Millisecond, fail(errDial)), 100 * time.Millisecond},
		"without a header": {slowly(100*time.Millisecond, anything), 100 * time.Millisecond},
	} {
		bubble(t, name, func(t *testing.T) {
			c := testClient(play(tc.first, anything), once)
			var group sync.WaitGroup
			group.Go(func() { _ = revoke(t.Context(), c, "oar1") }) // how it ends is not the point
			synctest.Wait()
			start := time.Now()
			revokeMany(t, c, 9)
			wantElapsed(t, start, tc.want)
			group.Wait()
		})
	}
}

package okta

import (
	"net/http"
	"slices"
	"strconv"
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

// Where others leave room for one, each waits for the answer to the last and not
// for the reset, which is farther away than it may wait.
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

// A client whose budget is not used up meets the new window while it still takes
// the old one to last: the reset is told in whole seconds.
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

// Nobody knows what others will send, only what they sent.
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

// The first request of a window goes alone; its answer tells what the rest may do.
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

// A DELETE of many tokens can take a minute, and an answer may never come.
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

func TestWindowLength(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for resetIn, want := range map[int]time.Duration{
			60: time.Minute, 59: time.Minute, 61: time.Minute, 10: 10 * time.Second, 9: 10 * time.Second, 11: 10 * time.Second,
			4: 5 * time.Second, 7: 8 * time.Second, 12: 13 * time.Second,
		} {
			h := http.Header{}
			fields := rateLimit(time.Hour, 50, 49, resetIn)
			for i := 0; i < len(fields); i += 2 {
				h.Set(fields[i], fields[i+1])
			}
			if got := windowLength(h); got != want {
				t.Errorf("a reset in %d s: got %s, want %s", resetIn, got, want)
			}
		}
	})
}

// told makes a bucket learn from an answer with this much left of 50 until a
// reset so long after the start of the bubble.
func told(b *bucket, capacity, remaining int, resetAt time.Duration) {
	h := http.Header{}
	fields := rateLimit(0, 50, remaining, 0)
	for i := 0; i < len(fields); i += 2 {
		h.Set(fields[i], fields[i+1])
	}
	h.Set(headerReset, epoch(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), int(resetAt/time.Second)))
	b.update(h, time.Now(), capacity)
}

// left is how many requests a bucket lets through now.
func left(b *bucket) int {
	now, n := time.Now(), 0
	for ; b.room(now) && n < 100; n++ {
		b.count(now)
	}
	return n
}

func TestBucketReckonsWhatIsLeft(t *testing.T) {
	t.Parallel()
	type step struct {
		remaining int
		resetAt   time.Duration
	}
	const first, second = time.Minute, 2 * time.Minute
	for name, tc := range map[string]struct {
		capacity, inFlight int
		steps              []step
		want               int
	}{
		"first of a window":              {100, 0, []step{{49, first}}, 49},
		"others sent some":               {100, 0, []step{{9, first}}, 9},
		"others sent all":                {100, 0, []step{{0, first}}, 0},
		"others sent more since":         {100, 0, []step{{49, first}, {19, first}}, 19},
		"others sent all since":          {100, 0, []step{{49, first}, {0, first}}, 0},
		"an answer that was overtaken":   {100, 0, []step{{49, first}, {19, first}, {29, first}}, 19},
		"an answer of the window before": {100, 0, []step{{49, second}, {19, second}, {9, first}, {29, second}}, 19},
		"a new window":                   {100, 0, []step{{9, first}, {49, second}}, 49},
		"some on their way":              {100, 3, []step{{49, first}}, 46},
		"half":                           {50, 0, []step{{49, first}}, 24},
		"half of what others left":       {50, 0, []step{{19, first}}, 9},
		"half, some on their way":        {50, 3, []step{{49, first}}, 21},
	} {
		bubble(t, name, func(t *testing.T) {
			b := &bucket{inFlight: tc.inFlight}
			for _, s := range tc.steps {
				told(b, tc.capacity, s.remaining, s.resetAt)
			}
			if got := b.usedUp(time.Now()); got != (tc.want == 0) {
				t.Errorf("used up: got %t, want %t", got, tc.want == 0)
			}
			if got := left(b); got != tc.want {
				t.Errorf("got room for %d, want %d", got, tc.want)
			}
		})
	}
}

// Both headers are whole seconds, so that of two answers one tells the end of
// the window better.
func TestBucketKeepsTheEarlierEnd(t *testing.T) {
	t.Parallel()
	for name, waits := range map[string][]time.Duration{
		"then earlier": {100 * time.Millisecond, 900 * time.Millisecond}, "then later": {900 * time.Millisecond, 100 * time.Millisecond},
	} {
		bubble(t, name, func(t *testing.T) {
			b := &bucket{}
			start := time.Now()
			for i, wait := range waits {
				if err := sleep(t.Context(), time.Until(start.Add(time.Duration(i)*time.Second+wait))); err != nil {
					t.Fatal(err)
				}
				told(b, 100, 20, time.Minute)
			}
			if got, want := b.end.Sub(start), 61*time.Second+100*time.Millisecond; got != want {
				t.Errorf("the window ends after %s, want %s", got, want)
			}
		})
	}
}

// Okta leaves the headers out of a few answers. A bucket whose answers have none
// has no limit; one of which a limit is known sends the first of a window alone.
func TestBucketIsSilentOnlyWithoutALimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &bucket{}
		if got := left(b); got != 1 {
			t.Errorf("at first: got room for %d, want 1", got)
		}
		b.probe = time.Time{}
		b.update(http.Header{}, time.Now(), 100)
		if got := left(b); got != 100 {
			t.Errorf("without headers: got room for %d, want any number", got)
		}
		b = &bucket{silent: true}
		told(b, 100, 49, time.Minute)
		b.update(http.Header{}, time.Now(), 100) // one answer says nothing
		if got := left(b); got != 49 {
			t.Errorf("in a window: got room for %d, want 49", got)
		}
		if err := sleep(t.Context(), 2*time.Minute); err != nil {
			t.Fatal(err)
		}
		if got := left(b); got != 1 {
			t.Errorf("after the window: got room for %d, want 1", got)
		}
	})
}

// Whatever headers a bucket has learned from, it has room again at the latest
// when its window is over and nothing is on its way.
func FuzzBucket(f *testing.F) {
	f.Add("50", "49", int64(60), "50", "0", int64(60), 100)
	f.Add("600", "-1", int64(-60), "1", "600", int64(1<<60), 1)
	f.Add("0", "0", int64(0), "many", "", int64(1), 50)
	f.Fuzz(func(t *testing.T, limit, remaining string, reset int64, limit2, remaining2 string, reset2 int64, capacity int) {
		if capacity < 1 || capacity > 100 {
			return
		}
		b, now := &bucket{}, time.Unix(1_800_000_000, 0)
		for _, h := range [][3]string{
			{limit, remaining, strconv.FormatInt(now.Unix()+reset, 10)},
			{limit2, remaining2, strconv.FormatInt(now.Unix()+reset2, 10)},
		} {
			b.count(now)
			b.inFlight--
			b.probe = time.Time{}
			b.update(http.Header{
				"Date": {now.UTC().Format(http.TimeFormat)}, headerLimit: {h[0]}, headerRemaining: {h[1]}, headerReset: {h[2]},
			}, now, capacity)
			if !b.room(now) && b.nextChange(now) <= 0 {
				t.Errorf("got no room and nothing to wait for: %+v", b)
			}
			if after := b.end.Add(time.Nanosecond); !b.room(after) {
				t.Errorf("got no room when the window is over: %+v", b)
			}
		}
	})
}

package okta

import (
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

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

// tell updates a bucket with a response: this many of 50 are left until a reset this long
// after the start of the bubble.
func tell(b *bucket, capacity, remaining int, resetAt time.Duration) {
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
				tell(b, tc.capacity, s.remaining, s.resetAt)
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

// Both headers are in whole seconds, so one of two responses is closer to the end of the
// window.
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
				tell(b, 100, 20, time.Minute)
			}
			if got, want := b.end.Sub(start), 61*time.Second+100*time.Millisecond; got != want {
				t.Errorf("the window ends after %s, want %s", got, want)
			}
		})
	}
}

// Okta omits the headers in a few responses. A bucket whose responses have none has no
// limit. One with a known limit sends the first request of a window alone.
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
		tell(b, 100, 49, time.Minute)
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

// Whatever the headers were, a bucket has room again once its window is over and nothing
// is in flight.
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

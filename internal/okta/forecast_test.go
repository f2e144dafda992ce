package okta

import (
	"testing"
	"testing/synctest"
	"time"
)

// A limit is unknown until a response shows it.
func TestForecastNeedsALimit(t *testing.T) {
	t.Parallel()
	for name, network := range map[string]*script{
		"before any answer":   play(),
		"without the headers": play(anything),
		"of another bucket":   play(reply(204, "", rateLimit(0, 50, 49, 60)...)),
	} {
		bubble(t, name, func(t *testing.T) {
			c := testClient(network)
			if name != "before any answer" {
				wantError(t, revoke(t.Context(), c, "oar1"), "")
			}
			if got := c.Forecast(KindUser, 100); got != (Forecast{}) {
				t.Errorf("got %+v, want nothing", got)
			}
		})
	}
}

// A forecast is right to within a second for each reset.
func TestForecastComesTrue(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		limit, capacity, requests int
		perMinute                 int
		want                      time.Duration
	}{
		"one":             {50, 100, 1, 50, 0},
		"a window":        {50, 100, 50, 50, 0},
		"one more":        {50, 100, 51, 50, time.Minute},
		"several windows": {50, 100, 456, 50, 9 * time.Minute},
		"a share":         {50, 50, 100, 25, 3 * time.Minute},
		"a tiny share":    {10, 1, 3, 1, 2 * time.Minute},
		"nothing":         {50, 100, 0, 50, 0},
	} {
		bubble(t, name, func(t *testing.T) {
			c := testClient(&quota{limit: tc.limit}, func(cfg *Config) { cfg.Capacity = tc.capacity })
			wantError(t, revoke(t.Context(), c, "oar1"), "") // shows the limit
			got := c.Forecast(KindApp, tc.requests)
			if want := (Forecast{PerMinute: tc.perMinute, Time: tc.want}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if err := sleep(t.Context(), 2*time.Minute); err != nil { // a new window
				t.Fatal(err)
			}
			start := time.Now()
			revokeMany(t, c, tc.requests)
			if late := time.Since(start) - got.Time; late < 0 || late > 15*time.Second {
				t.Errorf("took %s, was forecast to take %s", time.Since(start), got.Time)
			}
		})
	}
}

// A limit that changes is forecast as it was last seen.
func TestForecastFollowsTheLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := testClient(play(reply(204, "", rateLimit(0, 50, 49, 60)...), reply(204, "", rateLimit(0, 600, 500, 90)...)))
		for _, want := range []int{50, 600} {
			wantError(t, revoke(t.Context(), c, "oar1"), "")
			if got := c.Forecast(KindApp, 1).PerMinute; got != want {
				t.Errorf("got %d a minute, want %d", got, want)
			}
		}
	})
}

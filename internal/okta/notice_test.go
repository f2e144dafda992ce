package okta

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// noticeTo is the change to a client that keeps its notices.
func noticeTo(lines *[]line) func(*Config) {
	return func(cfg *Config) {
		cfg.Notice = func(_ context.Context, message string, fields map[string]any) {
			*lines = append(*lines, line{message, fields})
		}
	}
}

func TestGovernorTellsOfEachWait(t *testing.T) {
	t.Parallel()
	waiting := func(until string) line {
		return line{"Waiting for Okta's rate limit", map[string]any{"bucket": "/api/v1/apps", "until": until}}
	}
	for name, tc := range map[string]struct {
		limit, parallelism, requests int // the first of which goes ahead
		want                         []line
	}{
		"room for all":       {40, 10, 40, nil},
		"no place, but room": {40, 2, 20, nil},
		"one by one":         {4, 1, 12, []line{waiting("2000-01-01T00:01:00Z"), waiting("2000-01-01T00:02:00Z")}},
		"many at once":       {4, 10, 12, []line{waiting("2000-01-01T00:01:00Z"), waiting("2000-01-01T00:02:00Z")}},
	} {
		bubble(t, name, func(t *testing.T) {
			var got []line
			c := testClient(&quota{limit: tc.limit, delay: 500 * time.Millisecond}, noticeTo(&got), func(cfg *Config) { cfg.Parallelism = tc.parallelism })
			wantError(t, revoke(t.Context(), c, "oar1"), "")
			revokeMany(t, c, tc.requests-1)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
		})
	}
}

// A wait for the first response of a window is no wait for its end.
func TestGovernorTellsOfNoOtherWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got []line
		c := testClient(&quota{limit: 40, delay: 500 * time.Millisecond}, noticeTo(&got))
		wantError(t, revoke(t.Context(), c, "oar1"), "")
		if err := sleep(t.Context(), 2*time.Minute); err != nil {
			t.Fatal(err)
		}
		revokeMany(t, c, 5)
		if len(got) != 0 {
			t.Errorf("got the notices %v, want none", got)
		}
	})
}

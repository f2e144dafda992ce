package okta

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

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

func TestGovernorKeepsTheOrderOfArrival(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var got []string
		q := &quota{limit: 4, delay: 10 * time.Millisecond}
		c := testClient(roundTripFunc(func(req *http.Request) (*http.Response, error) {
			mu.Lock()
			got = append(got, path.Base(req.URL.Path))
			mu.Unlock()
			return q.RoundTrip(req)
		}), func(cfg *Config) { cfg.Parallelism = 1 })
		var want []string
		var group sync.WaitGroup
		for i := range 10 {
			id := fmt.Sprintf("oar%d", i)
			want = append(want, id)
			group.Go(func() { wantError(t, revoke(t.Context(), c, id), "") })
			synctest.Wait()
		}
		group.Wait()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
	})
}

// Okta does not tell how many requests it takes at a time. Half as many as were
// too many is a guess, and one more with each round that passes is the way back.
func TestGovernorFollowsTheConcurrencyLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		inFlight, refused, took := 0, 0, 4
		var most int // in flight since it was last reset
		c := testClient(roundTripFunc(func(req *http.Request) (*http.Response, error) {
			mu.Lock()
			inFlight++
			most = max(most, inFlight)
			status, fields := http.StatusNoContent, rateLimit(0, 1000, 999, 60)
			if inFlight > took {
				status, fields = http.StatusTooManyRequests, rateLimit(0, 0, 0, 60)
				refused++
			}
			mu.Unlock()
			err := sleep(req.Context(), 2*time.Second)
			mu.Lock()
			inFlight--
			mu.Unlock()
			return answer(req, status, "", fields...), err
		}), func(cfg *Config) { cfg.MaxRetries = 50 })
		revokeMany(t, c, 200)
		if refused > 60 {
			t.Errorf("got %d refused requests of 200, want fewer than 60", refused)
		}
		took, refused, most = 10, 0, 0
		revokeMany(t, c, 100)
		if most != 10 || refused != 0 {
			t.Errorf("after the limit rose: got %d in flight and %d refused, want all 10 and none", most, refused)
		}
	})
}

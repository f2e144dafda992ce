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

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
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
		wantElapsed(t, start, 11*time.Second) // the first one alone, to see the limit
		if most != 3 {
			t.Errorf("got %d requests in flight, want 3", most)
		}
	})
}

func TestGovernorKeepsBucketsApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// Only one request may be in flight: one that waits for a bucket must not count.
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

func TestGovernorHandsAPlaceToAnyBucket(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := testClient(play(slowly(time.Second, anything)), func(cfg *Config) { cfg.Parallelism = 1 })
		start := time.Now()
		var group sync.WaitGroup
		for _, parent := range []Parent{App("0oa1"), User("00u1").Client("0oa1"), AuthorizationServer("aus1").Client("0oa1")} {
			group.Go(func() { wantError(t, c.RevokeRefreshToken(t.Context(), parent, "oar1"), "") })
		}
		group.Wait()
		wantElapsed(t, start, 3*time.Second)
	})
}

// A request can be admitted and interrupted at the same moment. It must then give its
// admission back.
func TestGovernorTakesBackAnAdmissionOfNoUse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg := testConfig()
		cfg.Parallelism = 1
		g := newGovernor(play(anything), cfg, &serverClock{machine: time.Now})
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		for name, b := range map[string]*bucket{"unknown": {}, "known": {share: 5, left: 5, end: time.Now().Add(time.Minute)}} {
			w := &waiter{done: make(chan struct{})}
			b.waiting = []*waiter{w}
			g.buckets[name] = b
			g.wake(name, b)
			if len(b.waiting) != 0 {
				t.Fatalf("%s: the waiter was not admitted", name)
			}
			if err := g.leave(cancelled, name, w); !errors.Is(err, context.Canceled) || deliveryOf(nil, err) != notSent {
				t.Errorf("%s: got %v, want context.Canceled and nothing sent", name, err)
			}
			if g.inFlight != 0 || b.inFlight != 0 || b.spent != 0 || !b.probe.IsZero() {
				t.Errorf("%s: got %d and %d in flight, %d spent, probe %s, want none", name, g.inFlight, b.inFlight, b.spent, b.probe)
			}
		}
	})
}

func TestGovernorRefusesWhatWouldWaitTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network := play(reply(http.StatusNoContent, "", append(rateLimit(time.Hour, 50, 0, 60), requestID, "req1")...))
		c := testClient(network, func(cfg *Config) { cfg.MaxWait = time.Minute })
		user := User("00u1").Client("0oa1")
		wantError(t, c.RevokeRefreshToken(t.Context(), user, "oar1"), "")
		start := time.Now()
		err := c.RevokeRefreshToken(t.Context(), user, "oar1")
		wantElapsed(t, start, 0)
		wantError(t, err, "okta: DELETE /api/v1/users/00u1/clients/0oa1/tokens/oar1: "+
			"the rate limit of /api/v1/users is used up until 2000-01-01T01:01:01Z, so nothing was sent")
		room, ok := errors.AsType[*NoRoomError](err)
		if !ok || room.Bucket != "/api/v1/users" || !room.Until.Equal(time.Now().Add(time.Hour+61*time.Second)) {
			t.Errorf("got %+v, want the bucket and the reset by Okta's clock", room)
		}
		if !IsRateLimited(err) || IsUncertain(err) || deliveryOf(nil, err) != notSent || len(network.requests()) != 1 {
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
		wantNext    time.Duration // until the next request is answered
	}{
		"for the reset": {
			[]roundTripFunc{late(0, 0, 40), late(0, 49, 60)},
			10,
			"the rate limit of /api/v1/apps is used up", 41 * time.Second,
		},
		"for a place": {
			[]roundTripFunc{anything, slowly(30*time.Second, anything), anything},
			1,
			"waiting for a place among the requests in flight", 30 * time.Second,
		},
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
			wantError(t, revoke(t.Context(), c, "oar1"), "") // who gave up holds no place in the queue
			wantElapsed(t, start, tc.wantNext)
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

// Okta does not say how many requests it accepts at a time. The limit is halved after a
// refusal and grows by one with each round that passes.
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
		if refused > 100 { // about 50; without a limit of its own, the client gets thousands
			t.Errorf("got %d refused requests for 200, want at most 100", refused)
		}
		took, refused, most = 10, 0, 0
		revokeMany(t, c, 100)
		if most != 10 || refused != 0 {
			t.Errorf("after the limit rose: got %d in flight and %d refused, want all 10 and none", most, refused)
		}
	})
}

// limitedOrg is an org with a rate limit, a little latency, and tokens.
func limitedOrg(t *testing.T, tokens, limit int, window time.Duration) *oktafake.Org {
	t.Helper()
	org := serviceOrg(t, tokens)
	org.Latency, org.RateLimit, org.RateWindow = 20*time.Millisecond, limit, window
	return org
}

// wantUnrefused fails the test unless every token of an org was revoked with one request
// each.
func wantUnrefused(t *testing.T, org *oktafake.Org, tokens int) {
	t.Helper()
	if diff := cmp.Diff(map[int]int{http.StatusNoContent: tokens}, statuses(org)); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	if left := org.TokenIDs(); len(left) > 0 {
		t.Errorf("got %d tokens left, want none", len(left))
	}
}

// The governor reaches 95 percent of what a limit allows. It waits for four windows, and
// the rest is quick.
func TestGovernorLosesLittleTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		org := limitedOrg(t, 201, 50, 5*time.Second)
		c := testClient(org, func(cfg *Config) { cfg.Credential = APIToken(org.APIToken) })
		const ideal = 4 * 5 * time.Second
		start := time.Now()
		revokeAtOnce(t, c, 0, 201)
		if took := time.Since(start); took < ideal || took > ideal*105/100 {
			t.Errorf("201 requests took %s, want at most a twentieth more than %s", took, ideal)
		}
		wantUnrefused(t, org, 201)
	})
}

func TestGovernorsOfTwoClientsShareALimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		org := limitedOrg(t, 300, 100, time.Minute)
		var group sync.WaitGroup
		for half := range 2 {
			c := testClient(org, func(cfg *Config) { cfg.Credential, cfg.Capacity = APIToken(org.APIToken), 50 })
			group.Go(func() { revokeAtOnce(t, c, 150*half, 150*half+150) })
		}
		group.Wait()
		wantUnrefused(t, org, 300)
	})
}

func TestGovernorRevokesManyWithoutA429(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		org := limitedOrg(t, 300, 100, time.Minute)
		var notices []line
		start := time.Now()
		c := testClient(org, noticeTo(&notices), asService)
		revokeAtOnce(t, c, 0, 300)
		wantUnrefused(t, org, 300)
		wantSignIns(t, org, 3, 1)
		if len(notices) != 2 {
			t.Fatalf("got the notices %v, want one for each window that is waited for", notices)
		}
		for i, notice := range notices {
			// Each window opens when the last one ends. Headers are in whole seconds.
			end := start.Add(time.Duration(i+1) * time.Minute)
			until, err := time.Parse(time.RFC3339, fmt.Sprint(notice.Fields["until"]))
			if off := until.Sub(end); err != nil || off.Abs() > 2*time.Second {
				t.Errorf("got %v, %v, want a wait until about %s", notice, err, end)
			}
		}
	})
}

// The governor finds the concurrency limit of an org without losing a request.
func TestGovernorSucceedsUnderAConcurrencyLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		org := serviceOrg(t, 200)
		org.Latency, org.MaxConcurrent = 2*time.Second, 4
		c := serviceClient(org, func(cfg *Config) { cfg.Parallelism, cfg.MaxRetries = 20, 20 })
		revokeAtOnce(t, c, 0, 200)
		got := statuses(org)
		if got[http.StatusNoContent] != 200 || len(org.TokenIDs()) != 0 {
			t.Errorf("got the answers %v and %d tokens left, want 200 revoked and none left", got, len(org.TokenIDs()))
		}
		if refused := got[http.StatusTooManyRequests]; refused == 0 || refused > 60 {
			t.Errorf("got %d refused requests for 200, want some, and fewer than 60", refused)
		}
		wantNoReplays(t, org)
	})
}

func TestConcurrencyLimitHalvesAndGrows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tooMany := &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{headerLimit: {"0"}}}
		usual := &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{headerLimit: {"50"}}}
		limit := concurrencyLimit{now: 10, most: 10}
		for i, step := range []struct {
			resp    *http.Response
			answers int
			after   time.Duration
			want    int
		}{
			{usual, 20, 0, 10},
			{tooMany, 1, 0, 5},
			{tooMany, 4, 0, 5},
			{tooMany, 1, time.Second, 2},
			{tooMany, 1, time.Second, 1},
			{tooMany, 1, time.Second, 1},
			{usual, 1, 0, 2},
			{usual, 1, 0, 2},
			{usual, 1, 0, 3},
			{usual, 3 + 4 + 5, 0, 6},
			{usual, 100, 0, 10},
		} {
			if err := sleep(t.Context(), step.after); err != nil {
				t.Fatal(err)
			}
			for range step.answers {
				limit.update(step.resp, time.Now())
			}
			if limit.now != step.want {
				t.Errorf("step %d: got a limit of %d, want %d", i, limit.now, step.want)
			}
		}
	})
}

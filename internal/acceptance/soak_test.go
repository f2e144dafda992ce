package acceptance

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/tfcore"
)

// soakUntil is when a soak ends. Without SOAK, a duration, there is none.
func soakUntil(t *testing.T) time.Time {
	t.Helper()
	text := os.Getenv("SOAK")
	if text == "" {
		t.Skip("SOAK names no duration, such as 5m")
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("SOAK: %v", err)
	}
	return time.Now().Add(d)
}

// Sweeps seeds that no test has swept before, as many as there is time for, and at least as many
// as make 20,000 placements.
//
//nolint:tparallel // One batch after the other, until the time is up.
func TestSoakSweep(t *testing.T) {
	t.Parallel()
	until := soakUntil(t)
	collectLess(t)
	const enough, batch = 20_000, 16
	schemas := schemas(t)
	first := sweepNumber(t, "SWEEP_SEED", uint64(time.Now().Unix()))
	var runs atomic.Int64
	seed := first
	for ; (time.Now().Before(until) || runs.Load() < enough) && !t.Failed(); seed += batch {
		t.Run(fmt.Sprintf("from %d", seed), func(t *testing.T) {
			for i := range uint64(batch) {
				t.Run(fmt.Sprint(seed+i), func(t *testing.T) {
					t.Parallel()
					runs.Add(sweepSeed(t, seed+i, schemas))
				})
			}
		})
	}
	t.Logf("seeds %d to %d: %d placements of troubles", first, seed-1, runs.Load())
}

// Several people revoke at one org at the same time, over a real network: each with
// a provider of their own that knows nothing of the others, all within one rate
// limit. Okta is out of service now and then.
//
//nolint:tparallel // One round after the other, until the time is up.
func TestSoakSessions(t *testing.T) {
	t.Parallel()
	until := soakUntil(t)
	rounds, requests, refused := 0, 0, 0
	for ; time.Now().Before(until) && !t.Failed(); rounds++ {
		t.Run(fmt.Sprint(rounds), func(t *testing.T) {
			org := newSoakOrg(t)
			soakRound(t, org)
			for _, r := range org.Requests() {
				requests++
				if r.Status == http.StatusTooManyRequests {
					refused++
				}
			}
		})
	}
	t.Logf("%d rounds of %d sessions: %d requests, %d of which the rate limit refused", rounds, len(soakSessions), requests, refused)
}

// soakSessions are what each of them revokes. The last two share their tokens.
var soakSessions = []attributes{
	{"auth_server_id": "aus1", "client_id": "0oa1", "all": true},
	{"auth_server_id": "aus1", "client_id": "0oa2", "filter": attributes{"any_scopes": list("orders")}},
	{"user_id": "00u3", "client_id": "0oa3", "all": true, "end_sessions": true},
	{"app_id": "0oa4", "token_ids": list("oar401", "oar402", "oar403", "oarGone")},
	{"auth_server_id": "aus1", "client_id": "0oa5", "filter": attributes{"never_expires": true}},
	{"app_id": "0oa5", "filter": attributes{"user_ids": list("00u5")}},
}

// newSoakOrg is an org of six tokens for each client, half of which are of orders.
func newSoakOrg(t *testing.T) *oktafake.Server {
	t.Helper()
	org := oktafake.New(t)
	org.RateLimit, org.RateWindow = 20, time.Second
	org.MaxConcurrent, org.Latency = 8, 2*time.Millisecond
	for client := 1; client <= 6; client++ {
		for i := 1; i <= 6; i++ {
			scopes := [][]string{{"openid"}, {"openid", "orders"}}[i%2]
			org.AddTokens(oktafake.Token{
				AuthServerID: "aus1", ClientID: fmt.Sprintf("0oa%d", client), UserID: fmt.Sprintf("00u%d", client), Scopes: scopes,
			}, fmt.Sprintf("oar%d%02d", client, i))
		}
	}
	var arrived atomic.Int64
	org.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
		return arrived.Add(1)%29 == 0 && oktafake.Fail(http.StatusServiceUnavailable, "E0000010", "Service is in read only mode")(w, r)
	}
	return org
}

// soakRound has every session revoke, and looks at what came of it.
func soakRound(t *testing.T, org *oktafake.Server) {
	t.Helper()
	states := make([]tftypes.Value, len(soakSessions))
	t.Run("sessions", func(t *testing.T) {
		for i, config := range soakSessions {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				states[i] = newCore(t, org, nil).Create(config)
			})
		}
	})
	if t.Failed() {
		return
	}
	want := [][]string{soakIDs(1, 1, 6), {"oar201", "oar203", "oar205"}, soakIDs(3, 1, 6), soakIDs(4, 1, 3)}
	for i, ids := range want {
		diff(t, fmt.Sprintf("revoked_token_ids of session %d", i), tfcore.ObjectOf(t, states[i])["revoked_token_ids"], list(ids...))
	}
	shared := slices.Concat(sortedTexts(listIn(t, states[4])), sortedTexts(listIn(t, states[5])))
	slices.Sort(shared)
	diff(t, "what the last two revoked between them", slices.Compact(shared), soakIDs(5, 1, 6))
	org.WantRevoked(t, slices.Concat(slices.Concat(want...), soakIDs(5, 1, 6))...)
	for _, r := range org.RequestsOf(http.MethodDelete) {
		if strings.Contains(r.Path, "/0oa6/") {
			t.Errorf("got the request %s at a client that nobody chose", r)
		}
	}
}

// soakIDs are tokens of a client.
func soakIDs(client, from, to int) []string {
	var ids []string
	for i := from; i <= to; i++ {
		ids = append(ids, fmt.Sprintf("oar%d%02d", client, i))
	}
	return ids
}

// listIn is the list of what a state says was revoked.
func listIn(t *testing.T, state tftypes.Value) []any {
	t.Helper()
	elements, ok := tfcore.ObjectOf(t, state)["revoked_token_ids"].([]any)
	if !ok {
		t.Fatalf("the state has no revoked_token_ids: %s", state)
	}
	return elements
}

package revoke_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// slowly answers after a time, when the request has had its effect.
func slowly(wait time.Duration) oktafake.Responder {
	return func(_ http.ResponseWriter, r *http.Request) bool {
		select {
		case <-time.After(wait):
		case <-r.Context().Done():
		}
		return false
	}
}

// The answers to DELETEs that are under way are waited for, though they are slow.
func TestRevokeInterruptedWaitsForSlowAnswers(t *testing.T) {
	t.Parallel()
	for name, req := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addThree(org)
				org.AfterEffect = oktafake.When(oktafake.On(http.MethodDelete, ""), slowly(8*time.Second))
				got, err := newEngine(org).Revoke(interrupted(t, 500*time.Millisecond), req)
				wantIncomplete(t, got, err, outcome{Revoked: number("oar", 3)})
				wantTokens(t, org)
			})
		})
	}
}

// What DELETEs did that are not answered in time, a look says.
func TestRevokeInterruptedLooksAtWhatIsNotAnswered(t *testing.T) {
	t.Parallel()
	for name, req := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				all := number("oar", 50)
				addOrders(org, all...)
				if req.Selection.Named() {
					req = named(all...)
				}
				org.AfterEffect = oktafake.When(oktafake.On(http.MethodDelete, ""), hang)
				start := time.Now()
				got, err := newEngine(org).Revoke(interrupted(t, 2*time.Second), req)
				if took := time.Since(start); took >= 20*time.Second {
					t.Errorf("it took %s, want less than 20s", took)
				}
				gone := slices.Sorted(slices.Values(org.RevokedIDs()))
				if len(gone) == 0 {
					t.Fatal("nothing was revoked")
				}
				wantIncomplete(t, got, err, outcome{Revoked: gone, Left: without(all, gone...)})
			})
		})
	}
}

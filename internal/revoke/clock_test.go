package revoke_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// absurd makes the nth answer carry a Date of the year 2100.
type absurd struct {
	http.RoundTripper
	nth, answers int
}

func (n *absurd) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := n.RoundTripper.RoundTrip(r)
	if n.answers++; err == nil && n.answers == n.nth {
		resp.Header.Set("Date", "Fri, 01 Jan 2100 00:00:00 GMT")
	}
	return resp, err
}

func TestRevokeMeasuresNoAgeByAnAbsurdClock(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ nth, pageSize int }{{1, 1}, {2, 1}, {3, 1}, {4, 1}, {1, 200}} {
		t.Run(fmt.Sprintf("answer %d, %d a page", tc.nth, tc.pageSize), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				org.PageSize = tc.pageSize
				add(org, held, number("oar", 3)...)
				old := held
				old.ID, old.Created = "oarOld", time.Now().Add(-1000*time.Hour)
				org.AddToken(old)
				age := 720 * time.Hour
				engine := newEngine(org, oneAtATime, func(cfg *okta.Config) { cfg.Network = &absurd{RoundTripper: org.Org, nth: tc.nth} })
				shown, err := engine.Preview(t.Context(), revoke.Request{
					Target: walk.At(parent), Selection: revoke.Matching(okta.Filter{OlderThan: &age}),
				})
				if err != nil || len(shown.Tokens) != 1 || shown.Tokens[0].ID != "oarOld" {
					t.Errorf("got the preview %+v and the error %v, want oarOld alone", shown, err)
				}
				engine = newEngine(org, oneAtATime, func(cfg *okta.Config) { cfg.Network = &absurd{RoundTripper: org.Org, nth: tc.nth} })
				got, err := engine.Revoke(t.Context(), revoke.Request{
					Target: walk.At(parent), Selection: revoke.Matching(okta.Filter{OlderThan: &age}),
				})
				wantSuccess(t, got, err, outcome{Revoked: []string{"oarOld"}})
				wantTokens(t, org, number("oar", 3)...)
				if got.At.Year() == 2100 || got.RefusedClock.Year() != 2100 {
					t.Errorf("got an outcome of %s, and the refused time %s", got.At, got.RefusedClock)
				}
			})
		})
	}
}

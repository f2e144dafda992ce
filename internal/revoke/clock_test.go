package revoke_test

import (
	"errors"
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

// One answer near this machine's clock is enough to measure ages.
func TestRevokeMeasuresNoAgeByAnAbsurdClock(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ nth, pageSize int }{{1, 1}, {2, 1}, {3, 1}, {4, 1}} {
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

// However many answers agree, a clock that is far from this machine's decides nothing.
func TestRevokeRefusesAgesWhenTheClocksDiffer(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{25 * time.Hour, -25 * time.Hour, 40 * 24 * time.Hour, 70 * 365 * 24 * time.Hour} {
		for name, filter := range map[string]okta.Filter{
			"older_than": {OlderThan: new(720 * time.Hour)}, "idle_for": {IdleFor: new(720 * time.Hour)},
		} {
			t.Run(fmt.Sprint(name, ahead), func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					add(org, held, number("oar", 3)...)
					org.Now = func() time.Time { return time.Now().Add(ahead) }
					req := revoke.Request{Target: walk.At(parent), Selection: revoke.Matching(filter)}
					_, previewErr := newEngine(org).Preview(t.Context(), req)
					got, err := newEngine(org).Revoke(t.Context(), req)
					for _, err := range []error{previewErr, err} {
						if e, ok := errors.AsType[*okta.ClockError](err); !ok || !e.Okta.Equal(org.Now()) || !e.Machine.Equal(time.Now()) {
							t.Errorf("got the error %v, want one with both times", err)
						}
					}
					if got.Acted() {
						t.Errorf("got %+v, want nothing done", got)
					}
					wantSent(t, org, http.MethodDelete)
				})
			})
		}
	}
}

// What needs no age goes on, by this machine's clock. But nothing says whether a token
// that shows up late is older than the run.
func TestRevokeLeavesLateTokensWhenTheClocksDiffer(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{40 * 24 * time.Hour, -40 * 24 * time.Hour} {
		t.Run(ahead.String(), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				add(org, held, number("oar", 2)...)
				org.Now = func() time.Time { return time.Now().Add(ahead) }
				org.AfterEffect = oktafake.Once(oktafake.On(http.MethodDelete, allTokens), meanwhile(func() { add(org, held, "oarLate") }))
				got, err := newEngine(org).Revoke(t.Context(), everything())
				wantIncomplete(t, got, err, outcome{Revoked: number("oar", 2), Left: []string{"oarLate"}})
				if _, ok := errors.AsType[*okta.ClockError](err); !ok {
					t.Errorf("got the error %v, want one of the clock", err)
				}
				if time.Until(got.At).Abs() > time.Minute || got.RefusedClock.IsZero() {
					t.Errorf("got the time %s and the refused time %s", got.At, got.RefusedClock)
				}
				wantTokens(t, org, "oarLate")
			})
		})
	}
}

package revoke_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// Okta confirms a DELETE of all tokens that were not listed, and all of them live.
func TestRevokeClaimsNothingWhereAllAreAlive(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		addThree(org)
		org.Intercept = oktafake.When(oktafake.On(http.MethodDelete, ""), noContent)
		got, err := newEngine(org).Revoke(within(t, time.Hour), with(revoke.NoEvidence, everything()))
		wantIncomplete(t, got, err, outcome{Left: number("oar", 3), Uncounted: true})
		if got.Uncounted || got.Acted() {
			t.Errorf("got %+v, want nothing revoked", got)
		}
	})
}

// What Okta confirmed is recorded, though its lists lag behind until the run ends.
func TestRevokeRecordsWhatIsStillListed(t *testing.T) {
	t.Parallel()
	for name, req := range ways {
		for when, end := range map[string]time.Duration{"for good": time.Hour, "out of time": 5 * time.Second, "at once": 500 * time.Millisecond} {
			t.Run(name+"/"+when, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					addThree(org)
					org.Intercept = stale(org, 10000)
					got, err := newEngine(org).Revoke(interrupted(t, end), req)
					incomplete := wantIncomplete(t, got, err, outcome{Revoked: number("oar", 3)})
					diff(t, "still listed", got.StillListed, number("oar", 3))
					if incomplete.Unverified || incomplete.Interrupted != (when != "for good") || !strings.Contains(err.Error(), "still lists them") {
						t.Errorf("got %+v, want that they are still listed", incomplete)
					}
					wantTokens(t, org)
				})
			})
		}
	}
}

// A gateway turns each 204 into a 200 with a body.
func TestRevokeLooksAfterASuccessThatIsNotOktas(t *testing.T) {
	t.Parallel()
	for name, req := range ways {
		for degree, evidence := range evidences {
			t.Run(name+"/"+degree, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					all := number("oar", 3)
					if name == "filter" {
						all = number("oar", 40)
					}
					addOrders(org, all...)
					org.AfterEffect = oktafake.When(oktafake.On(http.MethodDelete, ""), answer("{}"))
					got, err := newEngine(org).Revoke(t.Context(), with(evidence, req))
					if evidence == revoke.NoEvidence && isAll(name) {
						wantSuccess(t, got, err, outcome{Uncounted: true})
						if !got.Uncounted {
							t.Error("got an outcome that claims nothing")
						}
						return
					}
					wantSuccess(t, got, err, outcome{Revoked: all})
				})
			})
		}
	}
}

// Okta says that the tokens are gone, and goes on listing them. A few rounds are
// enough, and the error leads with that.
func TestRevokeGivesUpOnATokenThatIsListedForGood(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		expires time.Duration
		want    string
	}{
		"alive":   {time.Hour, "and still lists them"},
		"expired": {-time.Minute, "and still lists them; they have expired"},
	} {
		for way, req := range ways {
			t.Run(name+"/"+way, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					like := held
					like.Scopes, like.ExpiresAt = []string{"orders"}, new(org.Now().Add(tc.expires))
					add(org, like, number("oar", 3)...)
					all := replica(org)
					org.Intercept = oktafake.First(
						oktafake.When(oktafake.On(http.MethodGet, allTokens), all),
						oktafake.When(oktafake.On("", oneToken), saidToBeGone),
						oktafake.When(oktafake.On(http.MethodDelete, allTokens), noContent),
					)
					start := time.Now()
					got, err := newEngine(org).Revoke(within(t, time.Hour), req)
					if err == nil || !strings.HasSuffix(err.Error(), tc.want) {
						t.Errorf("got the error %v, want one that ends in %q", err, tc.want)
					}
					if !isAll(way) && got.Acted() {
						t.Errorf("got %+v, want nothing revoked", got)
					}
					if took := time.Since(start); took > 3*time.Minute {
						t.Errorf("gave up after %s, want at most 3m", took)
					}
					if sent := len(org.RequestsOf(http.MethodDelete)); sent > 24 {
						t.Errorf("got %d DELETEs, want at most 24", sent)
					}
				})
			})
		}
	}
}

// The same ID at two clients is one token.
func TestRevokeCountsATokenOfTwoParentsOnce(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		add(org, held, "oar1")
		add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "0oa2"}, "oar2")
		const both = `[{"id":"oar1","status":"ACTIVE","created":"2020-01-01T00:00:00.000Z"}]`
		org.Intercept = oktafake.Times(2, oktafake.On(http.MethodGet, "/api/v1/authorizationServers/aus1/clients/*/tokens"), answer(both))
		got, err := newEngine(org, oneAtATime).Revoke(t.Context(), revoke.Request{Target: walk.AtEveryClient(server), Selection: revoke.Tokens("oar1")})
		wantSuccess(t, got, err, outcome{Revoked: []string{"oar1"}})
	})
}

package revoke_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// The targets below which the token of held is listed, and where each lists it.
var listsOfHeld = map[string]struct {
	target revoke.Target
	tokens string // path, as a pattern
}{
	"server": {revoke.At(parent), allTokens},
	"user":   {revoke.At(okta.User("00u1").Client("0oa1")), "/api/v1/users/00u1/clients/0oa1/tokens"},
	"app":    {revoke.At(okta.App("0oa1")), "/api/v1/apps/0oa1/tokens"},
}

// selectionsOfTwo select the tokens oar0001 and oar0002, in every way.
var selectionsOfTwo = map[string]revoke.Selection{
	"IDs":        revoke.Tokens("oar0001", "oar0002"),
	"filter":     matching("orders").Selection,
	"everything": revoke.Everything(),
}

// replica serves what an org held, without some tokens.
func replica(org *oktafake.Server, hidden ...string) oktafake.Responder {
	var tokens []oktafake.Token
	for _, token := range org.Tokens() {
		if len(without([]string{token.ID}, hidden...)) > 0 {
			tokens = append(tokens, token)
		}
	}
	copied := oktafake.NewOrg(oktafake.Tokens(tokens...))
	return func(w http.ResponseWriter, r *http.Request) bool {
		copied.ServeHTTP(w, r)
		return true
	}
}

// addOrders gives an org tokens of the parent with the scope orders.
func addOrders(org *oktafake.Server, ids ...string) {
	like := held
	like.Scopes = []string{"orders"}
	add(org, like, ids...)
}

// 404s of the token itself are no match for a list that shows it.
func TestRevokeBelievesAListAgainst404s(t *testing.T) {
	t.Parallel()
	for name, at := range listsOfHeld {
		for _, tc := range []struct {
			name string
			req  revoke.Request
			left int
		}{
			{"one ID", named("oar0001"), 1},
			{"two IDs", named(number("oar", 2)...), 2},
			{"filter with one match", matching("orders"), 1},
			{"filter with two matches", matching("orders"), 2},
		} {
			for degree, evidence := range evidences {
				t.Run(fmt.Sprintf("%s/%s/%s", name, tc.name, degree), func(t *testing.T) {
					t.Parallel()
					inBubble(t, func(t *testing.T, org *oktafake.Server) {
						addOrders(org, number("oar", tc.left)...)
						org.Intercept = oktafake.When(oktafake.On("", at.tokens+"/*"), saidToBeGone)
						req := with(evidence, tc.req)
						req.Target = at.target
						got, err := newEngine(org).Revoke(within(t, time.Hour), req)
						incomplete := wantIncomplete(t, got, err, outcome{Left: number("oar", tc.left)})
						if incomplete.Unverified || incomplete.Interrupted || okta.IsNotFound(err) {
							t.Errorf("got %+v, want that Okta contradicts itself", incomplete)
						}
					})
				})
			}
		}
	}
}

// One 404 answers for a token that the second page shows.
func TestRevokeReadsAListToItsEndBeforeItBelievesA404(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		req    revoke.Request
		method string
	}{
		"GET":    {named("oar0002"), http.MethodGet},
		"DELETE": {with(revoke.NoEvidence, named("oar0002")), http.MethodDelete},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addOrders(org, number("oar", 3)...)
				org.PageSize = 1
				org.Intercept = oktafake.Once(oktafake.On(tc.method, oneToken), saidToBeGone)
				got, err := newEngine(org).Revoke(t.Context(), tc.req)
				wantSuccess(t, got, err, outcome{Revoked: []string{"oar0002"}})
				wantTokens(t, org, "oar0001", "oar0003")
			})
		})
	}
}

// A token that names another owner than its list's is never revoked.
func TestRevokeRefusesAForeignToken(t *testing.T) {
	t.Parallel()
	const honest = `"status":"ACTIVE","clientId":"0oa1","userId":"00u1","scopes":["orders"],` +
		`"_links":{"app":{"href":"https://x/api/v1/apps/0oa1"},"authorizationServer":{"href":"https://x/api/v1/authorizationServers/aus1"}}`
	for name, lie := range map[string][2]string{
		"server": {"authorizationServers/aus1", "authorizationServers/aus2"},
		"user":   {"00u1", "00u2"},
		"app":    {"apps/0oa1", "apps/0oa2"},
	} {
		lies := map[string]string{name: strings.Replace(honest, lie[0], lie[1], 1)}
		if name != "app" {
			lies["client"] = strings.Replace(honest, `"clientId":"0oa1"`, `"clientId":"0oa2"`, 1)
		}
		at := listsOfHeld[name]
		for kind, foreign := range lies {
			for selected, selection := range selectionsOfTwo {
				t.Run(fmt.Sprintf("%s/%s/%s", name, kind, selected), func(t *testing.T) {
					t.Parallel()
					inBubble(t, func(t *testing.T, org *oktafake.Server) {
						org.Intercept = oktafake.When(oktafake.On(http.MethodGet, at.tokens),
							answer(`[{"id":"oar0001",`+honest+`},{"id":"oar0002",`+foreign+`}]`))
						got, err := newEngine(org).Revoke(t.Context(), revoke.Request{Target: at.target, Selection: selection})
						e, ok := errors.AsType[*okta.ForeignTokenError](err)
						if !ok || e.TokenID != "oar0002" || e.Kind != map[string]string{"server": "authorization server"}[kind]+map[bool]string{true: kind}[kind != "server"] {
							t.Errorf("got the error %v, want one that names oar0002 and its %s", err, kind)
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
}

// A list that is short hides a protected user's token. The DELETE of all would take it.
func TestRevokeAllGoesOneByOneWhereItCouldReachAProtectedUser(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"server", "app"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				add(org, held, number("oar", 2)...)
				breakGlass := held
				breakGlass.UserID = "00u9"
				add(org, breakGlass, "oarBreakGlass")
				at := listsOfHeld[name]
				org.Intercept = oktafake.Once(oktafake.On(http.MethodGet, at.tokens), replica(org, "oarBreakGlass"))
				engine := newEngine(org)
				engine.Protected.UserIDs = okta.NewSet("00u9")
				got, err := engine.Revoke(t.Context(), revoke.Request{Target: at.target, Selection: revoke.Everything()})
				wantIncomplete(t, got, err, outcome{Revoked: number("oar", 2), Left: []string{"oarBreakGlass"}})
				if !strings.Contains(fmt.Sprint(err), "belongs to user 00u9, which is protected") {
					t.Errorf("got the error %v, want the guard's", err)
				}
				wantTokens(t, org, "oarBreakGlass")
				path := strings.TrimPrefix(at.tokens, "/api/v1")
				wantSent(t, org, http.MethodDelete, path+"/oar0001", path+"/oar0002")
			})
		})
	}
	t.Run("user", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(t *testing.T, org *oktafake.Server) {
			add(org, held, number("oar", 2)...)
			engine := newEngine(org)
			engine.Protected.UserIDs = okta.NewSet("00u9")
			got, err := engine.Revoke(t.Context(), revoke.Request{Target: listsOfHeld["user"].target, Selection: revoke.Everything()})
			wantSuccess(t, got, err, outcome{Revoked: number("oar", 2)})
			wantSent(t, org, http.MethodDelete, atUser("0oa1"))
		})
	})
}

// Okta confirms the DELETE of all tokens, its lists lag behind, and a user signs in.
func TestRevokeAllNeverRepeatsAConfirmedBulkDelete(t *testing.T) {
	t.Parallel()
	for degree, evidence := range evidences {
		t.Run(degree, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addThree(org)
				org.AfterEffect = oktafake.Once(oktafake.On(http.MethodDelete, allTokens), meanwhile(func() {
					like := held
					like.ID, like.Created = "oarNew", time.Now().Add(time.Second)
					org.AddToken(like)
				}))
				org.Intercept = stale(org, 4)
				got, err := newEngine(org).Revoke(t.Context(), with(evidence, everything()))
				want := outcome{Revoked: number("oar", 3), Appeared: []string{"oarNew"}}
				want.Uncounted = evidence == revoke.NoEvidence
				wantSuccess(t, got, err, want)
				wantTokens(t, org, "oarNew")
				bulk := 0
				for _, r := range org.RequestsOf(http.MethodDelete) {
					if r.Path == allTokens {
						bulk++
					}
				}
				if bulk != 1 {
					t.Errorf("got %d DELETEs of all tokens, want 1", bulk)
				}
			})
		})
	}
}

// The answer to the DELETE of all tokens is lost, and a user signs in before it
// could be repeated.
func TestRevokeAllRepeatsNoBulkDeleteThatWouldTakeNewTokens(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		addThree(org)
		org.Intercept = oktafake.Once(oktafake.On(http.MethodDelete, allTokens), func(w http.ResponseWriter, r *http.Request) bool {
			like := held
			like.ID, like.Created = "oarNew", time.Now().Add(time.Second)
			org.AddToken(like)
			return serverError(w, r)
		})
		got, err := newEngine(org).Revoke(t.Context(), everything())
		wantSuccess(t, got, err, outcome{Revoked: number("oar", 3), Appeared: []string{"oarNew"}})
		wantTokens(t, org, "oarNew")
	})
}

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
	for nth := 1; nth <= 3; nth++ {
		t.Run(fmt.Sprintf("answer %d", nth), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				org.PageSize = 1
				add(org, held, number("oar", 3)...)
				old := held
				old.ID, old.Created = "oarOld", time.Now().Add(-1000*time.Hour)
				org.AddToken(old)
				age := 720 * time.Hour
				engine := newEngine(org, oneAtATime, func(cfg *okta.Config) { cfg.Network = &absurd{RoundTripper: org.Org, nth: nth} })
				got, err := engine.Revoke(t.Context(), revoke.Request{
					Target: revoke.At(parent), Selection: revoke.Matching(okta.Filter{OlderThan: &age}),
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

// Pages shift, and the list skips a token. The one that verifies shows it.
func TestRevokeTakesWhatTheLastListShows(t *testing.T) {
	t.Parallel()
	for name, selection := range selectionsOfTwo {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addOrders(org, number("oar", 3)...)
				req := revoke.Request{Target: revoke.At(parent), Selection: selection}
				want := number("oar", 3)
				if selection.Named() {
					want = number("oar", 2)
				}
				revoked := want
				if selection.Named() {
					revoked = []string{"oar0002", "oar0001"} // a token that was not read comes first
				}
				org.Intercept = oktafake.First(
					oktafake.Once(oktafake.On(http.MethodGet, allTokens), replica(org, want[len(want)-1])),
					oktafake.Once(oktafake.On(http.MethodDelete, allTokens), func(w http.ResponseWriter, r *http.Request) bool {
						for _, id := range want[:len(want)-1] {
							org.RemoveToken(id)
						}
						return noContent(w, r)
					}),
				)
				got, err := newEngine(org).Revoke(t.Context(), req)
				wantSuccess(t, got, err, outcome{Revoked: revoked})
				wantTokens(t, org, without(number("oar", 3), want...)...)
			})
		})
	}
}

// The first list of clients leaves one out.
func TestRevokeAtEveryClientTakesAClientThatTheFirstListLeftOut(t *testing.T) {
	t.Parallel()
	for name, selection := range map[string]revoke.Selection{
		"IDs": revoke.Tokens("oar0001", "oarB"), "one ID": revoke.Tokens("oarB"), "filter": matching("orders").Selection, "everything": revoke.Everything(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addOrders(org, "oar0001")
				other := held
				other.ClientID, other.Scopes = "0oa2", []string{"orders"}
				add(org, other, "oarB")
				org.Intercept = oktafake.Once(oktafake.On(http.MethodGet, "/api/v1/users/00u1/clients"), replica(org, "oarB"))
				got, err := newEngine(org).Revoke(t.Context(), revoke.Request{Target: everyClientOfUser, Selection: selection})
				if want := []string{"oar0001", "oarB"}; name != "one ID" {
					wantSuccess(t, got, err, outcome{Revoked: want})
					return
				}
				wantSuccess(t, got, err, outcome{Revoked: []string{"oarB"}})
				wantTokens(t, org, "oar0001")
			})
		})
	}
}

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
		got, err := newEngine(org, oneAtATime).Revoke(t.Context(), revoke.Request{Target: revoke.AtEveryClient(server), Selection: revoke.Tokens("oar1")})
		wantSuccess(t, got, err, outcome{Revoked: []string{"oar1"}})
	})
}

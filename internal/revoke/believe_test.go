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
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// The targets below which the token of held is listed, and where each lists it.
var listsOfHeld = map[string]struct {
	target walk.Target
	tokens string // path, as a pattern
}{
	"server": {walk.At(parent), allTokens},
	"user":   {walk.At(okta.User("00u1").Client("0oa1")), "/api/v1/users/00u1/clients/0oa1/tokens"},
	"app":    {walk.At(okta.App("0oa1")), "/api/v1/apps/0oa1/tokens"},
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
						engine, req := newEngine(org), revoke.Request{Target: at.target, Selection: selection}
						if _, err := engine.Preview(t.Context(), req); err == nil || !strings.Contains(err.Error(), "oar0002") {
							t.Errorf("got the error %v of the preview, want one that names oar0002", err)
						}
						got, err := engine.Revoke(t.Context(), req)
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
				if !strings.Contains(fmt.Sprint(err), "belongs to user 00u9, who is in protected_user_ids") {
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

// Pages shift, and the list skips a token. The one that verifies shows it.
func TestRevokeTakesWhatTheLastListShows(t *testing.T) {
	t.Parallel()
	for name, selection := range selectionsOfTwo {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addOrders(org, number("oar", 3)...)
				req := revoke.Request{Target: walk.At(parent), Selection: selection}
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

// The guards list the user's tokens before sessions are ended. What only that list shows is
// selected, too.
func TestRevokeTakesWhatTheGuardsSawAtTheUser(t *testing.T) {
	t.Parallel()
	for name, selection := range map[string]revoke.Selection{"filter": matching("orders").Selection, "everything": revoke.Everything()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addOrders(org, "oar0001", "oar0002")
				org.Intercept = oktafake.Once(oktafake.On(http.MethodGet, "/api/v1/users/00u1/clients/0oa1/tokens"), replica(org, "oar0002"))
				most := int64(5)
				got, err := newEngine(org).Revoke(t.Context(), revoke.Request{
					Target: walk.At(okta.User("00u1").Client("0oa1")), Selection: selection, MaxTokens: &most, EndSessions: true,
				})
				wantSuccess(t, got, err, outcome{Revoked: []string{"oar0001", "oar0002"}, SessionsEnded: true})
			})
		})
	}
}

// An alias proves nothing. But two owners in one list of it contradict each other,
// whichever of the tokens is selected.
func TestRevokeRefusesAListOfTwoOwners(t *testing.T) {
	t.Parallel()
	const links = `"_links":{"authorizationServer":{"href":"https://x/api/v1/authorizationServers/aus1"}}`
	const ours = `"status":"ACTIVE","clientId":"0oa1","userId":"00u1","scopes":["orders"],` + links
	for name, tc := range map[string]struct {
		target             walk.Target
		tokens, is, theirs string
		kind               string
	}{
		"login":   {walk.At(okta.User("jane@example.com").Client("0oa1")), "/api/v1/users/jane@example.com/clients/0oa1/tokens", "00u1", "00u2", "user"},
		"default": {walk.At(okta.AuthorizationServer("default").Client("0oa1")), "/api/v1/authorizationServers/default/clients/0oa1/tokens", "authorizationServers/aus1", "authorizationServers/aus2", "authorization server"},
		"app":     {walk.At(okta.App("0oa9")), "/api/v1/apps/0oa9/tokens", `"0oa1"`, `"0oa2"`, "client"},
	} {
		for selected, selection := range map[string]revoke.Selection{
			"all":            revoke.Everything(),
			"both":           revoke.Tokens("oar0001", "oar0002"),
			"filter":         revoke.Matching(okta.Filter{AnyScopes: okta.NewSet("orders")}),
			"filter of one":  revoke.Matching(okta.Filter{TokenIDs: okta.NewSet("oar0002")}),
			"filter of ours": revoke.Matching(okta.Filter{TokenIDs: okta.NewSet("oar0001")}),
		} {
			t.Run(name+"/"+selected, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					org.Intercept = oktafake.When(oktafake.On(http.MethodGet, tc.tokens),
						answer(`[{"id":"oar0001",`+ours+`},{"id":"oar0002",`+strings.Replace(ours, tc.is, tc.theirs, 1)+`}]`))
					engine, req := newEngine(org), revoke.Request{Target: tc.target, Selection: selection}
					if _, err := engine.Preview(t.Context(), req); err == nil || !strings.Contains(err.Error(), "oar0002") {
						t.Errorf("got the error %v of the preview, want one that names oar0002", err)
					}
					got, err := engine.Revoke(t.Context(), req)
					e, ok := errors.AsType[*okta.ForeignTokenError](err)
					if !ok || e.TokenID != "oar0002" || e.Kind != tc.kind || e.Others == "" {
						t.Errorf("got the error %v, want one that names oar0002, its %s and that of the others", err, tc.kind)
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

// A list that is read after DELETEs can show another owner, too.
func TestRevokeRefusesALateTokenOfAnotherOwner(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		token := func(id, client string) string {
			return `[{"id":"` + id + `","status":"ACTIVE","clientId":"` + client + `","created":"1999-01-01T00:00:00.000Z"}]`
		}
		const app = "/api/v1/apps/0oa9/tokens"
		list := token("oar0001", "0oa1")
		org.Intercept = oktafake.First(
			oktafake.When(oktafake.On(http.MethodGet, app), func(w http.ResponseWriter, r *http.Request) bool {
				return answer(list)(w, r)
			}),
			oktafake.When(oktafake.On(http.MethodDelete, app), func(w http.ResponseWriter, r *http.Request) bool {
				list = token("oar0002", "0oa2")
				return noContent(w, r)
			}))
		got, err := newEngine(org).Revoke(t.Context(), revoke.Request{Target: walk.At(okta.App("0oa9")), Selection: revoke.Everything()})
		wantIncomplete(t, got, err, outcome{Revoked: []string{"oar0001"}, Left: []string{"oar0002"}})
		if _, ok := errors.AsType[*okta.ForeignTokenError](err); !ok {
			t.Errorf("got the error %v, want one of a foreign token", err)
		}
		wantSent(t, org, http.MethodDelete, "/apps/0oa9/tokens")
	})
}

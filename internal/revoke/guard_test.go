package revoke_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

func TestRevokeRefusesTooManyTokens(t *testing.T) {
	t.Parallel()
	user := okta.User("00u1")
	for _, tc := range []struct {
		name  string
		req   revoke.Request
		found int64 // tokens that count against the bound
		all   bool  // whether those of every client of the user do
	}{
		{name: "one ID", req: named("oar0001"), found: 1},
		{name: "several IDs", req: named(number("oar", 3)...), found: 3},
		{name: "IDs that may be gone", req: named("oar0001", "oarGone"), found: 2},
		{name: "an ID twice", req: named("oar0001", "oar0001"), found: 1},
		{name: "filter", req: matching("orders"), found: 3},
		{name: "everything", req: everything(), found: 3},
		{name: "every client of the server", req: ways["every client"], found: 4},
		{name: "every client of the user", req: revoke.Request{Target: walk.AtEveryClient(user), Selection: revoke.Everything()}, found: 5},
		{name: "filter at every client", req: revoke.Request{Target: walk.AtEveryClient(server), Selection: matching("orders").Selection}, found: 3},
		{name: "one ID with sessions", req: endSessions(walk.At(user.Client("0oa1")), revoke.Tokens("oar0001")), found: 5, all: true},
		{name: "all with sessions", req: endSessions(walk.At(user.Client("0oa1")), revoke.Everything()), found: 5, all: true},
		{name: "every client with sessions", req: endSessions(walk.AtEveryClient(user), revoke.Everything()), found: 5},
	} {
		for name, evidence := range evidences {
			t.Run(tc.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					addThree(org)
					add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "0oa2", UserID: "00u1"}, "oarB")
					add(org, oktafake.Token{AuthServerID: "aus2", ClientID: "0oa3", UserID: "00u1"}, "oarC")
					engine, req := newEngine(org), with(evidence, tc.req)
					want := &revoke.TooManyError{Max: tc.found - 1, Found: tc.found, EndingSessions: tc.all}
					got, err := engine.Revoke(t.Context(), atMost(tc.found-1, req))
					wantRefusal(t, org, got, err, want)

					if _, err := engine.Revoke(t.Context(), atMost(tc.found, req)); err != nil {
						t.Errorf("got the error %v at the bound, want none", err)
					}
				})
			})
		}
	}
}

func TestRevokeRefusesProtectedNamesWithoutARequest(t *testing.T) {
	t.Parallel()
	protected := revoke.Protected{ClientIDs: okta.NewSet("0oa8", "0oa9"), UserIDs: okta.NewSet("00u9")}
	client := &revoke.ProtectedError{Kind: "client", ID: "0oa9"}
	user := &revoke.ProtectedError{Kind: "user", ID: "00u9"}
	for _, tc := range []struct {
		name      string
		target    walk.Target
		selection revoke.Selection
		want      error
	}{
		{"client of a server", walk.At(server.Client("0oa9")), revoke.Everything(), client},
		{"client of a server, by ID", walk.At(server.Client("0oa9")), revoke.Tokens("oar1"), client},
		{"client of a server, no IDs", walk.At(server.Client("0oa9")), revoke.Tokens(), client},
		{"client of a user", walk.At(okta.User("00u1").Client("0oa9")), revoke.Everything(), client},
		{"app", walk.At(okta.App("0oa9")), revoke.Everything(), client},
		{"user and client", walk.At(okta.User("00u9").Client("0oa1")), revoke.Everything(), user},
		{"every client of a user", walk.AtEveryClient(okta.User("00u9")), revoke.Everything(), user},
		{"client in a filter", walk.At(okta.App("0oa1")), revoke.Matching(okta.Filter{ClientIDs: okta.NewSet("0oa1", "0oa9")}), client},
		{"user in a filter", walk.At(parent), revoke.Matching(okta.Filter{UserIDs: okta.NewSet("00u1", "00u9")}), user},
		{"user in a filter at every client", walk.AtEveryClient(server), revoke.Matching(okta.Filter{UserIDs: okta.NewSet("00u9")}), user},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				engine := newEngine(org)
				engine.Protected = protected
				req := revoke.Request{Target: tc.target, Selection: tc.selection}
				got, err := engine.Revoke(t.Context(), req)
				wantRefusal(t, org, got, err, tc.want)
				_, err = engine.Preview(t.Context(), req)
				diff(t, "error of Preview", err, tc.want)
				diff(t, "error of Check", engine.Check(req, nil), tc.want)
				diff(t, "error of CheckNames", protected.CheckNames(req), tc.want)
				wantTraffic(t, org)
			})
		})
	}
}

// The parent has a token of each of the users 00u1 and 00u2, its server has one
// of the client 0oa2.
func TestRevokeRefusesProtectedTokens(t *testing.T) {
	t.Parallel()
	user := revoke.Protected{UserIDs: okta.NewSet("00u2")}
	client := revoke.Protected{ClientIDs: okta.NewSet("0oa2")}
	ofUser := &revoke.ProtectedError{Kind: "user", ID: "00u2", TokenID: "oar2"}
	ofClient := &revoke.ProtectedError{Kind: "client", ID: "0oa2", TokenID: "oarB"}
	everyClient := walk.AtEveryClient(server)
	for _, tc := range []struct {
		name      string
		protected revoke.Protected
		target    walk.Target
		selection revoke.Selection
		want      error // nil: it is not refused
	}{
		{"user, by ID", user, walk.At(parent), revoke.Tokens("oar2"), ofUser},
		{"user, by IDs", user, walk.At(parent), revoke.Tokens("oar1", "oar2"), ofUser},
		{"user, by filter", user, walk.At(parent), revoke.Matching(okta.Filter{ClientIDs: okta.NewSet("0oa1")}), ofUser},
		{"user, with all", user, walk.At(parent), revoke.Everything(), ofUser},
		{"user, of an app", user, walk.At(okta.App("0oa1")), revoke.Everything(), ofUser},
		{"user, at every client", user, everyClient, revoke.Everything(), ofUser},
		{"client, by ID", client, everyClient, revoke.Tokens("oarB"), ofClient},
		{"client, by filter", client, everyClient, revoke.Matching(okta.Filter{UserIDs: okta.NewSet("00u1")}), ofClient},
		{"client, with all", client, everyClient, revoke.Everything(), &revoke.ProtectedError{Kind: "client", ID: "0oa2"}},
		{"client, of an app with another ID", client, walk.At(okta.App("0oaApp2")), revoke.Everything(), ofClient},

		{"another of the user's tokens", user, walk.At(parent), revoke.Tokens("oar1"), nil},
		{"what the filter leaves out", user, walk.At(parent), revoke.Matching(okta.Filter{UserIDs: okta.NewSet("00u1")}), nil},
		{"another client", client, walk.At(parent), revoke.Everything(), nil},
	} {
		for name, evidence := range evidences {
			t.Run(tc.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					org.AddClient(oktafake.App{ID: "0oaApp2", ClientID: "0oa2"})
					add(org, held, "oar1")
					add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u2"}, "oar2")
					add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "0oa2", UserID: "00u1"}, "oarB")
					engine := newEngine(org)
					engine.Protected = tc.protected
					req := revoke.Request{Target: tc.target, Selection: tc.selection, Evidence: evidence}
					_, previewErr := engine.Preview(t.Context(), req)
					diff(t, "error of Preview", previewErr, tc.want)
					got, err := engine.Revoke(t.Context(), req)
					if tc.want == nil {
						if err != nil {
							t.Errorf("got the error %v, want none", err)
						}
						return
					}
					wantRefusal(t, org, got, err, tc.want)
				})
			})
		}
	}
}

// Okta may not say whose a token is: then it may be anybody's.
func TestRevokeRefusesTokensThatMayBeProtected(t *testing.T) {
	t.Parallel()
	for _, req := range []revoke.Request{named("oar0001"), with(revoke.NoEvidence, everything()), matching("orders")} {
		t.Run(fmt.Sprintf("named %t/%d", req.Selection.Named(), req.Evidence), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "0oa1", Scopes: []string{"orders"}}, "oar0001")
				engine := newEngine(org)
				engine.Protected.UserIDs = okta.NewSet("00u9")
				got, err := engine.Revoke(t.Context(), req)
				wantRefusal(t, org, got, err, &revoke.ProtectedError{Kind: "user", TokenID: "oar0001"})

				engine.Protected = revoke.Protected{ClientIDs: okta.NewSet("0oa9")}
				if _, err := engine.Revoke(t.Context(), req); err != nil {
					t.Errorf("got the error %v with only clients protected, want none", err)
				}
			})
		})
	}
}

// Ending the sessions of a user revokes the tokens of every client.
func TestRevokeRefusesToEndSessionsThatTouchWhatIsProtected(t *testing.T) {
	t.Parallel()
	ofClient := &revoke.ProtectedError{Kind: "client", ID: "0oa2"}
	for _, tc := range []struct {
		name      string
		protected revoke.Protected
		user      string
		want      error // nil: any
	}{
		{"a client of the user", revoke.Protected{ClientIDs: okta.NewSet("0oa2")}, "00u1", ofClient},
		{"a client of the user, by login", revoke.Protected{ClientIDs: okta.NewSet("0oa2")}, "jane@example.com", ofClient},
		{"perhaps the user", revoke.Protected{UserIDs: okta.NewSet("00u1")}, "jane@example.com", nil},
		{"perhaps the user, by a short login", revoke.Protected{UserIDs: okta.NewSet("00u1")}, "jane", nil},
	} {
		for _, target := range []walk.Target{walk.At(okta.User(tc.user).Client("0oa1")), walk.AtEveryClient(okta.User(tc.user))} {
			t.Run(fmt.Sprintf("%s/every %t", tc.name, target.EveryClient()), func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					org.AddUser(oktafake.User{ID: "00u1", Login: "jane@example.com"})
					add(org, held, "oar0001")
					add(org, oktafake.Token{ClientID: "0oa2", UserID: "00u1"}, "oarB")
					engine := newEngine(org)
					engine.Protected = tc.protected
					req := endSessions(target, revoke.Tokens("oar0001"))
					got, err := engine.Revoke(t.Context(), req)
					if tc.want != nil {
						wantRefusal(t, org, got, err, tc.want)
						return
					}
					if protected, ok := errors.AsType[*revoke.ProtectedError](err); !ok || !strings.Contains(err.Error(), "user "+tc.user+" is not named by ID") {
						t.Errorf("got the error %v, want that the user is not named by ID", protected)
					}
					wantTraffic(t, org)
				})
			})
		}
	}
}

// Okta's lists have been short before. What they leave out is protected too.
func TestRevokeGuardsTokensThatTheListLeavesOut(t *testing.T) {
	t.Parallel()
	empty := oktafake.When(oktafake.On(http.MethodGet, "/api/v1/authorizationServers/aus1/clients/*/tokens"), func(w http.ResponseWriter, _ *http.Request) bool {
		_, err := w.Write([]byte("[]"))
		return err == nil
	})
	t.Run("user, by IDs", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(t *testing.T, org *oktafake.Server) {
			add(org, held, "oar1", "oar2")
			org.Intercept = empty
			engine := newEngine(org)
			engine.Protected.UserIDs = okta.NewSet("00u1")
			_, err := engine.Revoke(t.Context(), named("oar1", "oar2"))
			if _, ok := errors.AsType[*revoke.ProtectedError](err); !ok {
				t.Errorf("got the error %v, want a *ProtectedError", err)
			}
			wantSent(t, org, http.MethodDelete)
		})
	})
	t.Run("client among every client", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(t *testing.T, org *oktafake.Server) {
			add(org, held, "oar1")
			org.Intercept = empty
			engine := newEngine(org)
			engine.Protected.ClientIDs = okta.NewSet("0oa1")
			got, err := engine.Revoke(t.Context(), ways["every client"])
			wantRefusal(t, org, got, err, &revoke.ProtectedError{Kind: "client", ID: "0oa1"})
		})
	})
}

// A first DELETE of all tokens fails, and a token turns up that the guard keeps a
// second from taking: the others are revoked one by one.
func TestRevokeDoesNotRepeatABulkDeleteAgainstTheGuards(t *testing.T) {
	t.Parallel()
	for name, respond := range map[string]oktafake.Responder{"no effect": noContent, "500": serverError} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addThree(org)
				org.Intercept = oktafake.Once(oktafake.On(http.MethodDelete, allTokens), func(w http.ResponseWriter, r *http.Request) bool {
					add(org, held, "oarHidden")
					return respond(w, r)
				})
				got, err := newEngine(org).Revoke(t.Context(), atMost(3, everything()))
				wantIncomplete(t, got, err, outcome{Revoked: number("oar", 3), Left: []string{"oarHidden"}})
				if want := "the selection has 4 refresh tokens, more than max_tokens = 3"; !strings.HasSuffix(err.Error(), want) {
					t.Errorf("got the error %v, want one that ends in %q", err, want)
				}
				all := atServer("0oa1")
				wantSent(t, org, http.MethodDelete, all, all+"/oar0001", all+"/oar0002", all+"/oar0003")
				wantTokens(t, org, "oarHidden")
			})
		})
	}
}

func TestGuardErrorsSayWhy(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"the selection has 3 refresh tokens, more than max_tokens = 2":                                              &revoke.TooManyError{Max: 2, Found: 3},
		"the selection has 1 refresh token, more than max_tokens = 0":                                               &revoke.TooManyError{Max: 0, Found: 1},
		"ending the sessions revokes the user's tokens at every client, 3 refresh tokens, more than max_tokens = 2": &revoke.TooManyError{Max: 2, Found: 3, EndingSessions: true},

		"client 0oa1 is protected": &revoke.ProtectedError{Kind: "client", ID: "0oa1"},
		`refresh token oar1 belongs to user "Jane 'J' Doe" (00u1), who is in protected_user_ids`: &revoke.ProtectedError{Kind: "user", ID: "00u1", Name: `Jane "J" Doe`, TokenID: "oar1"},
		"refresh token oar1 belongs to client 0oa1, which is in protected_client_ids":            &revoke.ProtectedError{Kind: "client", ID: "0oa1", TokenID: "oar1"},
		"refresh token oar1 belongs to user 00u1, who is in protected_user_ids":                  &revoke.ProtectedError{Kind: "user", ID: "00u1", TokenID: "oar1"},
		"Okta did not say which user owns refresh token oar1, so it may be protected":            &revoke.ProtectedError{Kind: "user", TokenID: "oar1"},
	} {
		if got := err.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Okta says that a token is not there, and lists it: the list is right, and so the token
// is held against the guards like any other.
func TestRevokeGuardsATokenThatIsListedAfterAll(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		breakGlass := held
		breakGlass.UserID = "00uBreakGlass"
		add(org, breakGlass, "oar1")
		missing := oktafake.On(http.MethodGet, oneToken)
		org.Intercept = oktafake.When(missing, oktafake.Fail(http.StatusNotFound, okta.CodeNotFound, "Not found: Resource not found: oar1 (OAuth2RefreshTokenTx)"))
		engine := newEngine(org)
		engine.Protected.UserIDs = okta.NewSet("00uBreakGlass")
		_, err := engine.Preview(t.Context(), named("oar1"))
		if _, ok := errors.AsType[*revoke.ProtectedError](err); !ok {
			t.Errorf("got the error %v of the preview, want a *ProtectedError", err)
		}
		got, err := engine.Revoke(t.Context(), named("oar1"))
		wantRefusal(t, org, got, err, &revoke.ProtectedError{Kind: "user", ID: "00uBreakGlass", TokenID: "oar1"})
	})
}

// A list that comes out empty may be short. With a guard, a DELETE of all tokens could
// then only hit what the guard has not seen. What the next list shows is revoked alone.
func TestRevokeAllSendsNothingPastAGuard(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*revoke.Engine, *revoke.Request){
		"max_tokens":       func(_ *revoke.Engine, req *revoke.Request) { req.MaxTokens = new(int64(5)) },
		"protected user":   func(e *revoke.Engine, _ *revoke.Request) { e.Protected.UserIDs = okta.NewSet("00u9") },
		"protected client": func(e *revoke.Engine, _ *revoke.Request) { e.Protected.ClientIDs = okta.NewSet("0oa9") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				add(org, held, "oar1")
				org.Intercept = oktafake.Once(oktafake.On(http.MethodGet, allTokens), answer("[]"))
				engine, req := newEngine(org), everything()
				change(engine, &req)
				got, err := engine.Revoke(t.Context(), req)
				wantSuccess(t, got, err, outcome{Revoked: []string{"oar1"}})
				wantSent(t, org, http.MethodDelete, atServer("0oa1")+"/oar1")
			})
		})
	}
}

// What turns up late is counted to the last token, whoever counts it.
func TestLateTokensAreCountedExactly(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		addOrders(org, number("oar", 6)...)
		org.Intercept = oktafake.Once(oktafake.On(http.MethodGet, allTokens), replica(org, "oar0004", "oar0005", "oar0006"))
		got, err := newEngine(org).Revoke(t.Context(), atMost(3, matching("orders")))
		wantIncomplete(t, got, err, outcome{Revoked: number("oar", 3), Left: []string{"oar0004", "oar0005", "oar0006"}})
		if e, ok := errors.AsType[*revoke.TooManyError](err); !ok || e.Found != 6 || e.Max != 3 {
			t.Errorf("got the error %v, want that 6 are more than 3", err)
		}
	})
}

// The ID of an app protects its client, which may have another one.
func TestRevokeProtectsAnAppByItsID(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		org.Intercept = oktafake.When(oktafake.On(http.MethodGet, allTokens),
			answer(`[{"id":"oar1","clientId":"0oa1","scopes":["orders"],"_links":{"app":{"href":"https://x/api/v1/apps/0oa7"}}}]`))
		engine := newEngine(org)
		engine.Protected.ClientIDs = okta.NewSet("0oa7")
		got, err := engine.Revoke(t.Context(), matching("orders"))
		wantRefusal(t, org, got, err, &revoke.ProtectedError{Kind: "client", ID: "0oa7", TokenID: "oar1"})
	})
}

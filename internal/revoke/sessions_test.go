package revoke_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

const sessions = "/api/v1/users/00u1/sessions"

// endSessions is the request that also ends the sessions of the user 00u1.
func endSessions(target walk.Target, selection revoke.Selection) revoke.Request {
	return revoke.Request{Target: target, Selection: selection, EndSessions: true}
}

// userAndClient has the three tokens of ways, and so has everyClientOfUser.
var (
	userAndClient     = walk.At(okta.User("00u1").Client("0oa1"))
	everyClientOfUser = walk.AtEveryClient(okta.User("00u1"))
)

func wantSessionsEnded(t *testing.T, org *oktafake.Server, times int) {
	t.Helper()
	var want []oktafake.EndedSession
	for range times {
		want = append(want, oktafake.EndedSession{UserID: "00u1", OAuthTokens: true, ForgetDevices: true})
	}
	diff(t, "ended sessions", org.EndedSessions(), want)
}

func TestRevokeEndsSessionsOnceAfterTheTokens(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		req     revoke.Request
		want    outcome
		traffic []string
	}{
		{
			"one ID", endSessions(userAndClient, revoke.Tokens("oar0001")),
			outcome{Revoked: number("oar", 1)},
			[]string{"GET tokens/*", "DELETE tokens/*", "DELETE sessions", "GET tokens/*"},
		},
		{
			"everything", endSessions(userAndClient, revoke.Everything()),
			outcome{Revoked: number("oar", 3)},
			[]string{"GET tokens", "DELETE tokens", "DELETE sessions", "GET tokens"},
		},
		{
			"every client", endSessions(everyClientOfUser, revoke.Everything()),
			outcome{Revoked: number("oar", 3)},
			[]string{"GET clients", "GET tokens", "DELETE tokens", "DELETE sessions", "GET clients", "GET tokens"},
		},
		{"no tokens", endSessions(userAndClient, revoke.Tokens()), outcome{}, []string{"DELETE sessions"}},
		{
			"the bound holds for every client", atMost(3, endSessions(userAndClient, revoke.Everything())),
			outcome{Revoked: number("oar", 3)},
			[]string{"GET tokens", "GET clients", "GET tokens", "DELETE tokens", "DELETE sessions", "GET tokens"},
		},
		{
			"every client, bounded", atMost(3, endSessions(everyClientOfUser, revoke.Everything())),
			outcome{Revoked: number("oar", 3)},
			[]string{"GET clients", "GET tokens", "DELETE tokens", "DELETE sessions", "GET clients", "GET tokens"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addThree(org)
				got, err := newEngine(org, oneAtATime).Revoke(t.Context(), tc.req)
				tc.want.SessionsEnded = true
				wantSuccess(t, got, err, tc.want)
				if !got.Acted() {
					t.Error("got Acted false, want true")
				}
				wantSessionsEnded(t, org, 1)
				wantTraffic(t, org, tc.traffic...)
				wantTokens(t, org) // the sessions took what was not selected
			})
		})
	}
}

func TestRevokeEndsSessionsOnceOverSeveralRounds(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		addThree(org)
		org.Intercept = stale(org, 2)
		got, err := newEngine(org).Revoke(t.Context(), endSessions(userAndClient, revoke.Tokens(number("oar", 3)...)))
		wantSuccess(t, got, err, outcome{Revoked: number("oar", 3), SessionsEnded: true})
		wantSessionsEnded(t, org, 1)
	})
}

func TestRevokeDoesNotEndSessionsUnasked(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		addThree(org)
		got, err := newEngine(org).Revoke(t.Context(), revoke.Request{Target: everyClientOfUser, Selection: revoke.Everything()})
		wantSuccess(t, got, err, outcome{Revoked: number("oar", 3)})
		wantSessionsEnded(t, org, 0)
	})
}

func TestRevokeEndsSessionsOfUsersOnly(t *testing.T) {
	t.Parallel()
	for name, target := range map[string]walk.Target{
		"server and client":        walk.At(parent),
		"app":                      walk.At(okta.App("0oa1")),
		"every client of a server": walk.AtEveryClient(server),
		"the zero target":          {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addThree(org)
				engine, req := newEngine(org), endSessions(target, revoke.Everything())
				if got, err := engine.Revoke(t.Context(), req); err == nil || got.Acted() {
					t.Errorf("Revoke: got %+v and the error %v, want an error and nothing done", got, err)
				}
				if _, err := engine.Preview(t.Context(), req); err == nil {
					t.Error("Preview: got no error, want one")
				}
				if err := engine.Check(req, nil); err == nil {
					t.Error("Check: got no error, want one")
				}
				wantTraffic(t, org)
			})
		})
	}
}

// The tokens were revoked, the sessions were not ended.
func TestRevokeReportsSessionsThatDidNotEnd(t *testing.T) {
	t.Parallel()
	for name, respond := range map[string]oktafake.Responder{"403": refusal, "500 for good": serverError} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addThree(org)
				org.Intercept = oktafake.When(oktafake.On(http.MethodDelete, sessions), respond)
				got, err := newEngine(org).Revoke(t.Context(), endSessions(userAndClient, revoke.Everything()))
				incomplete := wantIncomplete(t, got, err, outcome{Revoked: number("oar", 3)})
				if incomplete.Unverified || incomplete.Interrupted {
					t.Errorf("got %+v, want neither Unverified nor Interrupted", incomplete)
				}
				wantSessionsEnded(t, org, 0)
			})
		})
	}
}

func TestRevokeKeepsSessionsWhenTheTokensWereRefused(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		addThree(org)
		org.Intercept = oktafake.When(oktafake.On(http.MethodDelete, "/api/v1/users/00u1/clients/0oa1/tokens/*"), refusal)
		got, err := newEngine(org, oneAtATime).Revoke(t.Context(), endSessions(userAndClient, revoke.Tokens(number("oar", 3)...)))
		wantIncomplete(t, got, err, outcome{Left: number("oar", 3)})
		wantSessionsEnded(t, org, 0)
	})
}

func TestRevokeInterruptedEndsNoSessions(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		addThree(org)
		org.Latency = 2 * time.Second
		got, err := newEngine(org).Revoke(interrupted(t, 3*time.Second), endSessions(userAndClient, revoke.Everything()))
		wantIncomplete(t, got, err, outcome{Revoked: number("oar", 3)})
		wantSessionsEnded(t, org, 0)
	})
}

// A selection at a client that does not exist is a mistake, and who makes it has not asked
// for the tokens of every other client.
func TestRevokeEndsNoSessionsWhenTheParentDoesNotExist(t *testing.T) {
	t.Parallel()
	for name, evidence := range evidences {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				add(org, held, "oar1")
				_, err := newEngine(org).Revoke(t.Context(), with(evidence, revoke.Request{
					Target: walk.At(okta.User("00u1").Client("0oa9")), Selection: revoke.Tokens("oar9"), EndSessions: true,
				}))
				if !okta.IsNotFound(err) {
					t.Errorf("got the error %v, want one that IsNotFound", err)
				}
				if got := org.EndedSessions(); len(got) > 0 {
					t.Errorf("got the ended sessions %v, want none", got)
				}
				wantTokens(t, org, "oar1")
			})
		})
	}
}

// An answer that is lost leaves open whether the sessions were ended.
func TestRevokeTellsWhenSessionsMayHaveBeenEnded(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		add(org, held, "oar1")
		org.AfterEffect = oktafake.When(oktafake.On(http.MethodDelete, "/api/v1/users/00u1/sessions"), serverError)
		got, err := newEngine(org).Revoke(t.Context(), revoke.Request{
			Target: walk.At(okta.User("00u1").Client("0oa1")), Selection: revoke.Tokens("oar1"), EndSessions: true,
		})
		if err == nil || got.SessionsEnded || !got.SessionsUncertain {
			t.Errorf("got %+v, %v, want that it is not known", got, err)
		}
	})
}

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

// evidences are all degrees of evidence, by name.
var evidences = map[string]revoke.Evidence{
	"full": revoke.FullEvidence,
	"ids":  revoke.IDEvidence,
	"none": revoke.NoEvidence,
}

func TestRevokeCountsTokensThatWereGoneBefore(t *testing.T) {
	t.Parallel()
	for name, evidence := range evidences {
		for _, tc := range []struct {
			name string
			req  revoke.Request
			want outcome
		}{
			{"the only one", named("oarGone"), outcome{AlreadyGone: 1}},
			{"one of several", named("oar0001", "oarGone", "oar0002"), outcome{Revoked: number("oar", 2), AlreadyGone: 1}},
			{"all of several", named("oarGone", "oarLost"), outcome{AlreadyGone: 2}},
			{"of another client", named("oarOther"), outcome{AlreadyGone: 1}},
			{
				"at every client",
				revoke.Request{Target: walk.AtEveryClient(server), Selection: revoke.Tokens("oar0001", "oarGone", "oarGone")},
				outcome{Revoked: number("oar", 1), AlreadyGone: 1},
			},
		} {
			t.Run(name+"/"+tc.name, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					add(org, held, number("oar", 4)...)
					other := held
					other.ClientID = "0oa2"
					add(org, other, "oarOther")
					got, err := newEngine(org).Revoke(t.Context(), with(evidence, tc.req))
					wantSuccess(t, got, err, tc.want)
					if want := len(tc.want.Revoked) > 0; got.Acted() != want {
						t.Errorf("got Acted %t, want %t", got.Acted(), want)
					}
					wantTokens(t, org, append(without(number("oar", 4), tc.want.Revoked...), "oarOther")...)
				})
			})
		}
	}
}

// Somebody else revokes the second of three tokens after it was listed.
func TestRevokeCountsTokensThatGoMeanwhile(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		req  revoke.Request
	}{
		{"IDs", named(number("oar", 3)...)},
		{"filter", matching("orders")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				like := held
				like.Scopes = []string{"orders"}
				add(org, like, number("oar", 3)...)
				org.Intercept = oktafake.Once(oktafake.On(http.MethodDelete, allTokens+"/oar0002"), meanwhile(func() { org.RemoveToken("oar0002") }))
				got, err := newEngine(org).Revoke(t.Context(), tc.req)
				wantSuccess(t, got, err, outcome{Revoked: []string{"oar0001", "oar0003"}, AlreadyGone: 1})
			})
		})
	}
}

// A token that Okta shows with the status REVOKED is not revoked once more.
func TestRevokeTakesRevokedTokensForGone(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		req     revoke.Request
		want    outcome
		deletes []string
	}{
		{"one ID", named("oarRevoked"), outcome{AlreadyGone: 1}, nil},
		{"several IDs", named("oarRevoked", "oarOther"), outcome{AlreadyGone: 2}, nil},
		{"filter", matching("orders"), outcome{}, nil},
		{"everything", everything(), outcome{}, []string{atServer("0oa1")}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				like := held
				like.Scopes, like.Status = []string{"orders"}, "REVOKED"
				add(org, like, "oarOther", "oarRevoked")
				got, err := newEngine(org).Revoke(t.Context(), tc.req)
				wantSuccess(t, got, err, tc.want)
				wantSent(t, org, http.MethodDelete, tc.deletes...)
			})
		})
	}
}

// Okta says of an unknown parent and of a missing token the same.
func TestRevokeAtAnUnknownParentIsNotFound(t *testing.T) {
	t.Parallel()
	for name, target := range map[string]walk.Target{
		"server":                     walk.At(okta.AuthorizationServer("aus9").Client("0oa1")),
		"client of a server":         walk.At(server.Client("0oa9")),
		"user":                       walk.At(okta.User("00u9").Client("0oa1")),
		"client of a user":           walk.At(okta.User("00u1").Client("0oa9")),
		"app":                        walk.At(okta.App("0oa9")),
		"server, with every client":  walk.AtEveryClient(okta.AuthorizationServer("aus9")),
		"user, with each one client": walk.AtEveryClient(okta.User("00u9")),
	} {
		for selected, selection := range map[string]revoke.Selection{
			"one ID":      revoke.Tokens("oar0001"),
			"several IDs": revoke.Tokens(number("oar", 3)...),
			"filter":      revoke.Matching(okta.Filter{AnyScopes: okta.NewSet("orders")}),
			"everything":  revoke.Everything(),
		} {
			for degree, evidence := range evidences {
				t.Run(fmt.Sprintf("%s/%s/%s", name, selected, degree), func(t *testing.T) {
					t.Parallel()
					inBubble(t, func(t *testing.T, org *oktafake.Server) {
						add(org, held, number("oar", 3)...)
						got, err := newEngine(org).Revoke(t.Context(), revoke.Request{Target: target, Selection: selection, Evidence: evidence})
						if !okta.IsNotFound(err) {
							t.Errorf("got the error %v, want one that IsNotFound", err)
						}
						if len(got.Revoked) > 0 || got.AlreadyGone > 0 {
							t.Errorf("got the outcome %+v, want nothing revoked and nothing gone", got)
						}
						wantTokens(t, org, number("oar", 3)...)
					})
				})
			}
		}
	}
}

// otherNotFounds are 404s that do not come from Okta's token endpoints, and so
// tell nothing of tokens.
var otherNotFounds = map[string]oktafake.Responder{
	"E0000008": oktafake.Fail(http.StatusNotFound, "E0000008", "The requested path was not found"),
	"HTML": func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusNotFound)
		_, err := fmt.Fprint(w, "<html>Not Found</html>")
		return err == nil
	},
}

func TestRevokeTakesOtherNotFoundsForErrors(t *testing.T) {
	t.Parallel()
	for name, respond := range otherNotFounds {
		for _, tc := range []struct {
			name  string
			req   revoke.Request
			match oktafake.Match
			want  outcome
		}{
			{"DELETE of a token", named("oar0001"), oktafake.On(http.MethodDelete, oneToken), outcome{Left: number("oar", 1)}},
			{"DELETE of a missing token", with(revoke.NoEvidence, named("oar0009")), oktafake.On(http.MethodDelete, oneToken), outcome{Left: []string{"oar0009"}}},
			{"DELETE of all", everything(), oktafake.On(http.MethodDelete, allTokens), outcome{Left: number("oar", 2)}},
			{"blind DELETE of all", with(revoke.NoEvidence, everything()), oktafake.On(http.MethodDelete, allTokens), outcome{Left: number("oar", 2)}},
			{
				"DELETE of all of nothing",
				revoke.Request{Target: walk.At(okta.User("00u1").Client("0oa2")), Selection: revoke.Everything()},
				oktafake.On(http.MethodDelete, ""),
				outcome{},
			},
			{
				"blind DELETE of all of nothing",
				revoke.Request{Target: walk.At(okta.User("00u1").Client("0oa2")), Selection: revoke.Everything(), Evidence: revoke.NoEvidence},
				oktafake.On(http.MethodDelete, ""),
				outcome{},
			},
		} {
			t.Run(name+"/"+tc.name, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					add(org, held, number("oar", 2)...)
					org.AddClient(oktafake.App{ID: "0oa2"})
					org.Intercept = oktafake.When(tc.match, respond)
					got, err := newEngine(org).Revoke(t.Context(), tc.req)
					incomplete := wantIncomplete(t, got, err, tc.want)
					if okta.IsNotFound(err) || incomplete.Unverified {
						t.Errorf("got %+v, want neither IsNotFound nor Unverified", incomplete)
					}
					if got.Acted() {
						t.Error("got Acted true, want false")
					}
				})
			})
		}
	}
}

func TestRevokeReadsNothingIntoOtherNotFounds(t *testing.T) {
	t.Parallel()
	for name, respond := range otherNotFounds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				add(org, held, "oar0001")
				org.Intercept = oktafake.When(oktafake.On(http.MethodGet, oneToken), respond)
				got, err := newEngine(org).Revoke(t.Context(), named("oar0001"))
				if err == nil || okta.IsNotFound(err) || got.Acted() {
					t.Errorf("got %+v and the error %v, want an error that is not IsNotFound", got, err)
				}
				wantSent(t, org, http.MethodDelete)
			})
		})
	}
}

// saidToBeGone answers as Okta does for a token, or a client, that is not there.
var saidToBeGone = oktafake.Fail(http.StatusNotFound, "E0000007", "Not found: Resource not found: x (OAuth2RefreshTokenTx)")

// Okta lists a token, says that it is not there when it is to be revoked, and goes
// on listing it. Only the list is right.
func TestRevokeDoesNotTakeAListedTokenForGone(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		req  revoke.Request
	}{
		{"IDs", named(number("oar", 3)...)},
		{"one ID", named("oar0001")},
		{"one ID that was not read", with(revoke.NoEvidence, named("oar0001"))},
		{"filter", matching("orders")},
		{"filter without evidence", with(revoke.NoEvidence, matching("orders"))},
		{"every client", revoke.Request{Target: walk.AtEveryClient(server), Selection: revoke.Everything()}},
		{"filter at every client", revoke.Request{Target: walk.AtEveryClient(server), Selection: matching("orders").Selection}},
	} {
		want := number("oar", 3)
		if tc.req.Selection.Named() && tc.name != "IDs" {
			want = number("oar", 1)
		}
		org := func(org *oktafake.Server) {
			like := held
			like.Scopes = []string{"orders"}
			add(org, like, want...)
		}
		t.Run(tc.name+"/once", func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, server *oktafake.Server) {
				org(server)
				server.Intercept = oktafake.Once(oktafake.On(http.MethodDelete, ""), saidToBeGone)
				got, err := newEngine(server).Revoke(within(t, time.Minute), tc.req)
				wantSuccess(t, got, err, outcome{Revoked: want})
				wantTokens(t, server)
			})
		})
		t.Run(tc.name+"/always", func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, server *oktafake.Server) {
				org(server)
				server.Intercept = oktafake.When(oktafake.On(http.MethodDelete, ""), saidToBeGone)
				got, err := newEngine(server).Revoke(within(t, time.Minute), tc.req)
				incomplete := wantIncomplete(t, got, err, outcome{Left: want})
				if !incomplete.Interrupted || incomplete.Unverified || got.Acted() {
					t.Errorf("got %+v, want Interrupted with nothing done", incomplete)
				}
				wantTokens(t, server, want...)
			})
		})
	}
}

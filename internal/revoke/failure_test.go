package revoke_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// refusal is Okta's answer to an administrator who may not revoke.
var refusal = oktafake.Fail(http.StatusForbidden, "E0000006", "You do not have permission to perform the requested action")

// fromEighth is for the DELETEs of the tokens oar0008 to oar0012.
func fromEighth(r *http.Request) bool {
	id := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	return r.Method == http.MethodDelete && id >= "oar0008"
}

// Seven of twelve tokens are revoked before Okta stops playing along. When it
// does again, the rest is revoked.
func TestRevokeTellsHowFarItCame(t *testing.T) {
	t.Parallel()
	limited := func(w http.ResponseWriter, r *http.Request) bool {
		return oktafake.RateLimited(time.Now().Add(time.Minute))(w, r)
	}
	for _, tc := range []struct {
		name    string
		respond oktafake.Responder
		deletes int // sent, with the tokens taken one after the other
		is      func(error) bool
	}{
		{"500 for good", serverError, 7 + 5*6, okta.IsUncertain},
		{"503 for good", oktafake.Fail(http.StatusServiceUnavailable, "E0000010", "Service is in read only mode"), 7 + 6, okta.IsUnavailable},
		{"429 for good", limited, 7 + 5, okta.IsRateLimited},
		{"403", refusal, 7 + 1, okta.IsRefused},
		{"401", oktafake.Fail(http.StatusUnauthorized, okta.CodeInvalidToken, "Invalid token provided"), 7 + 1, okta.IsRefused},
		{"400", oktafake.Fail(http.StatusBadRequest, "E0000001", "Api validation failed"), 7 + 5, func(err error) bool { return !okta.IsRefused(err) }},
		{"hung up", oktafake.HangUp, 7 + 6, okta.IsUnavailable},
	} {
		for _, req := range []revoke.Request{named(number("oar", 12)...), matching("orders"), with(revoke.NoEvidence, named(number("oar", 12)...))} {
			t.Run(fmt.Sprintf("%s/named %t/%d", tc.name, req.Selection.Named(), req.Evidence), func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					like := held
					like.Scopes = []string{"orders"}
					all := number("oar", 12)
					add(org, like, all...)
					org.Intercept = oktafake.When(fromEighth, tc.respond)
					engine := newEngine(org, oneAtATime)
					got, err := engine.Revoke(t.Context(), req)
					incomplete := wantIncomplete(t, got, err, outcome{Revoked: all[:7], Left: all[7:]})
					if incomplete.Interrupted || incomplete.Unverified || !tc.is(err) {
						t.Errorf("got %+v, want Okta's error", incomplete)
					}
					wantTokens(t, org, all[7:]...)
					if sent := len(org.RequestsOf(http.MethodDelete)); sent != tc.deletes {
						t.Errorf("got %d DELETE requests, want %d", sent, tc.deletes)
					}

					org.Intercept = nil
					got, err = engine.Revoke(t.Context(), req)
					want := outcome{Revoked: all[7:]}
					if req.Selection.Named() {
						want.AlreadyGone = 7
					}
					wantSuccess(t, got, err, want)
					wantTokens(t, org)
				})
			})
		}
	}
}

// A refusal of the first token is one of all: the ten that are in flight are
// the only ones asked for.
func TestRevokeStopsAtARefusal(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		all := number("oar", 200)
		add(org, held, all...)
		org.Intercept = oktafake.When(oktafake.On(http.MethodDelete, ""), refusal)
		got, err := newEngine(org).Revoke(t.Context(), named(all...))
		incomplete := wantIncomplete(t, got, err, outcome{Left: all})
		if !okta.IsRefused(err) || incomplete.Unverified || got.Acted() {
			t.Errorf("got %+v, want a refusal and nothing done", incomplete)
		}
		if sent := len(org.RequestsOf(http.MethodDelete)); sent > 10 {
			t.Errorf("got %d DELETE requests, want at most 10", sent)
		}
	})
}

// Ten tokens that fail, each for reasons of its own, are a pattern.
func TestRevokeStopsAfterManyFailures(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		all := number("oar", 200)
		add(org, held, all...)
		org.Intercept = oktafake.When(oktafake.On(http.MethodDelete, ""), oktafake.Fail(http.StatusBadRequest, "E0000001", "Api validation failed"))
		got, err := newEngine(org, oneAtATime).Revoke(t.Context(), named(all...))
		wantIncomplete(t, got, err, outcome{Left: all})
		if sent := len(org.RequestsOf(http.MethodDelete)); sent != 10 {
			t.Errorf("got %d DELETE requests, want 10", sent)
		}
	})
}

// A refused DELETE of all tokens is not repeated, and none is sent to the next
// client. Nothing was revoked, and nothing is said to be unverified.
func TestRevokeAllStopsAtARefusal(t *testing.T) {
	t.Parallel()
	for name, evidence := range evidences {
		for target, req := range map[string]revoke.Request{"one client": everything(), "every client": ways["every client"]} {
			t.Run(target+"/"+name, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					add(org, held, "oarA")
					want := outcome{Left: []string{"oarA"}}
					if req.Target.EveryClient() {
						other := held
						other.ClientID = "0oa2"
						add(org, other, "oarB")
						want.Left = append(want.Left, "oarB")
					}
					if evidence == revoke.NoEvidence {
						want.Left = nil // nobody knows of any
					}
					org.Intercept = oktafake.When(oktafake.On(http.MethodDelete, ""), refusal)
					got, err := newEngine(org, oneAtATime).Revoke(t.Context(), with(evidence, req))
					incomplete := wantIncomplete(t, got, err, want)
					if !okta.IsRefused(err) || incomplete.Unverified || got.Acted() {
						t.Errorf("got %+v, want a refusal and nothing done", incomplete)
					}
					wantSent(t, org, http.MethodDelete, atServer("0oa1"))
				})
			})
		}
	}
}

// The second of two clients cannot be revoked. The first was, and is verified.
func TestRevokeAtEveryClientTellsWhichClientFailed(t *testing.T) {
	t.Parallel()
	for name, respond := range map[string]oktafake.Responder{
		"500 for good": serverError,
		"400":          oktafake.Fail(http.StatusBadRequest, "E0000001", "Api validation failed"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				add(org, held, "oarA")
				other := held
				other.ClientID = "0oa2"
				add(org, other, "oarB")
				org.Intercept = oktafake.When(oktafake.On(http.MethodDelete, "/api/v1/authorizationServers/aus1/clients/0oa2/tokens"), respond)
				engine := newEngine(org)
				got, err := engine.Revoke(t.Context(), ways["every client"])
				wantIncomplete(t, got, err, outcome{Revoked: []string{"oarA"}, Left: []string{"oarB"}})

				org.Intercept = nil
				got, err = engine.Revoke(t.Context(), ways["every client"])
				wantSuccess(t, got, err, outcome{Revoked: []string{"oarB"}})
			})
		})
	}
}

// In an outage the clients that remain are not even tried.
func TestRevokeAtEveryClientStopsInAnOutage(t *testing.T) {
	t.Parallel()
	down := oktafake.Fail(http.StatusServiceUnavailable, "E0000181", "Service temporarily unavailable")
	for _, tc := range []struct {
		name    string
		respond oktafake.Responder
		traffic []string
	}{
		{"of all", down, []string{"GET clients", "GET tokens x20", "DELETE tokens", "GET tokens x6"}},
		{
			"of DELETE", oktafake.When(oktafake.On(http.MethodDelete, ""), down),
			[]string{
				"GET clients", "GET tokens x20", "DELETE tokens", "GET tokens", "DELETE tokens", "GET tokens",
				"DELETE tokens", "GET tokens", "DELETE tokens", "GET tokens",
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				all := number("oar", 20)
				for i, client := range number("0oa", 20) {
					add(org, oktafake.Token{AuthServerID: "aus1", ClientID: client, UserID: "00u1"}, all[i])
				}
				began := false
				org.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
					began = began || r.Method == http.MethodDelete
					return began && tc.respond(w, r)
				}
				got, err := newEngine(org, oneAtATime).Revoke(t.Context(), ways["every client"])
				wantIncomplete(t, got, err, outcome{Left: all})
				wantTraffic(t, org, tc.traffic...)
			})
		})
	}
}

// A client that must not write refuses by itself.
func TestRevokeSendsNoDeleteThroughAReadOnlyClient(t *testing.T) {
	t.Parallel()
	for name, req := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addThree(org)
				got, err := newEngine(org, func(cfg *okta.Config) { cfg.ReadOnly = true }).Revoke(t.Context(), req)
				wantIncomplete(t, got, err, outcome{Left: number("oar", 3)})
				wantSent(t, org, http.MethodDelete)
			})
		})
	}
}

func TestIncompleteErrorKeepsOktasWords(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		addThree(org)
		var sent atomic.Int64
		org.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
			return r.Method == http.MethodDelete && sent.Add(1) > 1 && refusal(w, r)
		}
		_, err := newEngine(org, oneAtATime).Revoke(t.Context(), named(number("oar", 3)...))
		e, ok := errors.AsType[*okta.Error](err)
		if !ok || e.Code != "E0000006" {
			t.Fatalf("got the error %v, want one of E0000006", err)
		}
		if want := "revoked 1 refresh tokens, 2 are left: " + e.Error(); err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
	})
}

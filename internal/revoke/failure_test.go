package revoke_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
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
		{"401", oktafake.Fail(http.StatusUnauthorized, "E0000011", "Invalid token provided"), 7 + 1, okta.IsRefused},
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

// Tokens are told of by age, IDs by the alphabet.
func TestRevokeSortsWhatItTells(t *testing.T) {
	t.Parallel()
	for name, req := range map[string]revoke.Request{"filter": matching("orders"), "IDs": named(tokenIDs("1 2 3 4")...)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				like := held
				like.Scopes = []string{"orders"}
				add(org, like, tokenIDs("4 3 2 1")...)
				org.Intercept = oktafake.When(func(r *http.Request) bool {
					return r.Method == http.MethodDelete && strings.ContainsAny(r.URL.Path[len(allTokens):], "13")
				}, oktafake.Fail(http.StatusBadRequest, "E0000001", "Api validation failed"))
				got, err := newEngine(org).Revoke(t.Context(), req)
				wantIncomplete(t, got, err, outcome{Revoked: tokenIDs("4 2"), Left: tokenIDs("1 3")})
			})
		})
	}
}

// A proxy's login page answers 200. Okta confirms a revocation with 204 alone.
func TestRevokeTakesNoLoginPageForAConfirmation(t *testing.T) {
	t.Parallel()
	page := func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Type", "text/html")
		_, err := w.Write([]byte("<html>Sign in</html>"))
		return err == nil
	}
	for name, req := range ways {
		for degree, evidence := range evidences {
			t.Run(name+"/"+degree, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					addThree(org)
					org.Intercept = oktafake.When(oktafake.On(http.MethodDelete, ""), page)
					got, err := newEngine(org).Revoke(t.Context(), with(evidence, req))
					// Whether a page hides a revocation, only the list tells.
					uncounted := evidence == revoke.NoEvidence && isAll(name)
					incomplete := wantIncomplete(t, got, err, outcome{Left: number("oar", 3), Uncounted: uncounted})
					if incomplete.Unverified || got.Acted() {
						t.Errorf("got %+v, want nothing done and not Unverified", incomplete)
					}
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
						want.Left = nil // none is known
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

// Nobody listed the tokens, and no DELETE was confirmed: then nothing is claimed.
func TestRevokeClaimsNothingThatWasNotConfirmed(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]oktafake.Responder{
		"nothing answers":   oktafake.Fail(http.StatusServiceUnavailable, "E0000009", "Internal Server Error"),
		"no DELETE answers": oktafake.When(oktafake.On(http.MethodDelete, ""), serverError),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				add(org, held, "oar1")
				org.Intercept = fail
				got, err := newEngine(org).Revoke(t.Context(), with(revoke.NoEvidence, everything()))
				if err == nil || got.Acted() || got.Uncounted || got.Count != nil {
					t.Errorf("got %+v, Acted %t, and the error %v, want that it is not known", got, got.Acted(), err)
				}
				if len(got.Left) == 0 && !slices.Equal(got.LeftAt, []okta.Parent{parent}) {
					t.Errorf("got no token that is left, and of the parents %v", got.LeftAt)
				}
			})
		})
	}
}

// Of several clients that were not listed, those with tokens left are named.
func TestRevokeNamesTheClientsThatAreLeft(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		for _, client := range []string{"0oa1", "0oa2", "0oa3"} {
			add(org, oktafake.Token{AuthServerID: "aus1", ClientID: client, UserID: "00u1"}, "oar-"+client)
		}
		org.Intercept = oktafake.When(oktafake.On(http.MethodDelete, "/api/v1/authorizationServers/aus1/clients/0oa2/tokens"), oktafake.Fail(http.StatusForbidden, "E0000006", "Not allowed"))
		got, err := newEngine(org, oneAtATime).Revoke(t.Context(), with(revoke.NoEvidence, revoke.Request{Target: walk.AtEveryClient(server), Selection: revoke.Everything()}))
		if err == nil || !got.Uncounted || got.Count != nil {
			t.Errorf("got %+v and the error %v", got, err)
		}
		if want := []okta.Parent{server.Client("0oa2"), server.Client("0oa3")}; !slices.Equal(got.LeftAt, want) {
			t.Errorf("got %v as left, want %v", got.LeftAt, want)
		}
	})
}

// A connection that timed out is no end of the run: the error says what failed.
func TestRevokeTellsWhyThoughTheCauseLooksLikeTheEnd(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	add(org, held, "oar1")
	engine := newEngine(org, func(cfg *okta.Config) { cfg.Network, cfg.MaxRetries = timingOut{org}, 0 })
	_, err := engine.Revoke(t.Context(), named("oar1"))
	incomplete, ok := errors.AsType[*revoke.IncompleteError](err)
	if !ok || incomplete.Err == nil || incomplete.Interrupted {
		t.Errorf("got the error %#v, want an *IncompleteError with its cause, not interrupted", err)
	}
}

// timingOut is a network on which every DELETE ends as a dial does that takes too long.
type timingOut struct{ org *oktafake.Server }

func (n timingOut) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodDelete {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: context.DeadlineExceeded}
	}
	return n.org.Org.RoundTrip(r)
}

// One ID at two clients is one token: no count is below zero.
func TestRevokeCountsAnIDOnce(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		add(org, held, "oar1")
		add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "0oa2"}, "oar2")
		org.Intercept = oktafake.When(oktafake.On(http.MethodGet, "/api/v1/authorizationServers/aus1/clients/*/tokens"), oktafake.Times(2, oktafake.On("", ""), answer(`[{"id":"oar1","status":"ACTIVE"}]`)))
		got, _ := newEngine(org).Revoke(t.Context(), revoke.Request{Target: walk.AtEveryClient(server), Selection: revoke.Tokens("oar1")})
		if got.AlreadyGone < 0 {
			t.Errorf("got %d tokens that were gone already", got.AlreadyGone)
		}
	})
}

package revoke_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// losses are the ways in which the answer to a DELETE gets lost.
var losses = map[string]oktafake.Responder{
	"500":     serverError,
	"502":     oktafake.Fail(http.StatusBadGateway, "E0000009", "Bad Gateway"),
	"hung up": oktafake.HangUp,
	"timeout": hang,
}

// hang answers nothing until the client has given up.
func hang(w http.ResponseWriter, r *http.Request) bool {
	<-r.Context().Done()
	return oktafake.HangUp(w, r)
}

// The first DELETE takes effect, its answer is lost, and the second meets 404.
func TestRevokeRecognisesADeleteWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	for loss, respond := range losses {
		for _, tc := range []struct {
			name string
			req  revoke.Request
			want outcome
		}{
			{"seen alive", named("oar0001"), outcome{Revoked: number("oar", 1)}},
			{"several seen alive", named(number("oar", 3)...), outcome{Revoked: number("oar", 3)}},
			{"filter", matching("orders"), outcome{Revoked: number("oar", 3)}},
			{"not seen", with(revoke.NoEvidence, named("oar0001")), outcome{Revoked: number("oar", 1)}},
			{"not seen, only IDs", with(revoke.IDEvidence, named("oar0001")), outcome{Revoked: number("oar", 1)}},
		} {
			t.Run(loss+"/"+tc.name, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					like := held
					like.Scopes = []string{"orders"}
					add(org, like, number("oar", 3)...)
					org.AfterEffect = oktafake.Once(oktafake.On(http.MethodDelete, allTokens+"/oar0001"), respond)
					got, err := newEngine(org).Revoke(t.Context(), tc.req)
					wantSuccess(t, got, err, tc.want)
				})
			})
		}
	}
}

// A 429 was not processed. A 404 after it is not this run's doing, and the
// DELETE of all tokens may be sent again.
func TestRevokeRepeatsWhatWasRateLimited(t *testing.T) {
	t.Parallel()
	limited := func(w http.ResponseWriter, r *http.Request) bool {
		return oktafake.RateLimited(time.Now().Add(10*time.Second))(w, r)
	}
	t.Run("one ID", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(t *testing.T, org *oktafake.Server) {
			add(org, held, number("oar", 2)...)
			org.Intercept = oktafake.Once(oktafake.On(http.MethodDelete, oneToken), func(w http.ResponseWriter, r *http.Request) bool {
				org.RemoveToken("oar0001")
				return limited(w, r)
			})
			got, err := newEngine(org).Revoke(t.Context(), named("oar0001"))
			wantSuccess(t, got, err, outcome{AlreadyGone: 1})
		})
	})
	t.Run("everything", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(t *testing.T, org *oktafake.Server) {
			addThree(org)
			org.Intercept = oktafake.Once(oktafake.On(http.MethodDelete, allTokens), limited)
			got, err := newEngine(org).Revoke(t.Context(), everything())
			wantSuccess(t, got, err, outcome{Revoked: number("oar", 3)})
			wantTraffic(t, org, "GET tokens", "DELETE tokens x2", "GET tokens")
		})
	})
}

// Of two runs at the same time, one revokes a token and the other finds it gone.
func TestRevokeTwiceAtTheSameTimeClaimsEachTokenOnce(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		all := number("oar", 50)
		add(org, held, all...)
		org.Latency = time.Second
		engine := newEngine(org)
		var both [2]revoke.Outcome
		var group sync.WaitGroup
		for i := range both {
			group.Go(func() {
				var err error
				if both[i], err = engine.Revoke(t.Context(), named(all...)); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		revoked := append(ids(both[0].Revoked), ids(both[1].Revoked)...)
		slices.Sort(revoked)
		diff(t, "revoked", revoked, all)
		if gone := both[0].AlreadyGone + both[1].AlreadyGone; gone != 50 {
			t.Errorf("got %d already gone, want 50", gone)
		}
	})
}

// Every DELETE is answered with 500 until the retries are spent. What became of
// the token, only a look at it can tell.
func TestRevokeSettlesADeleteThatWasNeverConfirmed(t *testing.T) {
	t.Parallel()
	failing := oktafake.When(oktafake.On(http.MethodDelete, oneToken), serverError)
	for _, tc := range []struct {
		name      string
		req       revoke.Request
		effective bool
		want      outcome
		wantError bool
	}{
		{name: "took effect", req: named("oar0001"), effective: true, want: outcome{Revoked: number("oar", 1)}},
		{name: "took effect, unseen", req: with(revoke.NoEvidence, named("oar0001")), effective: true, want: outcome{AlreadyGone: 1}},
		{name: "did not", req: named("oar0001"), want: outcome{Left: number("oar", 1)}, wantError: true},
		{name: "did not, unseen", req: with(revoke.NoEvidence, named("oar0001")), want: outcome{Left: number("oar", 1)}, wantError: true},
		{name: "was never there", req: named("oar0009"), want: outcome{AlreadyGone: 1}},
		{name: "was never there, unseen", req: with(revoke.NoEvidence, named("oar0009")), want: outcome{AlreadyGone: 1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				add(org, held, number("oar", 2)...)
				left := number("oar", 2)
				if tc.effective {
					org.AfterEffect, left = failing, left[1:]
				} else {
					org.Intercept = failing
				}
				got, err := newEngine(org).Revoke(t.Context(), tc.req)
				if tc.wantError {
					wantIncomplete(t, got, err, tc.want)
				} else {
					wantSuccess(t, got, err, tc.want)
				}
				wantTokens(t, org, left...)
			})
		})
	}
}

// After a DELETE whose answers were all lost, an outage stops the run. One look says what
// became of the token.
func TestRevokeLooksAtWhatAnOutageHides(t *testing.T) {
	t.Parallel()
	deletes := oktafake.On(http.MethodDelete, oneToken)
	for loss, respond := range losses {
		if loss == "500" {
			continue // a fault of the one request
		}
		for _, effective := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/effective %t", loss, effective), func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					add(org, held, number("oar", 2)...)
					if effective {
						org.AfterEffect = oktafake.When(deletes, respond)
					} else {
						org.Intercept = oktafake.When(deletes, respond)
					}
					got, err := newEngine(org).Revoke(t.Context(), named("oar0001"))
					want, traffic := outcome{Left: number("oar", 1)}, []string{"GET tokens/*", "DELETE tokens/* x6", "GET tokens/*"}
					if effective {
						want, traffic = outcome{Revoked: number("oar", 1)}, append(traffic, "GET tokens")
					}
					incomplete := wantIncomplete(t, got, err, want)
					if incomplete.Unverified != effective || !okta.IsUnavailable(err) {
						t.Errorf("got %+v, want an outage, Unverified: %t", incomplete, effective)
					}
					wantTraffic(t, org, traffic...)
				})
			})
		}
	}
}

func TestRevokeNeverClaimsATokenOfAnUnknownParent(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		org.AddAuthorizationServer(oktafake.AuthorizationServer{ID: "aus1"})
		org.Intercept = oktafake.When(oktafake.On(http.MethodDelete, oneToken), serverError)
		got, err := newEngine(org).Revoke(t.Context(), with(revoke.NoEvidence, named("oar0001")))
		wantIncomplete(t, got, err, outcome{Left: number("oar", 1)})
		if !okta.IsNotFound(err) {
			t.Errorf("got the error %v, want one that IsNotFound", err)
		}
	})
}

// A DELETE of all tokens is not repeated by itself: that may take tokens which
// were issued since the first.
func TestRevokeLooksBeforeItRepeatsABulkDelete(t *testing.T) {
	t.Parallel()
	bulk := oktafake.On(http.MethodDelete, allTokens)
	for loss, respond := range losses {
		for _, tc := range []struct {
			name        string
			evidence    revoke.Evidence
			lost        oktafake.Responder // the answer, after the effect
			refused     oktafake.Responder // before it
			want        outcome
			wantTraffic []string
		}{
			{
				name: "took effect", lost: oktafake.When(bulk, respond),
				want:        outcome{Revoked: number("oar", 3)},
				wantTraffic: []string{"GET tokens", "DELETE tokens", "GET tokens x2"},
			},
			{
				name: "took effect, unseen", evidence: revoke.NoEvidence, lost: oktafake.When(bulk, respond),
				want:        outcome{Uncounted: true},
				wantTraffic: []string{"DELETE tokens", "GET tokens x2"},
			},
			{
				name: "failed once", refused: oktafake.Once(bulk, respond),
				want:        outcome{Revoked: number("oar", 3)},
				wantTraffic: []string{"GET tokens", "DELETE tokens", "GET tokens", "DELETE tokens", "GET tokens"},
			},
			{
				name: "failed once, unseen", evidence: revoke.NoEvidence, refused: oktafake.Once(bulk, respond),
				want:        outcome{Revoked: number("oar", 3), Uncounted: true},
				wantTraffic: []string{"DELETE tokens", "GET tokens", "DELETE tokens", "GET tokens"},
			},
		} {
			t.Run(loss+"/"+tc.name, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					add(org, held, number("oar", 3)...)
					org.AfterEffect, org.Intercept = tc.lost, tc.refused
					got, err := newEngine(org).Revoke(t.Context(), with(tc.evidence, everything()))
					wantSuccess(t, got, err, tc.want)
					wantTraffic(t, org, tc.wantTraffic...)
					wantTokens(t, org)
				})
			})
		}
	}
}

// Okta's DELETE of all tokens has timed out half way on very many tokens.
func TestRevokeRepeatsABulkDeleteThatTookPartialEffect(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		add(org, held, number("oar", 4)...)
		org.Intercept = oktafake.Once(oktafake.On(http.MethodDelete, allTokens), func(w http.ResponseWriter, r *http.Request) bool {
			org.RemoveToken("oar0001")
			org.RemoveToken("oar0003")
			return serverError(w, r)
		})
		got, err := newEngine(org).Revoke(t.Context(), everything())
		wantSuccess(t, got, err, outcome{Revoked: number("oar", 4)})
		wantSent(t, org, http.MethodDelete, atServer("0oa1"), atServer("0oa1"))
	})
}

func TestRevokeGivesUpABulkDeleteThatKeepsFailing(t *testing.T) {
	t.Parallel()
	for loss, respond := range losses {
		for name, evidence := range evidences {
			t.Run(loss+"/"+name, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					add(org, held, number("oar", 3)...)
					org.Intercept = oktafake.When(oktafake.On(http.MethodDelete, allTokens), respond)
					got, err := newEngine(org).Revoke(t.Context(), with(evidence, everything()))
					incomplete := wantIncomplete(t, got, err, outcome{Left: number("oar", 3), Uncounted: evidence == revoke.NoEvidence})
					if incomplete.Interrupted || incomplete.Unverified || !okta.IsUncertain(err) {
						t.Errorf("got %+v, want Okta's error, neither Interrupted nor Unverified", incomplete)
					}
					wantTokens(t, org, number("oar", 3)...)
					if sent := len(org.RequestsOf(http.MethodDelete)); sent != 4 {
						t.Errorf("got %d DELETE requests, want 4", sent)
					}
				})
			})
		}
	}
}

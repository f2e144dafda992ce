package revoke_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// stale makes an org show the tokens of now in its first answers to n GETs
// after a DELETE, as a replica does that lags behind.
func stale(org *oktafake.Server, n int) oktafake.Responder {
	replica := oktafake.NewOrg(oktafake.Tokens(org.Tokens()...))
	var deleted atomic.Bool
	afterDelete := func(r *http.Request) bool { return r.Method == http.MethodGet && deleted.Load() }
	return oktafake.First(
		oktafake.When(oktafake.On(http.MethodDelete, ""), meanwhile(func() { deleted.Store(true) })),
		oktafake.Times(n, afterDelete, func(w http.ResponseWriter, r *http.Request) bool {
			replica.ServeHTTP(w, r)
			return true
		}),
	)
}

// ways are the ways to revoke the tokens oar0001 to oar0003 of the parent, which
// are all that it has.
var ways = map[string]revoke.Request{
	"one by one":   named(number("oar", 3)...),
	"filter":       matching("orders"),
	"everything":   everything(),
	"every client": {Target: walk.AtEveryClient(server), Selection: revoke.Everything()},
}

// isAll says which of the ways send a bulk DELETE.
func isAll(way string) bool { return strings.HasPrefix(way, "every") }

// addThree gives an org the tokens of ways.
func addThree(org *oktafake.Server) {
	like := held
	like.Scopes = []string{"orders"}
	add(org, like, number("oar", 3)...)
}

func TestRevokeLooksAgainWhileListsLagBehind(t *testing.T) {
	t.Parallel()
	for name, req := range ways {
		for looks := 1; looks <= 3; looks++ {
			t.Run(fmt.Sprintf("%s/%d", name, looks), func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					addThree(org)
					org.Intercept = stale(org, looks)
					got, err := newEngine(org).Revoke(within(t, time.Minute), req)
					wantSuccess(t, got, err, outcome{Revoked: number("oar", 3)})
				})
			})
		}
	}
	t.Run("one ID", func(t *testing.T) {
		t.Parallel()
		inBubble(t, func(t *testing.T, org *oktafake.Server) {
			addThree(org)
			org.Intercept = stale(org, 1)
			got, err := newEngine(org).Revoke(within(t, time.Minute), with(revoke.NoEvidence, named("oar0001")))
			wantSuccess(t, got, err, outcome{Revoked: number("oar", 1)})
		})
	})
}

func TestRevokeNeverClaimsATokenThatLives(t *testing.T) {
	t.Parallel()
	for name, req := range ways {
		for degree, evidence := range evidences {
			t.Run(name+"/"+degree, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					addThree(org)
					org.Intercept = oktafake.When(oktafake.On(http.MethodDelete, ""), noContent)
					start := time.Now()
					got, err := newEngine(org).Revoke(within(t, 10*time.Minute), with(evidence, req))
					incomplete := wantIncomplete(t, got, err, outcome{
						Left:      number("oar", 3),
						Uncounted: evidence == revoke.NoEvidence && isAll(name),
					})
					if incomplete.Interrupted || incomplete.Unverified || !strings.HasSuffix(err.Error(), "still lists them") {
						t.Errorf("got %+v, want the reason", incomplete)
					}
					if took := time.Since(start); took > 2*time.Minute {
						t.Errorf("gave up after %s, want at most 2m", took)
					}
					// Two looks go by before a DELETE is repeated.
					if sent := len(org.RequestsOf(http.MethodDelete)); sent > 3*4 {
						t.Errorf("got %d DELETEs, want at most 4 of each token", sent)
					}
				})
			})
		}
	}
}

// One of three DELETEs has no effect. It alone is sent again.
func TestRevokeRepeatsADeleteWithoutEffect(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"one by one", "filter"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addThree(org)
				org.Intercept = oktafake.Once(oktafake.On(http.MethodDelete, allTokens+"/oar0002"), noContent)
				got, err := newEngine(org).Revoke(t.Context(), ways[name])
				wantSuccess(t, got, err, outcome{Revoked: number("oar", 3)})
				path := atServer("0oa1")
				wantSent(t, org, http.MethodDelete, path+"/oar0001", path+"/oar0002", path+"/oar0002", path+"/oar0003")
			})
		})
	}
}

func TestRevokeNamesTokensThatAppear(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"everything", "every client"} {
		for degree, evidence := range evidences {
			// With the machine's clock wrong, Okta's own decides what is older than the run.
			for _, ahead := range []time.Duration{0, 3 * time.Hour, -3 * time.Hour} {
				t.Run(fmt.Sprintf("%s/%s/%s", name, degree, ahead), func(t *testing.T) {
					t.Parallel()
					inBubble(t, func(t *testing.T, org *oktafake.Server) {
						org.Now = func() time.Time { return time.Now().Add(ahead) }
						org.Latency = 2 * time.Second
						addThree(org)
						org.AfterEffect = oktafake.Once(oktafake.On(http.MethodDelete, allTokens), meanwhile(func() {
							like := held
							like.ID = "oarNew"
							org.AddToken(like)
						}))
						got, err := newEngine(org).Revoke(t.Context(), with(evidence, ways[name]))
						want := outcome{Revoked: number("oar", 3), Appeared: []string{"oarNew"}}
						if evidence == revoke.NoEvidence {
							want = outcome{Uncounted: true, Appeared: want.Appeared}
						}
						wantSuccess(t, got, err, want)
						wantTokens(t, org, "oarNew")
						wantSent(t, org, http.MethodDelete, atServer("0oa1"))
					})
				})
			}
		}
	}
}

// What is older than the run by Okta's clock was to be revoked, whatever the
// machine's clock says.
func TestRevokeSeesTokensLeftWhenTheClockIsWrong(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{3 * time.Hour, -3 * time.Hour} {
		t.Run(ahead.String(), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				org.Now = func() time.Time { return time.Now().Add(ahead) }
				addThree(org)
				org.Intercept = oktafake.Once(oktafake.On(http.MethodDelete, allTokens), noContent)
				got, err := newEngine(org).Revoke(t.Context(), with(revoke.NoEvidence, everything()))
				wantSuccess(t, got, err, outcome{Revoked: number("oar", 3), Uncounted: true})
				wantTokens(t, org)
			})
		})
	}
}

// A repeated DELETE of all tokens takes what was issued since the first: then
// that belongs to the evidence.
func TestRevokeRecordsWhatARepetitionTakes(t *testing.T) {
	t.Parallel()
	for name, respond := range map[string]oktafake.Responder{"no effect": noContent, "500": serverError} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addThree(org)
				org.Intercept = oktafake.Once(oktafake.On(http.MethodDelete, allTokens), func(w http.ResponseWriter, r *http.Request) bool {
					add(org, held, "oarNew")
					return respond(w, r)
				})
				got, err := newEngine(org).Revoke(t.Context(), everything())
				wantSuccess(t, got, err, outcome{Revoked: []string{"oar0001", "oarNew", "oar0002", "oar0003"}})
				wantTokens(t, org)
			})
		})
	}
}

func TestRevokeAllOfFiveThousand(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		org.Latency = 50 * time.Millisecond
		all := number("oar", 5000)
		add(org, held, all...)
		issue := func(id string, created time.Time) oktafake.Responder {
			return meanwhile(func() {
				like := held
				like.ID, like.Created = id, created
				org.AddToken(like)
			})
		}
		org.AfterEffect = oktafake.First(
			oktafake.Once(oktafake.On(http.MethodGet, allTokens), issue("oarWhileListed", org.Now().Add(-time.Hour))),
			oktafake.Once(oktafake.On(http.MethodDelete, allTokens), issue("oarNew", org.Now().Add(time.Second))),
		)
		start := time.Now()
		got, err := newEngine(org).Revoke(t.Context(), everything())
		want := append([]string{"oar0001", "oarWhileListed"}, all[1:]...)
		wantSuccess(t, got, err, outcome{Revoked: want, Appeared: []string{"oarNew"}})
		wantTraffic(t, org, "GET tokens x26", "DELETE tokens", "GET tokens")
		if took := time.Since(start); took != 28*org.Latency {
			t.Errorf("it took %s, want the time of 28 requests", took)
		}
	})
}

// What Okta confirmed counts, and the error says that it was not verified.
func TestRevokeTellsWhenItCouldNotVerify(t *testing.T) {
	t.Parallel()
	for name, req := range ways {
		for degree, evidence := range evidences {
			t.Run(name+"/"+degree, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					addThree(org)
					deleted := false
					org.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
						deleted = deleted || r.Method == http.MethodDelete
						return deleted && r.Method == http.MethodGet && serverError(w, r)
					}
					want := outcome{Revoked: number("oar", 3)}
					if evidence == revoke.NoEvidence && isAll(name) {
						want = outcome{Uncounted: true}
					}
					got, err := newEngine(org, oneAtATime).Revoke(t.Context(), with(evidence, req))
					incomplete := wantIncomplete(t, got, err, want)
					if !incomplete.Unverified || incomplete.Interrupted {
						t.Errorf("got %+v, want Unverified and not Interrupted", incomplete)
					}
					wantTokens(t, org)
				})
			})
		}
	}
}

// A run whose time ends while it looks again has still done what it did.
func TestRevokeTellsWhenItsTimeEndedBeforeItVerified(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		addThree(org)
		org.Latency = time.Second
		got, err := newEngine(org).Revoke(within(t, 2500*time.Millisecond), everything())
		incomplete := wantIncomplete(t, got, err, outcome{Revoked: number("oar", 3)})
		if !incomplete.Unverified || !incomplete.Interrupted || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %+v, want Unverified and Interrupted", incomplete)
		}
		if got := org.RevokedIDs(); !slices.Equal(got, number("oar", 3)) {
			t.Errorf("got %v revoked, want all", got)
		}
	})
}

// A list that is short says nothing of a token whose DELETE was not confirmed.
func TestVerifyAsksForEachUncertainToken(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		took bool // whether the DELETE whose answer is an error took effect
		want outcome
	}{
		"no effect": {false, outcome{Revoked: []string{"oar1"}, Left: []string{"oar2"}}},
		"effect":    {true, outcome{Revoked: []string{"oar1", "oar2"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				add(org, held, "oar1", "oar2")
				deletes := 0
				org.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
					switch {
					case r.Method == http.MethodDelete && r.URL.Path == allTokens+"/oar2":
						if deletes++; tc.took {
							org.RemoveToken("oar2")
						}
						return serverError(w, r)
					case r.Method == http.MethodGet && r.URL.Path == allTokens && deletes > 0:
						return answer("[]")(w, r)
					}
					return false
				}
				got, err := newEngine(org, oneAtATime).Revoke(t.Context(), named("oar1", "oar2"))
				wantOutcome(t, got, tc.want)
				if (err != nil) != (len(tc.want.Left) > 0) {
					t.Errorf("got the error %v", err)
				}
			})
		})
	}
}

// A DELETE of all tokens takes effect, and its answer is an error: when none is left, it
// has been at work, even if the tokens were not counted.
func TestVerifyFindsThatADeleteOfAllTookEffect(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		add(org, held, "oar1")
		org.AfterEffect = oktafake.When(oktafake.On(http.MethodDelete, allTokens), serverError)
		got, err := newEngine(org).Revoke(t.Context(), with(revoke.NoEvidence, everything()))
		wantSuccess(t, got, err, outcome{Uncounted: true})
		if !got.Acted() {
			t.Error("got an outcome that changed nothing")
		}
	})
}

func TestRevokeNamesMatchingTokensThatAppear(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		org.Latency = 2 * time.Second
		addOrders(org, number("oar", 3)...)
		org.AfterEffect = oktafake.Once(oktafake.On(http.MethodDelete, oneToken), meanwhile(func() {
			like := held
			like.ID, like.Scopes = "oarNew", []string{"orders"}
			org.AddToken(like)
			like.ID, like.Scopes = "oarOther", []string{"profile"}
			org.AddToken(like)
		}))
		got, err := newEngine(org).Revoke(t.Context(), matching("orders"))
		wantSuccess(t, got, err, outcome{Revoked: number("oar", 3), Appeared: []string{"oarNew"}})
		wantTokens(t, org, "oarNew", "oarOther")
	})
}

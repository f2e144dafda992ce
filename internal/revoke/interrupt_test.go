package revoke_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// interrupted is a context that is cancelled after a time.
func interrupted(t *testing.T, after time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	timer := time.AfterFunc(after, cancel)
	t.Cleanup(func() {
		timer.Stop()
		cancel()
	})
	return ctx
}

// Each request takes a second: after the list, ten DELETEs are sent in each.
// Those that are in flight when the run is interrupted are still answered.
func TestRevokeInterruptedAccountsForEveryToken(t *testing.T) {
	t.Parallel()
	const when = 4500 * time.Millisecond
	for _, tc := range []struct {
		name    string
		context func(*testing.T, time.Duration) context.Context
		want    error
	}{
		{"cancelled", interrupted, context.Canceled},
		{"out of time", within, context.DeadlineExceeded},
	} {
		for name, req := range map[string]revoke.Request{"IDs": named(number("oar", 200)...), "filter": matching("orders")} {
			t.Run(tc.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					all := number("oar", 200)
					like := held
					like.Scopes = []string{"orders"}
					add(org, like, all...)
					org.Latency = time.Second
					engine := newEngine(org)
					start := time.Now()
					got, err := engine.Revoke(tc.context(t, when), req)

					if took := time.Since(start); took != 5*time.Second {
						t.Errorf("it took %s, want 5s: the answers in flight and no more", took)
					}
					revoked := org.RevokedIDs()
					slices.Sort(revoked)
					if len(revoked) != 40 {
						t.Errorf("got %d tokens revoked, want 40", len(revoked))
					}
					incomplete := wantIncomplete(t, got, err, outcome{Revoked: revoked, Left: without(all, revoked...)})
					if !incomplete.Interrupted || incomplete.Unverified || !errors.Is(err, tc.want) {
						t.Errorf("got %+v, want Interrupted by %v", incomplete, tc.want)
					}
					if sent := len(org.RequestsOf(http.MethodDelete)); sent != 40 {
						t.Errorf("got %d DELETE requests, want 40", sent)
					}

					got, err = engine.Revoke(t.Context(), req)
					want := outcome{Revoked: incomplete.Outcome.Left}
					if req.Selection.Named() {
						want.AlreadyGone = 40
					}
					wantSuccess(t, got, err, want)
				})
			})
		}
	}
}

// An answer is waited for twelve seconds after the interrupt. Then a look says what became of
// the tokens.
func TestRevokeInterruptedLooksWhereThereIsNoAnswer(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		req  revoke.Request
		sent int
	}{
		{"IDs", named(number("oar", 50)...), 10},
		{"everything", everything(), 1},
	} {
		for effect, hook := range map[string]func(*oktafake.Server, oktafake.Responder){
			"no effect": func(org *oktafake.Server, hang oktafake.Responder) { org.Intercept = hang },
			"effective": func(org *oktafake.Server, hang oktafake.Responder) { org.AfterEffect = hang },
		} {
			t.Run(tc.name+"/"+effect, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					all := number("oar", 50)
					add(org, held, all...)
					hook(org, oktafake.When(oktafake.On(http.MethodDelete, ""), hang))
					engine := newEngine(org)
					start := time.Now()
					got, err := engine.Revoke(interrupted(t, 2*time.Second), tc.req)
					if took := time.Since(start); took != 14*time.Second {
						t.Errorf("it took %s, want 14s", took)
					}
					taken := slices.Sorted(slices.Values(org.RevokedIDs()))
					left := without(all, taken...)
					incomplete := wantIncomplete(t, got, err, outcome{Revoked: taken, Left: left})
					if !incomplete.Interrupted || incomplete.Unverified != (len(left) == 0) || !errors.Is(err, context.Canceled) {
						t.Errorf("got %+v, want Interrupted", incomplete)
					}
					if sent := len(org.RequestsOf(http.MethodDelete)); sent != tc.sent {
						t.Errorf("got %d DELETE requests, want %d", sent, tc.sent)
					}

					org.Intercept, org.AfterEffect = nil, nil
					got, err = engine.Revoke(t.Context(), tc.req)
					want := outcome{Revoked: without(all, taken...)}
					if tc.req.Selection.Named() {
						want.AlreadyGone = int64(len(taken))
					}
					wantSuccess(t, got, err, want)
					wantTokens(t, org)
				})
			})
		}
	}
}

// A DELETE of all tokens is answered after the interrupt.
func TestRevokeAllInterruptedOnTheWire(t *testing.T) {
	t.Parallel()
	for name, evidence := range evidences {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addThree(org)
				org.Latency = 2 * time.Second
				want, when := outcome{Revoked: number("oar", 3)}, 3*time.Second
				if evidence == revoke.NoEvidence {
					want, when = outcome{Uncounted: true}, time.Second
				}
				got, err := newEngine(org).Revoke(interrupted(t, when), with(evidence, everything()))
				incomplete := wantIncomplete(t, got, err, want)
				if !incomplete.Interrupted || !incomplete.Unverified || !got.Acted() {
					t.Errorf("got %+v, want Interrupted and Unverified, with something done", incomplete)
				}
				wantTokens(t, org)
			})
		})
	}
}

// The interrupt comes before any DELETE: during the list, and just after.
func TestRevokeInterruptedBeforeItBeginsDoesNothing(t *testing.T) {
	t.Parallel()
	for name, req := range ways {
		for degree, evidence := range evidences {
			t.Run(name+"/"+degree, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					addThree(org)
					ctx, cancel := context.WithCancel(t.Context())
					cancel()
					got, err := newEngine(org).Revoke(ctx, with(evidence, req))
					if !errors.Is(err, context.Canceled) || got.Acted() || len(got.Revoked) > 0 || got.AlreadyGone > 0 {
						t.Errorf("got %+v and the error %v, want nothing done", got, err)
					}
					if incomplete, ok := errors.AsType[*revoke.IncompleteError](err); ok && incomplete.Unverified {
						t.Errorf("got %+v, want it not Unverified", incomplete)
					}
					wantSent(t, org, http.MethodDelete)
				})
			})
		}
	}
}

// A token that is missing counts as gone only once its parent is known to
// exist, and the interrupt leaves no time to find out.
func TestRevokeInterruptedCountsNothingAsGoneAtAnUnknownParent(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		org.Intercept = oktafake.Once(oktafake.On(http.MethodDelete, oneToken), meanwhile(cancel))
		got, err := newEngine(org, oneAtATime).Revoke(ctx, with(revoke.NoEvidence, named(number("oar", 2)...)))
		incomplete := wantIncomplete(t, got, err, outcome{Left: number("oar", 2)})
		if !incomplete.Interrupted || okta.IsNotFound(err) {
			t.Errorf("got %+v, want Interrupted", incomplete)
		}
		if sent := len(org.Requests()); sent != 1 {
			t.Errorf("got %d requests, want 1", sent)
		}
	})
}

// A pause between two rounds ends with the context.
func TestRevokeInterruptedWhilePausing(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		addThree(org)
		org.Intercept = oktafake.When(oktafake.On(http.MethodDelete, ""), serverError)
		start := time.Now()
		got, err := newEngine(org).Revoke(interrupted(t, 200*time.Millisecond), everything())
		incomplete := wantIncomplete(t, got, err, outcome{Left: number("oar", 3)})
		if !incomplete.Interrupted {
			t.Errorf("got %+v, want Interrupted", incomplete)
		}
		if took := time.Since(start); took != 200*time.Millisecond {
			t.Errorf("it took %s, want 200ms", took)
		}
		wantSent(t, org, http.MethodDelete, atServer("0oa1"))
	})
}

package revoke_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// watched is a request, and the events that it is told of.
func watched(req revoke.Request) (revoke.Request, *[]revoke.Event) {
	var events []revoke.Event
	req.Progress = func(e revoke.Event) { events = append(events, e) } // the race detector sees an overlap
	return req, &events
}

// named in events are all tokens that they name, sorted.
func namedIn(events []revoke.Event) []string {
	var all []string
	for _, e := range events {
		all = append(all, e.Revoked...)
	}
	slices.Sort(all)
	return all
}

func TestProgressOfTokensRevokedOneByOne(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	add(org, held, "oar1", "oar2", "oar3")
	req, events := watched(named("oar1", "oar2", "oar3", "oar9"))
	if _, err := newEngine(org, oneAtATime).Revoke(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	diff(t, "events", *events, []revoke.Event{
		{Selected: 4},
		{Selected: 4, Done: 1, Revoked: []string{"oar1"}},
		{Selected: 4, Done: 2, Revoked: []string{"oar2"}},
		{Selected: 4, Done: 3, Revoked: []string{"oar3"}}, // oar9 was gone, and not revoked here
	})
}

func TestProgressOfTokensRevokedInOneRequest(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	add(org, held, "oar1", "oar2")
	add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "0oa2", UserID: "00u1"}, "oar3")
	req, events := watched(revoke.Request{Target: walk.AtEveryClient(server), Selection: revoke.Everything()})
	if _, err := newEngine(org, oneAtATime).Revoke(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	diff(t, "events", *events, []revoke.Event{
		{Selected: 3, Parents: 2},
		{Selected: 3, Parents: 2, Done: 2, DoneParents: 1, Revoked: []string{"oar1", "oar2"}},
		{Selected: 3, Parents: 2, Done: 3, DoneParents: 2, Revoked: []string{"oar3"}},
	})
}

// What was not listed is not known, and its progress is that of the requests.
func TestProgressOfTokensThatWereNotListed(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	add(org, held, "oar1", "oar2")
	req, events := watched(with(revoke.NoEvidence, everything()))
	if _, err := newEngine(org).Revoke(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	diff(t, "events", *events, []revoke.Event{{Parents: 1}, {Parents: 1, DoneParents: 1}})
}

// Nothing is told of a request that a guard refuses.
func TestProgressBeginsBehindTheGuards(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	add(org, held, "oar1", "oar2")
	req, events := watched(atMost(1, everything()))
	if _, err := newEngine(org).Revoke(t.Context(), req); err == nil {
		t.Fatal("got no error, want a refusal")
	}
	diff(t, "events", *events, []revoke.Event{})
}

// A token is told of once, though Okta has to be told twice, and what turns out to
// be revoked only when it is looked for is told of too.
func TestProgressNamesEachRevokedTokenOnce(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		req  revoke.Request
		hook func(*oktafake.Org)
	}{
		"confirmed and still listed": {
			named("oar1", "oar2", "oar3"),
			func(org *oktafake.Org) { org.Intercept = oktafake.Once(oktafake.On(http.MethodDelete, ""), noContent) },
		},
		"confirmed together and still listed": {
			everything(),
			func(org *oktafake.Org) { org.Intercept = oktafake.Once(oktafake.On(http.MethodDelete, ""), noContent) },
		},
		"no answer, and gone": {
			named("oar1", "oar2", "oar3"),
			func(org *oktafake.Org) {
				org.AfterEffect = oktafake.When(oktafake.On(http.MethodDelete, ""), serverError)
			},
		},
		"no answer to the one request, and gone": {
			everything(),
			func(org *oktafake.Org) {
				org.AfterEffect = oktafake.When(oktafake.On(http.MethodDelete, ""), serverError)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				add(org, held, "oar1", "oar2", "oar3")
				tc.hook(org.Org)
				req, events := watched(tc.req)
				out, err := newEngine(org, func(cfg *okta.Config) { cfg.MaxRetries = 0 }).Revoke(t.Context(), req)
				if err != nil {
					t.Fatal(err)
				}
				diff(t, "tokens named", namedIn(*events), ids(out.Revoked))
				if last := (*events)[len(*events)-1]; last.Done != 3 || last.DoneParents != last.Parents {
					t.Errorf("got the last event %+v, want all done", last)
				}
				for _, e := range *events {
					if e.Done > e.Selected || e.DoneParents > e.Parents {
						t.Errorf("got the event %+v, want no more done than there is", e)
					}
				}
			})
		})
	}
}

// Each request takes a second, the first by itself, and then ten of them: what is
// in flight when the run is interrupted is told of as well.
func TestProgressOfAnInterruptedRun(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		add(org, held, number("oar", 200)...)
		org.Latency = time.Second
		req, events := watched(with(revoke.NoEvidence, named(number("oar", 200)...)))
		out, err := newEngine(org).Revoke(interrupted(t, 2500*time.Millisecond), req)
		if err == nil || len(out.Revoked) != 21 {
			t.Fatalf("got %d tokens revoked and the error %v, want 21 and an error", len(out.Revoked), err)
		}
		diff(t, "tokens named", namedIn(*events), ids(out.Revoked))
	})
}

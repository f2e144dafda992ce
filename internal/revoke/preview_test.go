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

// preview is a [revoke.Preview] by numbers.
type preview struct {
	Count, Clients, Users, Shown int
	Bound                        revoke.Bound
	Partial                      bool
}

func wantPreview(t *testing.T, got revoke.Preview, want preview) {
	t.Helper()
	diff(t, "preview", preview{got.Count, got.Clients, got.Users, len(got.Tokens), got.Bound, got.Partial}, want)
}

func TestPreviewCountsWhatWouldBeHit(t *testing.T) {
	t.Parallel()
	everyClient := walk.AtEveryClient(server)
	for _, tc := range []struct {
		name string
		req  revoke.Request
		want preview
	}{
		{"one ID", named("oarA3"), preview{Count: 1, Clients: 1, Users: 1, Shown: 1, Bound: revoke.AtMost}},
		{"one ID that is gone", named("oarGone"), preview{Bound: revoke.AtMost}},
		{"one ID that is revoked", named("oarRevoked"), preview{Bound: revoke.AtMost}},
		{"several IDs", named("oarA1", "oarA3", "oarGone"), preview{Count: 3, Clients: 1, Users: 2, Shown: 2, Bound: revoke.AtMost}},
		{"no IDs", named(), preview{Bound: revoke.AtMost}},
		{"filter", matching("orders"), preview{Count: 2, Clients: 1, Users: 1, Shown: 2}},
		{"filter that matches nothing", matching("payroll"), preview{}},
		{"everything", everything(), preview{Count: 3, Clients: 1, Users: 2, Shown: 3}},
		{"everything, no evidence", with(revoke.NoEvidence, everything()), preview{Count: 3, Clients: 1, Users: 2, Shown: 3}},
		{"app", revoke.Request{Target: walk.At(okta.App("0oa1")), Selection: revoke.Everything()}, preview{Count: 6, Clients: 1, Users: 2, Shown: 6}},
		{"user", revoke.Request{Target: userAndClient, Selection: revoke.Everything()}, preview{Count: 4, Clients: 1, Users: 1, Shown: 4}},
		{"every client", revoke.Request{Target: everyClient, Selection: revoke.Everything()}, preview{Count: 5, Clients: 2, Users: 2, Shown: 5}},
		{"IDs at every client", revoke.Request{Target: everyClient, Selection: revoke.Tokens("oarA1", "oarB1", "oarC1")}, preview{Count: 3, Clients: 2, Users: 1, Shown: 2, Bound: revoke.AtMost}},
		{"no IDs at every client", revoke.Request{Target: everyClient}, preview{Bound: revoke.AtMost}},
		{"at the bound", atMost(3, everything()), preview{Count: 3, Clients: 1, Users: 2, Shown: 3}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := company(t)
			like := held
			like.Status, like.Scopes = "REVOKED", []string{"orders"}
			add(org, like, "oarRevoked")
			before := org.TokenIDs()
			got, err := (&revoke.Engine{Client: newClient(org)}).Preview(t.Context(), tc.req)
			if err != nil {
				t.Fatal(err)
			}
			wantPreview(t, got, tc.want)
			wantSent(t, org, http.MethodDelete)
			wantTokens(t, org, before...)
			if tc.req.Nothing() {
				wantTraffic(t, org)
			}
		})
	}
}

func TestPreviewCountsNoUserForATokenWithout(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "0oa1"}, "oar1")
		got, err := newEngine(org).Preview(t.Context(), everything())
		if err != nil {
			t.Fatal(err)
		}
		wantPreview(t, got, preview{Count: 1, Clients: 1, Shown: 1})
	})
}

// Pages are of 20 tokens. The parent has as many as tokens says, its server
// five clients more of one token each.
func TestPreviewReadsNoMoreThanItMay(t *testing.T) {
	t.Parallel()
	everyClient := ways["every client"]
	for _, tc := range []struct {
		name      string
		tokens    int
		req       revoke.Request
		want      preview
		wantError error
		traffic   []string
	}{
		{name: "five pages", tokens: 100, req: everything(), want: preview{Count: 100, Shown: 100}, traffic: []string{"GET tokens x5"}},
		{name: "six pages", tokens: 101, req: everything(), want: preview{Count: 100, Shown: 100, Bound: revoke.AtLeast, Partial: true}, traffic: []string{"GET tokens x5"}},
		{name: "filter", tokens: 101, req: matching("payroll"), want: preview{Bound: revoke.AtLeast, Partial: true}, traffic: []string{"GET tokens x5"}},
		{name: "six clients", tokens: 1, req: everyClient, want: preview{Count: 6, Shown: 6}, traffic: []string{"GET clients", "GET tokens x6"}},
		{name: "fifty pages", tokens: 880, req: everyClient, want: preview{Count: 885, Shown: 885}, traffic: []string{"GET clients", "GET tokens x49"}},
		{
			name: "fifty-one pages", tokens: 881, req: everyClient,
			want: preview{Count: 885, Shown: 885, Bound: revoke.AtLeast, Partial: true}, traffic: []string{"GET clients", "GET tokens x49"},
		},
		{name: "bound decided late", tokens: 130, req: atMost(130, everything()), want: preview{Count: 130, Shown: 130}, traffic: []string{"GET tokens x7"}},
		{
			name: "bound broken late", tokens: 130, req: atMost(129, everything()),
			wantError: &revoke.TooManyError{Max: 129, Found: 130}, traffic: []string{"GET tokens x7"},
		},
		{
			name: "bound broken early", tokens: 130, req: atMost(10, everything()),
			wantError: &revoke.TooManyError{Max: 10, Found: 130}, traffic: []string{"GET tokens x7"},
		},
		{
			name: "bound broken at the last client", tokens: 1, req: atMost(5, everyClient),
			wantError: &revoke.TooManyError{Max: 5, Found: 6}, traffic: []string{"GET clients", "GET tokens x6"},
		},
		{
			name: "bound kept at every client", tokens: 1, req: atMost(6, everyClient),
			want: preview{Count: 6, Shown: 6}, traffic: []string{"GET clients", "GET tokens x6"},
		},

		{name: "one ID", tokens: 130, req: named("oar0130"), want: preview{Count: 1, Shown: 1, Bound: revoke.AtMost}, traffic: []string{"GET tokens/*"}},
		{name: "two IDs", tokens: 130, req: named("oar0129", "oar0130"), want: preview{Count: 2, Shown: 2, Bound: revoke.AtMost}, traffic: []string{"GET tokens", "GET tokens/* x2"}},
		{name: "IDs on the first pages", tokens: 130, req: named(number("oar", 90)...), want: preview{Count: 90, Shown: 90, Bound: revoke.AtMost}, traffic: []string{"GET tokens x5"}},
		{name: "IDs beyond", tokens: 130, req: named(number("oar", 110)...), want: preview{Count: 110, Shown: 100, Bound: revoke.AtMost, Partial: true}, traffic: []string{"GET tokens x5"}},
		{name: "IDs bounded", tokens: 3, req: atMost(2, named(number("oar", 3)...)), wantError: &revoke.TooManyError{Max: 2, Found: 3}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				org.PageSize = 20
				add(org, held, number("oar", tc.tokens)...)
				for _, client := range []string{"0oa2", "0oa3", "0oa4", "0oa5", "0oa6"} {
					add(org, oktafake.Token{AuthServerID: "aus1", ClientID: client, UserID: "00u1"}, "oar"+client)
				}
				got, err := newEngine(org).Preview(t.Context(), tc.req)
				diff(t, "error", err, tc.wantError)
				if tc.want.Shown > 0 {
					tc.want.Users, tc.want.Clients = 1, 1
				}
				if tc.req.Target.EveryClient() && tc.want.Shown > 0 {
					tc.want.Clients = 6
				}
				wantPreview(t, got, tc.want)
				wantTraffic(t, org, tc.traffic...)
			})
		})
	}
}

func TestPreviewFailsAtAnUnknownParent(t *testing.T) {
	t.Parallel()
	for name, target := range map[string]walk.Target{
		"client": walk.At(server.Client("0oa9")),
		"app":    walk.At(okta.App("0oa9")),
		"holder": walk.AtEveryClient(okta.User("00u9")),
	} {
		for selected, selection := range map[string]revoke.Selection{
			"one ID":      revoke.Tokens("oar0001"),
			"several IDs": revoke.Tokens(number("oar", 3)...),
			"everything":  revoke.Everything(),
		} {
			t.Run(name+"/"+selected, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					addThree(org)
					got, err := newEngine(org).Preview(t.Context(), revoke.Request{Target: target, Selection: selection})
					if !okta.IsNotFound(err) {
						t.Errorf("got the error %v, want one that IsNotFound", err)
					}
					wantPreview(t, got, preview{})
				})
			})
		}
	}
}

// The sixth client is beyond what a preview reads, but its name is not.
func TestPreviewSeesAProtectedClientAmongMany(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		for _, client := range []string{"0oa1", "0oa2", "0oa3", "0oa4", "0oa5", "0oa6"} {
			add(org, oktafake.Token{AuthServerID: "aus1", ClientID: client, UserID: "00u1"}, "oar"+client)
		}
		engine := newEngine(org)
		engine.Protected.ClientIDs = okta.NewSet("0oa6")
		_, err := engine.Preview(t.Context(), ways["every client"])
		diff(t, "error", err, error(&revoke.ProtectedError{Kind: "client", ID: "0oa6"}))
	})
}

// Ending the sessions hits the tokens of every client, so the bound and
// the protection of users hold for them at plan, too.
func TestPreviewGuardsTheTokensThatSessionsTake(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		addThree(org)
		add(org, oktafake.Token{ClientID: "0oa2", UserID: "00u1"}, "oarB")
		engine := newEngine(org)
		req := endSessions(userAndClient, revoke.Tokens("oar0001"))
		_, err := engine.Preview(t.Context(), atMost(3, req))
		diff(t, "error", err, error(&revoke.TooManyError{Max: 3, Found: 4, EndingSessions: true}))
		engine.Protected.ClientIDs = okta.NewSet("0oa2")
		_, err = engine.Preview(t.Context(), req)
		diff(t, "error", err, error(&revoke.ProtectedError{Kind: "client", ID: "0oa2"}))
		wantSent(t, org, http.MethodDelete)
	})
}

// A client that is deleted while the preview reads takes its tokens with it.
func TestPreviewOutlivesADeletedClient(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		addThree(org)
		add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "0oa2", UserID: "00u1"}, "oarB")
		org.Intercept = oktafake.When(oktafake.On(http.MethodGet, "/api/v1/authorizationServers/aus1/clients/0oa2/tokens"), deleted(org, "oarB"))
		got, err := newEngine(org).Preview(t.Context(), ways["every client"])
		if err != nil {
			t.Fatal(err)
		}
		wantPreview(t, got, preview{Count: 3, Clients: 1, Users: 1, Shown: 3})
	})
}

// One 404 is not believed against the list of clients.
func TestPreviewFailsWhereOktaContradictsItself(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		addThree(org)
		add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "0oa2", UserID: "00u1"}, "oarB")
		org.Intercept = oktafake.When(oktafake.On(http.MethodGet, "/api/v1/authorizationServers/aus1/clients/0oa2/tokens"), notThere)
		_, err := newEngine(org).Preview(t.Context(), ways["every client"])
		if err == nil || okta.IsNotFound(err) || !strings.Contains(err.Error(), "still lists") {
			t.Errorf("got the error %v, want the contradiction", err)
		}
	})
}

// What a preview was made from, and what it costs to do what it shows. Pages are of two
// tokens.
func TestPreviewSaysWhatItReadAndWhatItCosts(t *testing.T) {
	t.Parallel()
	type cost struct {
		Read, Named, Parents, ReadParents, Deletes int
		OneByOne                                   bool
	}
	users, clients := revoke.Protected{UserIDs: okta.NewSet("00u9")}, revoke.Protected{ClientIDs: okta.NewSet("0oa9")}
	ofUser := revoke.Request{Target: walk.At(okta.User("00u1").Client("0oa1")), Selection: revoke.Everything()}
	ofApp := revoke.Request{Target: walk.At(okta.App("0oa1")), Selection: revoke.Everything()}
	everyClient := ways["every client"]
	for _, tc := range []struct {
		name      string
		tokens    int
		protected revoke.Protected
		req       revoke.Request
		want      cost
	}{
		{"all", 3, revoke.Protected{}, everything(), cost{Read: 3, Parents: 1, ReadParents: 1, Deletes: 1}},
		{"all of none", 0, revoke.Protected{}, everything(), cost{Parents: 1, ReadParents: 1, Deletes: 1}},
		{"all of none, with a bound", 0, revoke.Protected{}, atMost(1, everything()), cost{Parents: 1, ReadParents: 1}},
		{"all, users protected", 3, users, everything(), cost{Read: 3, Parents: 1, ReadParents: 1, Deletes: 3, OneByOne: true}},
		{"all, clients protected", 3, clients, everything(), cost{Read: 3, Parents: 1, ReadParents: 1, Deletes: 1}},
		{"all of an app, users protected", 3, users, ofApp, cost{Read: 3, Parents: 1, ReadParents: 1, Deletes: 3, OneByOne: true}},
		{"all of a user, users protected", 3, users, ofUser, cost{Read: 3, Parents: 1, ReadParents: 1, Deletes: 1}},
		{"filter", 3, users, matching("orders"), cost{Read: 3, Parents: 1, ReadParents: 1, Deletes: 3}},
		{"filter that matches nothing", 3, users, matching("payroll"), cost{Read: 3, Parents: 1, ReadParents: 1}},
		{"IDs", 3, users, named("oar0001", "oar0002", "oarGone"), cost{Read: 2, Named: 3, Parents: 1, ReadParents: 1, Deletes: 3}},
		{"every client", 3, clients, everyClient, cost{Read: 5, Parents: 2, ReadParents: 2, Deletes: 2}},
		{"every client, users protected", 3, users, everyClient, cost{Read: 5, Parents: 2, ReadParents: 2, Deletes: 5, OneByOne: true}},
		{"more than is read", 20, revoke.Protected{}, everything(), cost{Read: 10, Parents: 1, ReadParents: 1, Deletes: 1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				org.PageSize = 2
				org.AddAuthorizationServer(oktafake.AuthorizationServer{ID: "aus1"})
				org.AddClient(oktafake.App{ID: "0oa1"})
				like := held
				like.Scopes = []string{"orders"}
				add(org, like, number("oar", tc.tokens)...)
				if tc.req.Target.EveryClient() {
					like.ClientID = "0oa2"
					add(org, like, "oarB1", "oarB2")
				}
				engine := newEngine(org)
				engine.Protected = tc.protected
				got, err := engine.Preview(t.Context(), tc.req)
				if err != nil {
					t.Fatal(err)
				}
				diff(t, "cost", cost{got.Read, got.Named, got.Parents, got.ReadParents, got.Deletes, got.OneByOne}, tc.want)
			})
		})
	}
}

func TestMustRead(t *testing.T) {
	t.Parallel()
	users := revoke.Protected{UserIDs: okta.NewSet("00u9")}
	for _, tc := range []struct {
		name      string
		protected revoke.Protected
		req       revoke.Request
		want      bool
	}{
		{"all, full evidence", revoke.Protected{}, everything(), true},
		{"all, IDs", revoke.Protected{}, with(revoke.IDEvidence, everything()), true},
		{"all, no evidence", revoke.Protected{}, with(revoke.NoEvidence, everything()), false},
		{"all, no evidence, a bound", revoke.Protected{}, with(revoke.NoEvidence, atMost(3, everything())), true},
		{"all, no evidence, protected", users, with(revoke.NoEvidence, everything()), true},
		{"all of every client", revoke.Protected{}, with(revoke.NoEvidence, ways["every client"]), true},
		{"filter", revoke.Protected{}, with(revoke.NoEvidence, matching("orders")), true},
		{"IDs", revoke.Protected{}, with(revoke.NoEvidence, named("oar1")), false},
		{"IDs, a bound", revoke.Protected{}, with(revoke.NoEvidence, atMost(3, named("oar1"))), false},
		{"sessions", revoke.Protected{}, with(revoke.NoEvidence, endSessions(userAndClient, revoke.Everything())), false},
		{"sessions, a bound", revoke.Protected{}, with(revoke.NoEvidence, atMost(3, endSessions(userAndClient, revoke.Tokens("oar1")))), true},
	} {
		if got := (&revoke.Engine{Protected: tc.protected}).MustRead(tc.req); got != tc.want {
			t.Errorf("%s: got %t, want %t", tc.name, got, tc.want)
		}
	}
}

// An absurd Date in one answer makes no token old.
func TestPreviewMeasuresNoAgeByAnAbsurdClock(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 200} {
		for nth := 1; nth <= 3; nth++ {
			t.Run(fmt.Sprintf("pages of %d, answer %d", size, nth), func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					org.PageSize = size
					add(org, held, number("oar", 3)...)
					age := 720 * time.Hour
					engine := newEngine(org, oneAtATime, func(cfg *okta.Config) { cfg.Network = &absurd{RoundTripper: org.Org, nth: nth} })
					got, err := engine.Preview(t.Context(), revoke.Request{
						Target: walk.At(parent), Selection: revoke.Matching(okta.Filter{OlderThan: &age}),
					})
					if _, refused := errors.AsType[*okta.ClockError](err); refused && size == 200 && nth == 1 {
						return // no other answer says what time it is
					}
					if err != nil {
						t.Fatal(err)
					}
					wantPreview(t, got, preview{})
				})
			})
		}
	}
}

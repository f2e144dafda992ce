package revoke_test

import (
	"net/http"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// preview is a [revoke.Preview] by numbers.
type preview struct {
	Count, Clients, Users, Shown int
	More                         bool
}

func wantPreview(t *testing.T, got revoke.Preview, want preview) {
	t.Helper()
	diff(t, "preview", preview{got.Count, got.Clients, got.Users, len(got.Tokens), got.More}, want)
}

func TestPreviewCountsWhatWouldBeHit(t *testing.T) {
	t.Parallel()
	everyClient := revoke.AtEveryClient(server)
	for _, tc := range []struct {
		name string
		req  revoke.Request
		want preview
	}{
		{"one ID", named("oarA3"), preview{Count: 1, Clients: 1, Users: 1, Shown: 1}},
		{"one ID that is gone", named("oarGone"), preview{}},
		{"one ID that is revoked", named("oarRevoked"), preview{}},
		{"several IDs", named("oarA1", "oarA3", "oarGone"), preview{Count: 2, Clients: 1, Users: 2, Shown: 2}},
		{"no IDs", named(), preview{}},
		{"filter", matching("orders"), preview{Count: 2, Clients: 1, Users: 1, Shown: 2}},
		{"filter that matches nothing", matching("payroll"), preview{}},
		{"everything", everything(), preview{Count: 3, Clients: 1, Users: 2, Shown: 3}},
		{"everything, no evidence", with(revoke.NoEvidence, everything()), preview{Count: 3, Clients: 1, Users: 2, Shown: 3}},
		{"app", revoke.Request{Target: revoke.At(okta.App("0oa1")), Selection: revoke.Everything()}, preview{Count: 6, Clients: 1, Users: 2, Shown: 6}},
		{"user", revoke.Request{Target: userAndClient, Selection: revoke.Everything()}, preview{Count: 4, Clients: 1, Users: 1, Shown: 4}},
		{"every client", revoke.Request{Target: everyClient, Selection: revoke.Everything()}, preview{Count: 5, Clients: 2, Users: 2, Shown: 5}},
		{"IDs at every client", revoke.Request{Target: everyClient, Selection: revoke.Tokens("oarA1", "oarB1", "oarC1")}, preview{Count: 2, Clients: 2, Users: 1, Shown: 2}},
		{"no IDs at every client", revoke.Request{Target: everyClient}, preview{}},
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
func TestPreviewReadsFivePagesAtMost(t *testing.T) {
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
		{name: "six pages", tokens: 101, req: everything(), want: preview{Count: 100, Shown: 100, More: true}, traffic: []string{"GET tokens x5"}},
		{name: "filter", tokens: 101, req: matching("payroll"), want: preview{More: true}, traffic: []string{"GET tokens x5"}},
		{name: "six clients", tokens: 1, req: everyClient, want: preview{Count: 4, Shown: 4, More: true}, traffic: []string{"GET clients", "GET tokens x4"}},
		{name: "bound decided late", tokens: 130, req: atMost(130, everything()), want: preview{Count: 130, Shown: 130}, traffic: []string{"GET tokens x7"}},
		{
			name: "bound broken late", tokens: 130, req: atMost(129, everything()),
			wantError: &revoke.TooManyError{Max: 129, Found: 130}, traffic: []string{"GET tokens x7"},
		},
		{
			name: "bound broken early", tokens: 130, req: atMost(10, everything()),
			wantError: &revoke.TooManyError{Max: 10, Found: 20, More: true}, traffic: []string{"GET tokens"},
		},
		{
			name: "bound broken at the last client", tokens: 1, req: atMost(5, everyClient),
			wantError: &revoke.TooManyError{Max: 5, Found: 6}, traffic: []string{"GET clients", "GET tokens x6"},
		},
		{
			name: "bound kept at every client", tokens: 1, req: atMost(6, everyClient),
			want: preview{Count: 6, Shown: 6}, traffic: []string{"GET clients", "GET tokens x6"},
		},

		{name: "one ID", tokens: 130, req: named("oar0130"), want: preview{Count: 1, Shown: 1}, traffic: []string{"GET tokens/*"}},
		{name: "two IDs", tokens: 130, req: named("oar0129", "oar0130"), want: preview{Count: 2, Shown: 2}, traffic: []string{"GET tokens", "GET tokens/* x2"}},
		{name: "IDs on the first pages", tokens: 130, req: named(number("oar", 90)...), want: preview{Count: 90, Shown: 90}, traffic: []string{"GET tokens x5"}},
		{name: "IDs beyond", tokens: 130, req: named(number("oar", 110)...), want: preview{Count: 110, Shown: 100, More: true}, traffic: []string{"GET tokens x5"}},
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
				if tc.req.Target.EveryClient() {
					tc.want.Clients = tc.want.Count
				}
				wantPreview(t, got, tc.want)
				wantTraffic(t, org, tc.traffic...)
			})
		})
	}
}

func TestPreviewFailsAtAnUnknownParent(t *testing.T) {
	t.Parallel()
	for name, target := range map[string]revoke.Target{
		"client": revoke.At(server.Client("0oa9")),
		"app":    revoke.At(okta.App("0oa9")),
		"holder": revoke.AtEveryClient(okta.User("00u9")),
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

// Ending the sessions hits the tokens of every client, so that the bound and
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
		org.Intercept = oktafake.When(oktafake.On(http.MethodGet, "/api/v1/authorizationServers/aus1/clients/0oa2/tokens"), notThere)
		got, err := newEngine(org).Preview(t.Context(), ways["every client"])
		if err != nil {
			t.Fatal(err)
		}
		wantPreview(t, got, preview{Count: 3, Clients: 1, Users: 1, Shown: 3})
	})
}

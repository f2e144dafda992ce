package revoke_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// company is an org in which every target has tokens that the others lack. The
// client 0oa1 is held by both users, at both servers and at the org's own.
func company(t *testing.T) *oktafake.Server {
	t.Helper()
	org := oktafake.New(t)
	orders := []string{"offline_access", "orders"}
	for _, token := range []oktafake.Token{
		{ID: "oarA1", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1", Scopes: orders},
		{ID: "oarA2", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1", Scopes: orders},
		{ID: "oarA3", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u2"},
		{ID: "oarB1", AuthServerID: "aus1", ClientID: "0oa2", UserID: "00u1", Scopes: orders},
		{ID: "oarB2", AuthServerID: "aus1", ClientID: "0oa2", UserID: "00u2"},
		{ID: "oarC1", AuthServerID: "aus2", ClientID: "0oa1", UserID: "00u1", Scopes: orders},
		{ID: "oarC2", AuthServerID: "aus2", ClientID: "0oa1", UserID: "00u2"},
		{ID: "oarO1", ClientID: "0oa1", UserID: "00u1"},
	} {
		add(org, token, token.ID)
	}
	return org
}

// The token collection of a client at a server, at a user, and as an app.
func atServer(client string) string {
	return "/authorizationServers/aus1/clients/" + client + "/tokens"
}
func atUser(client string) string { return "/users/00u1/clients/" + client + "/tokens" }
func atApp(string) string         { return "/apps/0oa1/tokens" }

func TestRevokeTakesExactlyWhatIsSelected(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name       string
		target     walk.Target
		collection func(client string) string
		// What the selections take: two tokens by their IDs, those with the scope
		// orders, and all of the target.
		two, matching, all string
	}{
		{"server and client", walk.At(parent), atServer, "A1 A3", "A1 A2", "A1 A2 A3"},
		{"user and client", walk.At(okta.User("00u1").Client("0oa1")), atUser, "C1 O1", "A1 A2 C1", "A1 A2 C1 O1"},
		{"app", walk.At(okta.App("0oa1")), atApp, "A3 O1", "A1 A2 C1", "A1 A2 A3 C1 C2 O1"},
		{"every client of a server", walk.AtEveryClient(server), atServer, "A3 B2", "A1 A2 B1", "A1 A2 A3 B1 B2"},
		{"every client of a user", walk.AtEveryClient(okta.User("00u1")), atUser, "B1 O1", "A1 A2 B1 C1", "A1 A2 B1 C1 O1"},
	} {
		two := tokenIDs(tc.two)
		for _, selected := range []struct {
			name      string
			selection revoke.Selection
			want      []string
		}{
			{"one ID", revoke.Tokens(two[0]), two[:1]},
			{"several IDs", revoke.Tokens(two...), two},
			{"filter", revoke.Matching(okta.Filter{AnyScopes: okta.NewSet("orders")}), tokenIDs(tc.matching)},
			{"everything", revoke.Everything(), tokenIDs(tc.all)},
		} {
			t.Run(tc.name+"/"+selected.name, func(t *testing.T) {
				t.Parallel()
				org := company(t)
				before := org.Tokens()
				engine := &revoke.Engine{Client: newClient(org)}
				got, err := engine.Revoke(t.Context(), revoke.Request{Target: tc.target, Selection: selected.selection})

				wantSuccess(t, got, err, outcome{Revoked: selected.want})
				if age := time.Since(got.At).Abs(); age > 10*time.Second {
					t.Errorf("got an outcome of %s, want one of now", got.At)
				}
				var deletes, rest []string
				var evidence []oktafake.Token
				for _, token := range before {
					if !slices.Contains(selected.want, token.ID) {
						rest = append(rest, token.ID)
						continue
					}
					evidence = append(evidence, token)
					path := tc.collection(token.ClientID)
					if selected.name != "everything" {
						path += "/" + token.ID
					}
					if !slices.Contains(deletes, path) {
						deletes = append(deletes, path)
					}
				}
				wantSent(t, org, http.MethodDelete, deletes...)
				wantTokens(t, org, rest...)
				wantEvidence(t, got.Revoked, evidence)
			})
		}
	}
}

// tokenIDs are the IDs that a text such as "A1 A2" stands for.
func tokenIDs(text string) []string {
	ids := strings.Fields(text)
	for i := range ids {
		ids[i] = "oar" + ids[i]
	}
	return ids
}

// wantEvidence fails the test unless the tokens are recorded as they were.
func wantEvidence(t *testing.T, got []okta.RefreshToken, want []oktafake.Token) {
	t.Helper()
	type evidence struct {
		ID, Status, ClientID, UserID, AuthServerID string
		Created                                    int64
		Scopes                                     []string
	}
	var gotten, wanted []evidence
	for _, t := range got {
		gotten = append(gotten, evidence{t.ID, t.Status, t.ClientID, t.UserID, t.AuthServerID, t.Created.Unix(), t.Scopes})
	}
	for _, t := range want {
		wanted = append(wanted, evidence{t.ID, t.Status, t.ClientID, t.UserID, t.AuthServerID, t.Created.Unix(), t.Scopes})
	}
	diff(t, "evidence", gotten, wanted)
}

// Four tokens of two clients are there, or as many as tokens says.
func TestRevokeSpendsFewRequests(t *testing.T) {
	t.Parallel()
	const full, onlyIDs, none = revoke.FullEvidence, revoke.IDEvidence, revoke.NoEvidence
	everyClient := revoke.Request{Target: walk.AtEveryClient(server), Selection: revoke.Everything()}
	nothing := revoke.Request{Target: walk.AtEveryClient(server), Selection: revoke.Tokens()}
	user := revoke.Protected{UserIDs: okta.NewSet("00u9")}
	for _, tc := range []struct {
		name      string
		tokens    int // of the client
		protected revoke.Protected
		req       revoke.Request
		want      []string
	}{
		{name: "one ID", req: named("oar0001"), want: []string{"GET tokens/*", "DELETE tokens/*", "GET tokens/*"}},
		{name: "one ID, only IDs", req: with(onlyIDs, named("oar0001")), want: []string{"DELETE tokens/*", "GET tokens/*"}},
		{name: "one ID, no evidence", req: with(none, named("oar0001")), want: []string{"DELETE tokens/*", "GET tokens/*"}},
		{name: "one ID, no evidence, bounded", req: atMost(1, with(none, named("oar0001"))), want: []string{"DELETE tokens/*", "GET tokens/*"}},
		{name: "one ID, no evidence, protected", protected: user, req: with(none, named("oar0001")), want: []string{"GET tokens/*", "DELETE tokens/*", "GET tokens/*"}},
		{name: "one ID twice", req: named("oar0001", "oar0001"), want: []string{"GET tokens/*", "DELETE tokens/*", "GET tokens/*"}},
		{name: "several IDs", req: named("oar0001", "oar0003"), want: []string{"GET tokens", "DELETE tokens/* x2", "GET tokens"}},
		{name: "several IDs, no evidence", req: with(none, named("oar0001", "oar0003")), want: []string{"DELETE tokens/* x2", "GET tokens"}},
		{name: "no IDs", req: named()},
		{name: "no IDs, no evidence, protected", protected: user, req: with(none, named())},
		{name: "no IDs at every client", req: nothing},
		{name: "filter", req: matching("orders"), want: []string{"GET tokens", "DELETE tokens/* x4", "GET tokens"}},
		{name: "filter, no evidence", req: with(none, matching("orders")), want: []string{"GET tokens", "DELETE tokens/* x4", "GET tokens"}},
		{name: "filter, nothing matches", tokens: 450, req: matching("payroll"), want: []string{"GET tokens x3"}},
		{name: "filter of 450", tokens: 450, req: matching("orders"), want: []string{"GET tokens x3", "DELETE tokens/* x450", "GET tokens"}},
		{name: "filter of 400", tokens: 400, req: matching("orders"), want: []string{"GET tokens x2", "DELETE tokens/* x400", "GET tokens"}},
		{name: "everything", req: everything(), want: []string{"GET tokens", "DELETE tokens", "GET tokens"}},
		{name: "everything, only IDs", req: with(onlyIDs, everything()), want: []string{"GET tokens", "DELETE tokens", "GET tokens"}},
		{name: "everything, no evidence", req: with(none, everything()), want: []string{"DELETE tokens", "GET tokens"}},
		{name: "everything, no evidence, bounded", req: atMost(4, with(none, everything())), want: []string{"GET tokens", "DELETE tokens", "GET tokens"}},
		{name: "everything, no evidence, protected", protected: user, req: with(none, everything()), want: []string{"GET tokens", "DELETE tokens/* x4", "GET tokens"}},
		{name: "every client", req: everyClient, want: []string{"GET clients", "GET tokens x2", "DELETE tokens x2", "GET clients", "GET tokens x2"}},
		{name: "every client, no evidence", req: with(none, everyClient), want: []string{"GET clients", "DELETE tokens x2", "GET clients", "GET tokens x2"}},
		{name: "one ID that is gone", req: named("oar0009"), want: []string{"GET tokens/*", "GET tokens"}},
		{name: "one ID that is gone, no evidence", req: with(none, named("oar0009")), want: []string{"DELETE tokens/*", "GET tokens"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				like := held
				like.Scopes = []string{"orders"}
				add(org, like, number("oar", max(tc.tokens, 4))...)
				other := held
				other.ClientID = "0oa2"
				add(org, other, "oarOther")
				engine := newEngine(org, oneAtATime)
				engine.Protected = tc.protected
				if _, err := engine.Revoke(t.Context(), tc.req); err != nil {
					t.Fatal(err)
				}
				wantTraffic(t, org, tc.want...)
			})
		})
	}
}

func TestRevokeTellsAsMuchAsItRead(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		req      revoke.Request
		want     outcome
		wantRead bool // whether the tokens are there in full
	}{
		{"one ID", named("oar0001"), outcome{Revoked: []string{"oar0001"}}, true},
		{"one ID, only IDs", with(revoke.IDEvidence, named("oar0001")), outcome{Revoked: []string{"oar0001"}}, false},
		{"one ID, no evidence", with(revoke.NoEvidence, named("oar0001")), outcome{Revoked: []string{"oar0001"}}, false},
		{"one ID twice", with(revoke.NoEvidence, named("oar0001", "oar0001")), outcome{Revoked: []string{"oar0001"}}, false},
		{"everything, only IDs", with(revoke.IDEvidence, everything()), outcome{Revoked: number("oar", 3)}, true},
		{"everything, no evidence", with(revoke.NoEvidence, everything()), outcome{Uncounted: true}, false},
		{"everything, no evidence, bounded", atMost(3, with(revoke.NoEvidence, everything())), outcome{Revoked: number("oar", 3)}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				add(org, held, number("oar", 3)...)
				got, err := newEngine(org).Revoke(t.Context(), tc.req)
				wantSuccess(t, got, err, tc.want)
				if !got.Acted() {
					t.Error("got Acted false, want true")
				}
				for _, token := range got.Revoked {
					if read := token.UserID == "00u1"; read != tc.wantRead {
						t.Errorf("got %+v, read: %t, want %t", token, read, tc.wantRead)
					}
				}
			})
		})
	}
}

func TestRevokeMeasuresAgesByOktasClock(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		org.Now = func() time.Time { return time.Now().Add(12 * time.Hour) }
		add(org, held, "oarOld") // an hour, by Okta's clock
		young := held
		young.ID = "oarYoung"
		org.AddToken(young)
		age := 30 * time.Minute
		got, err := newEngine(org).Revoke(t.Context(), revoke.Request{
			Target: walk.At(parent), Selection: revoke.Matching(okta.Filter{OlderThan: &age}),
		})
		wantSuccess(t, got, err, outcome{Revoked: []string{"oarOld"}})
		if !got.At.Equal(org.Now()) {
			t.Errorf("got an outcome of %s, want %s", got.At, org.Now())
		}
	})
}

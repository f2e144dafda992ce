package inventory_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/inventory"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

const servers = "/api/v1/authorizationServers"

// answering returns a hook that answers with this JSON.
func answering(body string) oktafake.Responder {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body)) // the client would complain
		return true
	}
}

// One request for the servers, one for the clients of each, and one for each page
// of tokens. None for anything that the arguments exclude.
func TestRequests(t *testing.T) {
	t.Parallel()
	tokens := func(server, client string) string {
		return "GET " + servers + "/" + server + "/clients/" + client + "/tokens?limit=200"
	}
	clients := func(server string) string { return "GET " + servers + "/" + server + "/clients" }
	const list = "GET " + servers + "?limit=200"
	for _, tc := range []struct {
		name string
		req  inventory.Request
		want []string
	}{
		{"everything", inventory.Request{}, []string{
			list, clients("aus1"), clients("aus2"),
			tokens("aus1", "0oa1"), tokens("aus1", "0oa2"), tokens("aus2", "0oa2"), tokens("aus2", "0oa3"),
		}},
		{"a server", inventory.Request{AuthServerIDs: []string{"aus2"}}, []string{
			clients("aus2"), tokens("aus2", "0oa2"), tokens("aus2", "0oa3"),
		}},
		{"no server", inventory.Request{AuthServerIDs: []string{}}, nil},
		{"a client", inventory.Request{ClientIDs: okta.NewSet("0oa2")}, []string{
			list, tokens("aus1", "0oa2"), tokens("aus2", "0oa2"),
		}},
		{"two clients, one without tokens", inventory.Request{ClientIDs: okta.NewSet("0oa3", "0oa4")}, []string{
			list, clients("aus1"), clients("aus2"), tokens("aus1", "0oa4"), tokens("aus2", "0oa3"),
		}},
		{"no client", inventory.Request{ClientIDs: okta.NewSet()}, nil},
		{"a user", inventory.Request{AuthServerIDs: []string{}, UserIDs: []string{"00u3"}}, []string{
			"GET /api/v1/users/00u3/clients",
			"GET /api/v1/users/00u3/clients/0oa2/tokens?limit=200", "GET /api/v1/users/00u3/clients/0oa3/tokens?limit=200",
		}},
		{"an app", inventory.Request{AuthServerIDs: []string{}, AppIDs: []string{"0oa3"}}, []string{
			"GET /api/v1/apps/0oa3/tokens?limit=200",
		}},
		{"a filter by client", inventory.Request{Filter: okta.Filter{ClientIDs: okta.NewSet("0oa3", "0oa9")}}, []string{
			list, clients("aus1"), clients("aus2"), tokens("aus2", "0oa3"),
		}},
		{"a filter by server", inventory.Request{Filter: okta.Filter{AuthServerIDs: okta.NewSet("aus2")}}, []string{
			list, clients("aus2"), tokens("aus2", "0oa2"), tokens("aus2", "0oa3"),
		}},
		{"a filter that matches nothing", inventory.Request{Filter: okta.Filter{UserIDs: okta.NewSet()}}, nil},
	} {
		org := newOrg(t)
		org.AddClient(oktafake.App{ID: "0oa4"})
		org.PageSize = 200
		take(t, org, tc.req)
		diff(t, tc.name, requests(org), slices.Sorted(slices.Values(tc.want)))
	}
}

func TestWhatIsCounted(t *testing.T) {
	t.Parallel()
	everything := map[string]int{"aus1/0oa1": 5, "aus1/0oa2": 1, "aus2/0oa2": 2, "aus2/0oa3": 1}
	for _, tc := range []struct {
		name string
		req  inventory.Request
		want counts
		rows map[string]int
	}{
		{"every server", inventory.Request{}, counts{9, 3, 3}, everything},
		{"a server", inventory.Request{AuthServerIDs: []string{"aus2"}}, counts{3, 2, 2}, map[string]int{"aus2/0oa2": 2, "aus2/0oa3": 1}},
		{"a client", inventory.Request{ClientIDs: okta.NewSet("0oa2")}, counts{3, 1, 2}, map[string]int{"aus1/0oa2": 1, "aus2/0oa2": 2}},
		{"a filter", inventory.Request{Filter: okta.Filter{UserIDs: okta.NewSet("00u1")}}, counts{4, 2, 1}, map[string]int{"aus1/0oa1": 2, "aus1/0oa2": 1, "aus2/0oa2": 1}},
		{
			"an app, with the org authorization server",
			inventory.Request{AuthServerIDs: []string{}, AppIDs: []string{"0oa1"}},
			counts{7, 1, 2},
			map[string]int{"aus1/0oa1": 5, "/0oa1": 2},
		},
		{
			"another client's app",
			inventory.Request{AuthServerIDs: []string{}, AppIDs: []string{"0oa1"}, ClientIDs: okta.NewSet("0oa2", "0oa3")},
			counts{},
			nil,
		},
		{
			"a user, with the org authorization server",
			inventory.Request{AuthServerIDs: []string{}, UserIDs: []string{"00u1"}},
			counts{5, 2, 1},
			map[string]int{"aus1/0oa1": 2, "aus1/0oa2": 1, "aus2/0oa2": 1, "/0oa1": 1},
		},
		{
			"users of the same clients",
			inventory.Request{AuthServerIDs: []string{}, UserIDs: []string{"00u1", "00u2", "00u3"}},
			counts{11, 3, 3},
			map[string]int{"aus1/0oa1": 5, "aus1/0oa2": 1, "aus2/0oa2": 2, "aus2/0oa3": 1, "/0oa1": 2},
		},
		// From here on, several parents list the same tokens.
		{
			"servers and an app",
			inventory.Request{AppIDs: []string{"0oa1"}},
			counts{11, 3, 3},
			map[string]int{"aus1/0oa1": 5, "aus1/0oa2": 1, "aus2/0oa2": 2, "aus2/0oa3": 1, "/0oa1": 2},
		},
		{
			"servers, users and an app",
			inventory.Request{AppIDs: []string{"0oa1"}, UserIDs: []string{"00u1", "00u3"}},
			counts{11, 3, 3},
			map[string]int{"aus1/0oa1": 5, "aus1/0oa2": 1, "aus2/0oa2": 2, "aus2/0oa3": 1, "/0oa1": 2},
		},
		{
			"a user by two names",
			inventory.Request{AuthServerIDs: []string{}, UserIDs: []string{"00u3", "chiara@example.com"}},
			counts{2, 2, 1},
			map[string]int{"aus2/0oa2": 1, "aus2/0oa3": 1},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tc.req.CountUsers, tc.req.KeepTokens = true, true
			got := take(t, newOrg(t), tc.req)
			diff(t, "counts", countsOf(got), tc.want)
			diff(t, "clients", rows(got), tc.rows)
			byUser, byAge := 0, 0
			for _, user := range got.Users {
				byUser += user.TokenCount
			}
			for _, band := range got.Ages {
				byAge += band.Count
			}
			diff(t, "tokens by user, by age, in full", []int{byUser, byAge, len(got.Tokens)}, []int{tc.want.Tokens, tc.want.Tokens, tc.want.Tokens})
			if !got.Complete() {
				t.Errorf("got the failures %v, want none", got.Failures)
			}
		})
	}
}

// Users who hold tokens of one client share its row.
func TestUsersOfOneClientAreCounted(t *testing.T) {
	t.Parallel()
	got := take(t, newOrg(t), inventory.Request{AuthServerIDs: []string{}, UserIDs: []string{"00u1", "00u2", "00u3"}})
	users := map[string]int{}
	for _, c := range got.Clients {
		users[c.AuthServerID+"/"+c.ClientID] = c.UserCount
	}
	diff(t, "users", users, map[string]int{"aus1/0oa1": 2, "aus1/0oa2": 1, "aus2/0oa2": 2, "aus2/0oa3": 1, "/0oa1": 2})
}

// A server's alias and its ID have the same tokens.
func TestAServerByTwoNamesCountsOnce(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.AddAuthorizationServer(oktafake.AuthorizationServer{ID: "aus1", Default: true})
	for _, id := range []string{"oar1", "oar2", "oar3"} {
		org.AddToken(oktafake.Token{ID: id, AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1"})
	}
	for range 20 { // the order of the lists must not matter
		got := take(t, org, inventory.Request{AuthServerIDs: []string{"aus1", "default"}})
		diff(t, "counts", countsOf(got), counts{3, 1, 1})
	}
}

// A list that changes while it is read can have a token on two pages.
func TestATokenOnTwoPagesCountsOnce(t *testing.T) {
	t.Parallel()
	org := newOrg(t)
	path := servers + "/aus1/clients/0oa1/tokens"
	second := oktafake.When(func(r *http.Request) bool { return r.URL.Query().Has("after") },
		oktafake.When(oktafake.On("GET", path), answering(`[{"id":"oar2"},{"id":"oar1"},{"id":"oar5"}]`)))
	org.Intercept = second
	got := take(t, org, inventory.Request{AuthServerIDs: []string{"aus1"}, ClientIDs: okta.NewSet("0oa1"), KeepTokens: true})
	diff(t, "tokens", got.TokenCount, 3)
}

// An interrupt ends the inventory even with Continue.
func TestAnInterruptEndsTheInventory(t *testing.T) {
	t.Parallel()
	for _, goOn := range []bool{false, true} {
		org := newOrg(t)
		ctx, cancel := context.WithCancel(t.Context())
		org.Intercept = func(_ http.ResponseWriter, r *http.Request) bool {
			if strings.HasSuffix(r.URL.Path, "/tokens") {
				cancel()
			}
			return false
		}
		got, err := inventory.Take(ctx, newClient(t, org, oneAtATime), inventory.Request{Continue: goOn})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got the error %v, want context.Canceled", err)
		}
		diff(t, "inventory", got, inventory.Inventory{})
		if n := len(org.Requests()); n > 6 {
			t.Errorf("got %d requests, want no new ones after the interrupt", n)
		}
	}
}

func TestAnEmptyOrg(t *testing.T) {
	t.Parallel()
	got := take(t, oktafake.New(t), inventory.Request{KeepTokens: true, CountUsers: true})
	diff(t, "counts", countsOf(got), counts{})
	if got.Tokens == nil || got.Users == nil {
		t.Error("got no lists, want empty ones")
	}
	diff(t, "bands", len(got.Ages), 7)
	if !got.Complete() {
		t.Error("the inventory of an empty org is not complete")
	}
}

func TestTenThousandClients(t *testing.T) {
	t.Parallel()
	const n = 10_000
	org := oktafake.New(t)
	org.PageSize, org.NoJournal = 200, true
	for i := range n {
		client := fmt.Sprintf("0oa%05d", i)
		org.AddToken(oktafake.Token{ID: "oar" + client, AuthServerID: "aus1", ClientID: client, UserID: "00u1", Created: org.Now().Add(-time.Hour)})
	}
	got := take(t, org, inventory.Request{})
	diff(t, "counts", countsOf(got), counts{n, n, 1})
}

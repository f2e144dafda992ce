package inventory_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/inventory"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

func TestTheFirstErrorEndsTheInventory(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		req  inventory.Request
		hook oktafake.Responder
		want string
	}{
		{
			"no API Access Management",
			inventory.Request{},
			oktafake.When(oktafake.On("GET", servers), oktafake.Fail(401, "E0000015", "No such feature")),
			"listing the authorization servers of the org: okta: GET " + servers + ": 401 E0000015: No such feature",
		},
		{
			"an unknown server",
			inventory.Request{AuthServerIDs: []string{"aus1", "aus9"}},
			nil,
			"listing the clients of authorization server aus9: okta: GET " + servers + "/aus9/clients: 404 E0000007",
		},
		{
			"an unknown client among several",
			inventory.Request{ClientIDs: okta.NewSet("0oa1", "0oa9")},
			nil,
			"listing the refresh tokens of client 0oa9 of authorization server aus1: okta: GET " + servers + "/aus1/clients/0oa9/tokens: 404 E0000007",
		},
		{
			"an unknown client",
			inventory.Request{ClientIDs: okta.NewSet("0oa9")},
			nil,
			"listing the refresh tokens of client 0oa9 of authorization server aus",
		},
		{
			"an unknown user",
			inventory.Request{UserIDs: []string{"00u9"}},
			nil,
			"listing the clients of user 00u9: okta: GET /api/v1/users/00u9/clients: 404 E0000007",
		},
		{
			"an unknown app",
			inventory.Request{AppIDs: []string{"0oa9"}},
			nil,
			"listing the refresh tokens of app 0oa9: okta: GET /api/v1/apps/0oa9/tokens: 404 E0000007",
		},
		{
			"a page that fails",
			inventory.Request{},
			failAfter(2, servers+"/aus1/clients/0oa1/tokens"),
			"listing the refresh tokens of client 0oa1 of authorization server aus1, after 4 tokens: okta: GET " + servers + "/aus1/clients/0oa1/tokens: 500 E0000009",
		},
		{
			"an invalid ID",
			inventory.Request{AuthServerIDs: []string{".."}},
			nil,
			"listing the clients of authorization server ..: building the path",
		},
	} {
		org := newOrg(t)
		org.Intercept = tc.hook
		got, err := inventory.Take(t.Context(), newClient(t, org), tc.req)
		if err == nil || !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("%s: got the error\n\t%v\nwant\n\t%s…", tc.name, err, tc.want)
		}
		if _, ok := errors.AsType[*inventory.Failure](err); !ok {
			t.Errorf("%s: got a %T, want a *Failure", tc.name, err)
		}
		diff(t, tc.name, got, inventory.Inventory{})
	}
}

// failAfter answers the pages of a list after the n-th with 500.
func failAfter(n int, path string) oktafake.Responder {
	passed := 0
	return oktafake.When(oktafake.On("GET", path), func(w http.ResponseWriter, r *http.Request) bool {
		if passed++; passed <= n { // a list asks for its pages in order
			return false
		}
		return oktafake.Fail(500, "E0000009", "Internal Server Error")(w, r)
	})
}

// With Continue, failures are named, and the sums include nothing of them.
func TestFailuresAreNamed(t *testing.T) {
	t.Parallel()
	rest := map[string]int{"aus1/0oa2": 1, "aus2/0oa2": 2, "aus2/0oa3": 1}
	for _, tc := range []struct {
		name string
		req  inventory.Request
		hook oktafake.Responder
		want []failure
		rows map[string]int
	}{
		{
			"a list breaks off",
			inventory.Request{},
			failAfter(2, servers+"/aus1/clients/0oa1/tokens"),
			[]failure{{"refresh tokens of client 0oa1 of authorization server aus1", 4, "E0000009"}},
			rest,
		},
		{
			"another parent lists some of it",
			inventory.Request{UserIDs: []string{"00u1"}},
			failAfter(2, servers+"/aus1/clients/0oa1/tokens"),
			[]failure{{"refresh tokens of client 0oa1 of authorization server aus1", 4, "E0000009"}},
			map[string]int{"aus1/0oa1": 2, "aus1/0oa2": 1, "aus2/0oa2": 2, "aus2/0oa3": 1, "/0oa1": 1},
		},
		{
			"an app breaks off, but the servers list its tokens",
			inventory.Request{AppIDs: []string{"0oa1"}},
			failAfter(2, "/api/v1/apps/0oa1/tokens"),
			[]failure{{"refresh tokens of app 0oa1", 4, "E0000009"}},
			map[string]int{"aus1/0oa1": 5, "aus1/0oa2": 1, "aus2/0oa2": 2, "aus2/0oa3": 1},
		},
		{
			"clients of a server",
			inventory.Request{},
			oktafake.When(oktafake.On("GET", servers+"/aus1/clients"), oktafake.Fail(403, "E0000006", "No")),
			[]failure{{"clients of authorization server aus1", 0, "E0000006"}},
			map[string]int{"aus2/0oa2": 2, "aus2/0oa3": 1},
		},
		{
			"the servers, but not the users",
			inventory.Request{UserIDs: []string{"00u3"}},
			oktafake.When(oktafake.On("GET", servers), oktafake.Fail(401, "E0000015", "No such feature")),
			[]failure{{"authorization servers of the org", 0, "E0000015"}},
			map[string]int{"aus2/0oa2": 1, "aus2/0oa3": 1},
		},
		{
			"clients of the only server, two of them requested",
			inventory.Request{AuthServerIDs: []string{"aus1"}, ClientIDs: okta.NewSet("0oa1", "0oa2")},
			oktafake.When(oktafake.On("GET", servers+"/aus1/clients"), oktafake.Fail(403, "E0000006", "No")),
			[]failure{{"clients of authorization server aus1", 0, "E0000006"}},
			nil,
		},
		{
			"clients of the first server, and a client that does not exist",
			inventory.Request{ClientIDs: okta.NewSet("0oa1", "0oa3", "0oa9")},
			oktafake.When(oktafake.On("GET", servers+"/aus1/clients"), oktafake.Fail(403, "E0000006", "No")),
			[]failure{
				{"clients of authorization server aus1", 0, "E0000006"},
				{"refresh tokens of client 0oa9 of authorization server aus2", 0, "E0000007"},
			},
			map[string]int{"aus2/0oa3": 1},
		},
		{
			"unknown IDs",
			inventory.Request{AuthServerIDs: []string{"aus2", "aus9"}, UserIDs: []string{"00u9"}, AppIDs: []string{"0oa9"}},
			nil,
			[]failure{
				{"clients of authorization server aus9", 0, "E0000007"},
				{"clients of user 00u9", 0, "E0000007"},
				{"refresh tokens of app 0oa9", 0, "E0000007"},
			},
			map[string]int{"aus2/0oa2": 2, "aus2/0oa3": 1},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newOrg(t)
			org.Intercept = tc.hook
			tc.req.Continue, tc.req.KeepTokens, tc.req.CountUsers = true, true, true
			got := take(t, org, tc.req)
			diff(t, "failures", failuresOf(got.Failures), tc.want)
			diff(t, "clients", rows(got), tc.rows)
			total := 0
			for _, n := range tc.rows {
				total += n
			}
			diff(t, "tokens", []int{got.TokenCount, len(got.Tokens)}, []int{total, total})
			if got.Complete() {
				t.Error("the inventory says that it is complete")
			}
		})
	}
}

// If the list of servers breaks off, no sum includes the servers of its first page.
func TestServersOfAListThatBreaksOff(t *testing.T) {
	t.Parallel()
	org := newOrg(t)
	org.PageSize = 1
	org.Intercept = failAfter(1, servers)
	got := take(t, org, inventory.Request{UserIDs: []string{"00u3"}, Continue: true})
	diff(t, "failures", failuresOf(got.Failures), []failure{{"authorization servers of the org", 0, "E0000009"}})
	diff(t, "clients", rows(got), map[string]int{"aus2/0oa2": 1, "aus2/0oa3": 1})
}

// After ten failures in a row, the remaining lists are skipped.
func TestAnOrgThatRefusesIsLeftAlone(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	for i := range 40 {
		client := fmt.Sprintf("0oa%02d", i)
		org.AddToken(oktafake.Token{ID: "oar" + client, AuthServerID: "aus1", ClientID: client, UserID: "00u1"})
	}
	org.Intercept = oktafake.When(oktafake.On("GET", servers+"/aus1/clients/*/tokens"), oktafake.Fail(403, "E0000006", "No"))
	got, err := inventory.Take(t.Context(), newClient(t, org, oneAtATime), inventory.Request{Continue: true})
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "requests", len(org.Requests()), 2+10)
	diff(t, "failures", len(got.Failures), 40)
	last := got.Failures[39].Err
	if want := "skipped, because 10 lists in a row could not be read; the last error: okta: GET "; !strings.HasPrefix(last.Error(), want) || !okta.IsRefused(last) {
		t.Errorf("got the last failure %q, want one that begins with %q and wraps the refusal", last, want)
	}
}

// Only ten failures in a row skip the rest. Lists that do not exist do not count.
func TestWhenTheRestIsSkipped(t *testing.T) {
	t.Parallel()
	named := func(format string, n int) []string {
		var ids []string
		for i := range n {
			ids = append(ids, fmt.Sprintf(format, i))
		}
		return ids
	}
	gone, refused := named("00uGone%d", 12), named("00uNo%d", 30)
	for _, tc := range []struct {
		name                       string
		users                      []string
		tokens, failures, requests int
	}{
		// A readable user costs one request for its clients, and one for each client.
		{"users that do not exist", slices.Concat(gone, []string{"00u1", "00u3"}), 7, 12, 12 + 3 + 3},
		{"nine in a row", slices.Concat(refused[:9], []string{"00u1"}, refused[9:18], []string{"00u3"}), 7, 18, 18 + 3 + 3},
		{"ten in a row", slices.Concat([]string{"00u1"}, refused[:10], []string{"00u3"}), 0, 13, 1 + 10},
		{"ten, with some that do not exist between", slices.Concat(refused[:5], gone[:5], refused[5:10], []string{"00u1"}), 0, 16, 15},
		{"thirty", refused, 0, 30, 10},
	} {
		org := newOrg(t)
		org.PageSize = 200
		org.Intercept = oktafake.When(oktafake.On("GET", "/api/v1/users/00uNo*/clients"), oktafake.Fail(403, "E0000006", "No"))
		got, err := inventory.Take(t.Context(), newClient(t, org, oneAtATime), inventory.Request{AuthServerIDs: []string{}, UserIDs: tc.users, Continue: true})
		if err != nil {
			t.Fatal(err)
		}
		diff(t, tc.name+": tokens, failures, requests",
			[]int{got.TokenCount, len(got.Failures), len(org.Requests())}, []int{tc.tokens, tc.failures, tc.requests})
	}
}

// A list that holds a token of another client, server or user counts for nothing: the
// token would count twice.
func TestListWithAForeignTokenIsAFailure(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		list, body string
		req        inventory.Request
		want       string
	}{
		"client":        {"/api/v1/authorizationServers/aus1/clients/0oa1/tokens", `[{"id":"oar6","clientId":"0oa2"}]`, inventory.Request{}, "oar6 among those of client 0oa1 of authorization server aus1, and says that it belongs to client 0oa2"},
		"user":          {"/api/v1/users/00u1/clients/0oa1/tokens", `[{"id":"oar3","clientId":"0oa1","userId":"00u2"}]`, inventory.Request{AuthServerIDs: []string{}, UserIDs: []string{"00u1"}}, "oar3 among those of client 0oa1 of user 00u1, and says that it belongs to user 00u2"},
		"two of an app": {"/api/v1/apps/0oa1/tokens", `[{"id":"oar1","clientId":"0oa1"},{"id":"oar6","clientId":"0oa2"}]`, inventory.Request{AuthServerIDs: []string{}, AppIDs: []string{"0oa1"}}, "oar6 among those of app 0oa1, and says that it belongs to client 0oa2 and others in the list to 0oa1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := newOrg(t)
			org.PageSize = 200
			org.Intercept = oktafake.When(oktafake.On(http.MethodGet, tc.list), func(w http.ResponseWriter, _ *http.Request) bool {
				_, err := w.Write([]byte(tc.body))
				return err == nil
			})
			tc.req.KeepTokens = true
			_, err := inventory.Take(t.Context(), newClient(t, org), tc.req)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got the error %v, want %s", err, tc.want)
			}
			tc.req.Continue = true
			got := take(t, org, tc.req)
			if len(got.Failures) != 1 || !strings.Contains(got.Failures[0].Error(), tc.want) {
				t.Errorf("got the failures %v, want one: %s", got.Failures, tc.want)
			}
			counted := okta.Set{}
			for _, token := range got.Tokens {
				if counted.Has(token.ID) {
					t.Errorf("%s is counted twice", token.ID)
				}
				counted.Add(token.ID)
			}
		})
	}
}

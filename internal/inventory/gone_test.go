package inventory_test

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/inventory"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// again responds to the requests that match, except the first.
func again(match oktafake.Match, respond oktafake.Responder) oktafake.Responder {
	var seen atomic.Int64
	return oktafake.When(match, func(w http.ResponseWriter, r *http.Request) bool {
		return seen.Add(1) > 1 && respond(w, r)
	})
}

// A client or server that Okta listed and then answers 404 for was deleted only if
// it is no longer listed. A 404 alone must not hide tokens.
func TestWhatIsNotFoundMeanwhile(t *testing.T) {
	t.Parallel()
	const (
		clients = servers + "/aus1/clients"
		tokens  = clients + "/0oa1/tokens"
	)
	var (
		gone    = oktafake.Fail(404, "E0000007", "Not found")
		down    = oktafake.Fail(500, "E0000009", "Internal Server Error")
		pageTwo = func(r *http.Request) bool { return r.URL.Path == tokens && r.URL.Query().Has("after") }

		without = func(list, rest string) oktafake.Responder { return again(oktafake.On("GET", list), answering(rest)) }

		rest  = map[string]int{"aus1/0oa2": 1, "aus2/0oa2": 2, "aus2/0oa3": 1}
		other = map[string]int{"aus2/0oa2": 2, "aus2/0oa3": 1}
	)
	contradiction := func(what string) string {
		return "Okta still lists " + what + ", which it says does not exist: okta: GET "
	}
	const clientsOfServer = "clients of authorization server aus1"
	tokensOf := func(clientID string) string {
		return "refresh tokens of client " + clientID + " of authorization server aus1"
	}
	for _, tc := range []struct {
		name  string
		req   inventory.Request
		hooks []oktafake.Responder
		rows  map[string]int
		want  []failure // Said is only the beginning
		again []string  // requests that are sent twice
	}{
		{
			"a client that was deleted",
			inventory.Request{},
			[]oktafake.Responder{oktafake.When(oktafake.On("GET", tokens), gone), without(clients, `[{"client_id":"0oa2"}]`)},
			rest, nil,
			[]string{clients},
		},
		{
			"a client that was deleted between two pages",
			inventory.Request{},
			[]oktafake.Responder{oktafake.When(pageTwo, gone), without(clients, `[{"client_id":"0oa2"}]`)},
			rest, nil,
			[]string{clients},
		},
		{
			"a client that is still listed",
			inventory.Request{},
			[]oktafake.Responder{oktafake.When(oktafake.On("GET", tokens), gone)},
			rest,
			[]failure{{tokensOf("0oa1"), 0, contradiction("client 0oa1") + tokens + ": 404 E0000007"}},
			[]string{clients},
		},
		{
			"page two of a client that is still listed",
			inventory.Request{},
			[]oktafake.Responder{oktafake.When(pageTwo, gone)},
			rest,
			[]failure{{tokensOf("0oa1"), 2, contradiction("client 0oa1") + tokens + ": 404 E0000007"}},
			[]string{clients},
		},
		{
			"a client of a list that fails the second time",
			inventory.Request{},
			[]oktafake.Responder{oktafake.When(pageTwo, gone), again(oktafake.On("GET", clients), down)},
			rest,
			[]failure{{tokensOf("0oa1"), 2, "asking whether client 0oa1 was deleted: okta: GET " + clients + ": 500 E0000009"}},
			[]string{clients},
		},
		{
			"a server that was deleted",
			inventory.Request{},
			[]oktafake.Responder{oktafake.When(oktafake.On("GET", clients), gone), without(servers, `[{"id":"aus2"}]`)},
			other, nil,
			[]string{servers},
		},
		{
			"a server that was deleted, and its client",
			inventory.Request{ClientIDs: okta.NewSet("0oa1", "0oa3")},
			[]oktafake.Responder{oktafake.When(oktafake.On("GET", clients), gone), without(servers, `[{"id":"aus2"}]`)},
			map[string]int{"aus2/0oa3": 1},
			nil,
			[]string{servers},
		},
		{
			"a server that is still listed",
			inventory.Request{},
			[]oktafake.Responder{oktafake.When(oktafake.On("GET", clients), gone)},
			other,
			[]failure{{clientsOfServer, 0, contradiction("authorization server aus1") + clients + ": 404 E0000007"}},
			[]string{servers},
		},
		{
			"a server of a list that fails the second time",
			inventory.Request{},
			[]oktafake.Responder{oktafake.When(oktafake.On("GET", clients), gone), again(oktafake.On("GET", servers), down)},
			other,
			[]failure{{clientsOfServer, 0, "asking whether authorization server aus1 was deleted: okta: GET " + servers + ": 500 E0000009"}},
			[]string{servers},
		},
		{
			"a server that was deleted after its clients were listed",
			inventory.Request{},
			[]oktafake.Responder{oktafake.When(oktafake.On("GET", clients+"/*/tokens"), gone), again(oktafake.On("GET", clients), gone), without(servers, `[{"id":"aus2"}]`)},
			other, nil,
			[]string{servers, servers, clients, clients},
		},
		{
			"a server that is still listed, after its clients were",
			inventory.Request{},
			[]oktafake.Responder{oktafake.When(pageTwo, gone), again(oktafake.On("GET", clients), gone)},
			rest,
			[]failure{{tokensOf("0oa1"), 2, contradiction("authorization server aus1") + tokens + ": 404 E0000007"}},
			[]string{servers, clients},
		},
		{
			"a server that is asked for, and was deleted after its clients were listed",
			inventory.Request{AuthServerIDs: []string{"aus1", "aus2"}},
			[]oktafake.Responder{oktafake.When(pageTwo, gone), again(oktafake.On("GET", clients), gone)},
			rest,
			[]failure{{tokensOf("0oa1"), 2, "asking whether client 0oa1 was deleted: okta: GET " + clients + ": 404 E0000007"}},
			[]string{clients},
		},
		{
			"a client of a user",
			inventory.Request{AuthServerIDs: []string{}, UserIDs: []string{"00u3"}},
			[]oktafake.Responder{oktafake.When(oktafake.On("GET", "/api/v1/users/00u3/clients/0oa2/tokens"), gone)},
			map[string]int{"aus2/0oa3": 1},
			[]failure{{"refresh tokens of client 0oa2 of user 00u3", 0, contradiction("client 0oa2")}},
			[]string{"/api/v1/users/00u3/clients"},
		},
		{
			"a wrong URL",
			inventory.Request{},
			[]oktafake.Responder{oktafake.When(oktafake.On("GET", clients), oktafake.Fail(404, "E0000008", "No such path"))},
			other,
			[]failure{{clientsOfServer, 0, "okta: GET " + clients + ": 404 E0000008"}},
			nil,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newOrg(t)
			org.Intercept = oktafake.First(tc.hooks...)
			tc.req.Continue = true
			got := take(t, org, tc.req)
			diff(t, "clients", rows(got), tc.rows)
			diff(t, "failures", saidInShort(got.Failures, tc.want), tc.want)
			diff(t, "asked for again", repeated(org), tc.again)
		})
	}
}

// saidInShort returns failures with their texts cut to the wanted beginnings.
func saidInShort(failures []inventory.Failure, want []failure) []failure {
	var got []failure
	for i, f := range failures {
		said := f.Err.Error()
		if i < len(want) && strings.HasPrefix(said, want[i].Said) {
			said = want[i].Said
		}
		got = append(got, failure{f.List(), f.TokensSeen, said})
	}
	return got
}

// repeated returns the paths that were requested more than once, sorted. Further
// pages of a list do not count.
func repeated(org *oktafake.Server) []string {
	var again []string
	seen := map[string]bool{}
	for _, request := range requests(org) {
		path, query, _ := strings.Cut(strings.TrimPrefix(request, "GET "), "?")
		if strings.Contains(query, "after=") {
			continue
		}
		if seen[path] {
			again = append(again, path)
		}
		seen[path] = true
	}
	slices.Sort(again)
	return again
}

// Without Continue, a 404 that hides tokens fails the inventory.
func TestATokenListThatIsNotFoundIsAnError(t *testing.T) {
	t.Parallel()
	const tokens = servers + "/aus1/clients/0oa1/tokens"
	org := newOrg(t)
	org.Intercept = oktafake.When(func(r *http.Request) bool { return r.URL.Path == tokens && r.URL.Query().Has("after") },
		oktafake.Fail(404, "E0000007", "Not found"))
	_, err := inventory.Take(t.Context(), newClient(t, org), inventory.Request{})
	want := "listing the refresh tokens of client 0oa1 of authorization server aus1, after 2 tokens: Okta still lists client 0oa1, which it says does not exist: okta: GET " + tokens + ": 404 E0000007"
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got the error\n\t%v\nwant\n\t%s…", err, want)
	}
	if okta.IsNotFound(err) {
		t.Error("the error says that something does not exist")
	}
}

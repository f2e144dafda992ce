package oktafake_test

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

func TestListsArePaged(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	for _, tc := range []struct {
		path string
		want [][]string
	}{
		{"/api/v1/authorizationServers/aus1/clients/0oa1/tokens", [][]string{{"oar1", "oar2"}}},
		{"/api/v1/authorizationServers/aus2/clients/till.v2/tokens", [][]string{{}}},
		{"/api/v1/users/00u1/clients/0oa1/tokens?limit=200", [][]string{{"oar1", "oar3"}, {"oar5"}}},
		{"/api/v1/apps/0oa1/tokens", [][]string{{"oar1", "oar2"}, {"oar3", "oar5"}}},
		{"/api/v1/apps/0oa1/tokens?limit=1", [][]string{{"oar1"}, {"oar2"}, {"oar3"}, {"oar5"}}},
		{"/api/v1/authorizationServers?limit=1", [][]string{{"aus1"}, {"aus2"}}},
		{"/api/v1/authorizationServers?q=Payr", [][]string{{"aus2"}}},
	} {
		if diff := gocmp.Diff(tc.want, list(t, srv.Org, tc.path)); diff != "" {
			t.Errorf("%s: pages (-want +got):\n%s", tc.path, diff)
		}
	}
}

func TestLinkLines(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(acme)
	org.PageSize = 150
	const tokens = "/api/v1/apps/0oa1/tokens"
	next := ask(t, org, http.MethodGet, tokens+"?limit=3&expand=scope").link("next")
	for _, tc := range []struct {
		name, path string
		want       []string
	}{
		{"default limit", tokens, []string{`<http://org.test` + tokens + `?limit=20>; rel="self"`}},
		{"limit above the page size", tokens + "?limit=200", []string{`<http://org.test` + tokens + `?limit=150>; rel="self"`}},
		{"unknown parameters left out", tokens + "?expand=user&x=y", []string{`<http://org.test` + tokens + `?limit=20>; rel="self"`}},
		{"another page", tokens + "?limit=3&expand=scope", []string{
			`<http://org.test` + tokens + `?expand=scope&limit=3>; rel="self"`,
			`<http://org.test` + next + `>; rel="next"`,
		}},
		{"last page", next, []string{`<http://org.test` + next + `>; rel="self"`}},
		{"authorization servers", "/api/v1/authorizationServers", []string{`<http://org.test/api/v1/authorizationServers?limit=150>; rel="self"`}},
		{
			"default of an authorization server", "/api/v1/authorizationServers/default/clients/0oa1/tokens?limit=-1",
			[]string{`<http://org.test/api/v1/authorizationServers/default/clients/0oa1/tokens?limit=20>; rel="self"`},
		},
		{"clients of a server", "/api/v1/authorizationServers/aus1/clients", nil},
		{"clients of a user", "/api/v1/users/00u1/clients", nil},
	} {
		got := ask(t, org, http.MethodGet, tc.path)
		if diff := gocmp.Diff(tc.want, got.header["Link"]); diff != "" {
			t.Errorf("%s: Link (-want +got):\n%s", tc.name, diff)
		}
	}
}

// Whatever is removed between two pages, every remaining token is served exactly once.
func TestRemovalsBetweenPages(t *testing.T) {
	t.Parallel()
	const path = "/api/v1/apps/0oa1/tokens?limit=3"
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 0))
		org := oktafake.NewOrg()
		for i := range 30 {
			org.AddToken(oktafake.Token{ID: fmt.Sprintf("oar%02d", i), ClientID: "0oa1", UserID: fmt.Sprintf("00u%d", i%4)})
		}
		var served []string
		for next := path; next != ""; {
			page := ask(t, org, http.MethodGet, next)
			served = append(served, page.ids(t)...)
			next = page.link("next")
			live := org.TokenIDs()
			for range random.IntN(5) {
				i := random.IntN(len(live))
				ask(t, org, http.MethodDelete, "/api/v1/apps/0oa1/tokens/"+live[i])
				live = slices.Delete(live, i, i+1)
				if len(live) == 0 {
					break
				}
			}
			if random.IntN(6) == 0 {
				ask(t, org, http.MethodDelete, fmt.Sprintf("/api/v1/users/00u%d/sessions?oauthTokens=true", random.IntN(4)))
			}
			if len(org.TokenIDs()) == 0 {
				break
			}
		}
		if !slices.IsSorted(served) || len(slices.Compact(slices.Clone(served))) != len(served) {
			t.Errorf("seed %d: got %v, want every token once and in order", seed, served)
		}
		for _, id := range org.TokenIDs() {
			if !slices.Contains(served, id) {
				t.Errorf("seed %d: %s was skipped in %v", seed, id, served)
			}
		}
	}
}

func TestPageAfterTheLastTokenIsEmpty(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	next := ask(t, srv.Org, http.MethodGet, "/api/v1/apps/0oa1/tokens").link("next")
	srv.RemoveToken("oar3")
	srv.RemoveToken("oar5")
	got := ask(t, srv.Org, http.MethodGet, next)
	if diff := gocmp.Diff([]string{}, got.ids(t)); diff != "" || got.link("next") != "" {
		t.Errorf("got next %q and tokens (-want +got):\n%s", got.link("next"), diff)
	}
}

func TestCursorsAreReusable(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	next := ask(t, srv.Org, http.MethodGet, "/api/v1/apps/0oa1/tokens").link("next")
	for range 2 {
		if diff := gocmp.Diff([]string{"oar3", "oar5"}, ask(t, srv.Org, http.MethodGet, next).ids(t)); diff != "" {
			t.Errorf("page (-want +got):\n%s", diff)
		}
	}
}

// However the client escapes the path, the list is the same.
func TestCursorsOutliveEscaping(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	next := ask(t, srv.Org, http.MethodGet, "/api/v1/apps/0oa1/tokens").link("next")
	got := ask(t, srv.Org, http.MethodGet, strings.Replace(next, "0oa1", "%30oa1", 1))
	if diff := gocmp.Diff([]string{"oar3", "oar5"}, got.ids(t)); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
}

func TestBadPageParameters(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	_, foreign, _ := strings.Cut(ask(t, srv.Org, http.MethodGet, "/api/v1/users/00u1/clients/0oa1/tokens").link("next"), "?")
	for _, query := range []string{
		"limit=0", "limit=201", "limit=-1", "limit=", "limit=ten", "limit=20.0",
		"after=", "after=2", "after=oar1", "after=" + base64.RawURLEncoding.EncodeToString([]byte("2:00000000")),
		"after=" + base64.RawURLEncoding.EncodeToString([]byte("-1")), foreign,
	} {
		got := ask(t, srv.Org, http.MethodGet, "/api/v1/apps/0oa1/tokens?"+query)
		if code, _ := got.errorOf(t); got.status != http.StatusBadRequest || code != "E0000001" {
			t.Errorf("%s: got %d %s, want 400 E0000001", query, got.status, code)
		}
	}
}

func BenchmarkPage(b *testing.B) {
	for _, tokens := range []int{1_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(tokens, " tokens"), func(b *testing.B) {
			org := oktafake.NewOrg()
			org.NoJournal = true
			oktafake.Populate(org, oktafake.Population{Servers: 1, Clients: 1, Tokens: tokens, Users: 100})
			path := "/api/v1/authorizationServers/default/clients"
			var clients []struct {
				ID string `json:"client_id"`
			}
			ask(b, org, http.MethodGet, path).decode(b, &clients)
			first := path + "/" + clients[0].ID + "/tokens?limit=200"
			next := first
			for b.Loop() {
				next = cmp.Or(ask(b, org, http.MethodGet, next).link("next"), first)
			}
		})
	}
}

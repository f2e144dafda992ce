package oktafake_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// tokenOf returns oar1 of the acme org as the API shows it. path is of its parent's tokens.
func tokenOf(path, server string) map[string]any {
	const org = "http://org.test"
	return map[string]any{
		"id": "oar1", "status": "ACTIVE", "clientId": "0oa1", "userId": "00u1",
		"created": "2026-03-09T03:18:06.000Z", "lastUpdated": "2026-03-09T03:18:06.000Z",
		"expiresAt": "2026-03-16T03:18:06.000Z", "issuer": org + "/oauth2/default",
		"scopes": []any{"offline_access", "orders:read"},
		"_links": map[string]any{
			"app":                 map[string]any{"href": org + "/api/v1/apps/0oa1", "title": "Portal"},
			"authorizationServer": map[string]any{"href": org + "/api/v1/authorizationServers/" + server, "title": "Orders"},
			"client":              map[string]any{"href": org + "/oauth2/v1/clients/0oa1", "title": "Portal"},
			"user":                map[string]any{"href": org + "/api/v1/users/00u1", "title": "Saml Jackson"},
			"self":                map[string]any{"href": org + path + "/oar1"},
			"revoke": map[string]any{
				"href": org + path + "/oar1", "hints": map[string]any{"allow": []any{"DELETE"}},
			},
		},
	}
}

func TestTokenFollowsTheRequestedParent(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(acme)
	for _, tc := range []struct{ tokens, server string }{
		{"/api/v1/authorizationServers/aus1/clients/0oa1/tokens", "aus1"},
		{"/api/v1/authorizationServers/default/clients/0oa1/tokens", "default"},
		{"/api/v1/users/00u1/clients/0oa1/tokens", "aus1"},
		{"/api/v1/users/saml.jackson@example.com/clients/0oa1/tokens", "aus1"},
		{"/api/v1/apps/0oa1/tokens", "aus1"},
	} {
		var one map[string]any
		ask(t, org, http.MethodGet, tc.tokens+"/oar1").decode(t, &one)
		if diff := cmp.Diff(tokenOf(tc.tokens, tc.server), one); diff != "" {
			t.Errorf("%s/oar1 (-want +got):\n%s", tc.tokens, diff)
		}
		var all []map[string]any
		ask(t, org, http.MethodGet, tc.tokens).decode(t, &all)
		if diff := cmp.Diff(one, all[0]); diff != "" {
			t.Errorf("%s: first of the list (-want +got):\n%s", tc.tokens, diff)
		}
	}
}

func TestTokenLeavesOutWhatItLacks(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(acme, oktafake.Tokens(oktafake.Token{ID: "oar6", ClientID: "0oa1"}))
	var got map[string]any
	ask(t, org, http.MethodGet, "/api/v1/apps/0oa1/tokens/oar6").decode(t, &got)
	for _, field := range []string{"expiresAt", "userId", "_embedded"} {
		if value, ok := got[field]; ok {
			t.Errorf("got %s %v, want it left out", field, value)
		}
	}
	links, _ := got["_links"].(map[string]any)
	for _, rel := range []string{"user", "authorizationServer"} {
		if link, ok := links[rel]; ok {
			t.Errorf("got link %s %v, want it left out", rel, link)
		}
	}
	if got["issuer"] != "http://org.test" {
		t.Errorf("got issuer %v, want the org itself", got["issuer"])
	}
	if diff := cmp.Diff([]any{}, got["scopes"]); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
}

func TestExpandedScopes(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(acme)
	type scope struct {
		ID, Name, DisplayName, Description string
		Links                              struct {
			Scope struct{ Href, Title string }
		} `json:"_links"`
	}
	var got struct {
		Embedded struct{ Scopes []scope } `json:"_embedded"`
	}
	ask(t, org, http.MethodGet, "/api/v1/apps/0oa1/tokens/oar1?expand=scope").decode(t, &got)
	want := []scope{
		{Name: "offline_access", DisplayName: "Stay signed in", Description: "Lets the app work while you are away"},
		{Name: "orders:read", DisplayName: "orders:read", Description: "Lets the app use orders:read"},
	}
	for i := range got.Embedded.Scopes {
		s := &got.Embedded.Scopes[i]
		if len(s.ID) != 20 || !strings.HasPrefix(s.ID, "scp") {
			t.Errorf("got scope ID %q, want scp and 17 characters", s.ID)
		}
		want[i].ID = s.ID
		want[i].Links.Scope.Href = "http://org.test/api/v1/authorizationServers/aus1/scopes/" + s.ID
		want[i].Links.Scope.Title = want[i].DisplayName
	}
	if diff := cmp.Diff(want, got.Embedded.Scopes); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
}

func TestClientField(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(acme)
	org.ClientField = "client_id"
	var got map[string]any
	ask(t, org, http.MethodGet, "/api/v1/apps/0oa1/tokens/oar1").decode(t, &got)
	if _, ok := got["clientId"]; ok || got["client_id"] != "0oa1" {
		t.Errorf("got clientId %v and client_id %v, want client_id alone", got["clientId"], got["client_id"])
	}
}

func TestRevokingThroughOneParentShowsInTheOthers(t *testing.T) {
	t.Parallel()
	parents := []string{"authorizationServers/aus1/clients/0oa1", "users/00u1/clients/0oa1", "apps/0oa1"}
	for _, through := range parents {
		srv := oktafake.New(t, acme)
		ask(t, srv.Org, http.MethodDelete, "/api/v1/"+through+"/tokens/oar1")
		for _, parent := range parents {
			all := "/api/v1/" + parent + "/tokens"
			if ids := flat(list(t, srv.Org, all)); slices.Contains(ids, "oar1") || len(ids) == 0 {
				t.Errorf("revoked through %s: %s lists %v, want all but oar1", through, parent, ids)
			}
			if got := ask(t, srv.Org, http.MethodGet, all+"/oar1"); got.status != http.StatusNotFound {
				t.Errorf("revoked through %s: %s has status %d, want 404", through, parent, got.status)
			}
		}
	}
}

func TestClientsAreThoseWithTokens(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	type client struct {
		ID   string `json:"client_id"`
		Name string `json:"client_name"`
		URI  string `json:"client_uri"`
	}
	portal, till := client{"0oa1", "Portal", "https://portal.example.com"}, client{"till.v2", "Till", ""}
	clients := func(parent string) (got []client) {
		ask(t, srv.Org, http.MethodGet, "/api/v1/"+parent+"/clients").decode(t, &got)
		return got
	}
	for parent, want := range map[string][]client{
		"authorizationServers/aus1": {portal, till}, "authorizationServers/default": {portal, till},
		"authorizationServers/aus2": {portal}, "users/00u1": {portal, till}, "users/00u2": {portal},
	} {
		if diff := cmp.Diff(want, clients(parent)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", parent, diff)
		}
	}
	srv.RemoveToken("oar3")
	if diff := cmp.Diff([]client{}, clients("authorizationServers/aus2")); diff != "" {
		t.Errorf("clients once the last token is gone (-want +got):\n%s", diff)
	}
}

// Okta allows all of these in a client ID. A client may escape them or not.
func TestCustomClientIDs(t *testing.T) {
	t.Parallel()
	const id = `a$-_.+!*'(),b`
	srv := oktafake.New(t, oktafake.Tokens(oktafake.Token{ID: "oar1", AuthServerID: "aus1", ClientID: id, UserID: "00u1"}))
	for _, segment := range []string{id, url.PathEscape(id), strings.ReplaceAll(url.QueryEscape(id), ".", "%2e")} {
		for _, parent := range []string{"authorizationServers/aus1", "users/00u1"} {
			got := ask(t, srv.Org, http.MethodGet, "/api/v1/"+parent+"/clients/"+segment+"/tokens")
			if diff := cmp.Diff([]string{"oar1"}, got.ids(t)); diff != "" {
				t.Errorf("%s of %s (-want +got):\n%s", segment, parent, diff)
			}
		}
	}
}

func TestAppIDAndClientIDAreNotInterchangeable(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	for path, want := range map[string]int{
		"apps/0oa2/tokens":                              http.StatusOK,
		"apps/till.v2/tokens":                           http.StatusNotFound,
		"users/00u1/clients/till.v2/tokens":             http.StatusOK,
		"users/00u1/clients/0oa2/tokens":                http.StatusNotFound,
		"authorizationServers/aus1/clients/0oa2/tokens": http.StatusNotFound,
	} {
		if got := ask(t, srv.Org, http.MethodGet, "/api/v1/"+path); got.status != want {
			t.Errorf("%s: got %d, want %d", path, got.status, want)
		}
	}
}

func TestUnknownFieldsAreInEveryObject(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	for _, path := range []string{
		"authorizationServers", "authorizationServers/aus1/clients", "users/00u1/clients",
		"apps/0oa1/tokens?expand=scope", "apps/0oa9/tokens", "apps/0oa1/tokens?limit=0",
	} {
		var body any
		ask(t, srv.Org, http.MethodGet, "/api/v1/"+path).decode(t, &body)
		eachObject(body, func(object map[string]any) {
			if _, ok := object["addedByOktaLater"]; !ok {
				t.Errorf("%s: got %v, want an unknown field in it", path, object)
			}
		})
		eachObject(decoded(t, oktafake.NewOrg(acme), "/api/v1/"+path), func(object map[string]any) {
			if _, ok := object["addedByOktaLater"]; ok {
				t.Errorf("%s: got an unknown field in %v, want none outside of tests", path, object)
			}
		})
	}
}

func decoded(t *testing.T, o *oktafake.Org, path string) (body any) {
	t.Helper()
	ask(t, o, http.MethodGet, path).decode(t, &body)
	return body
}

func eachObject(value any, visit func(map[string]any)) {
	switch value := value.(type) {
	case map[string]any:
		visit(value)
		for _, member := range value {
			eachObject(member, visit)
		}
	case []any:
		for _, element := range value {
			eachObject(element, visit)
		}
	}
}

func TestUnknownFieldsLeaveStringsAlone(t *testing.T) {
	t.Parallel()
	const name = `{"a":{}} \" { \\`
	srv := oktafake.New(t, func(o *oktafake.Org) {
		o.AddClient(oktafake.App{ID: "0oa1", Name: name})
		o.AddToken(oktafake.Token{AuthServerID: "aus1", ClientID: "0oa1"})
	})
	var clients []struct {
		Name string `json:"client_name"`
	}
	ask(t, srv.Org, http.MethodGet, "/api/v1/authorizationServers/aus1/clients").decode(t, &clients)
	if len(clients) != 1 || clients[0].Name != name {
		t.Errorf("got %q, want one client named %q", clients, name)
	}
}

func TestTokenAddedByAliasBelongsToTheServer(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme, oktafake.Tokens(oktafake.Token{ID: "oar6", AuthServerID: "default", ClientID: "till.v2"}))
	got := ask(t, srv.Org, http.MethodGet, "/api/v1/authorizationServers/aus1/clients/till.v2/tokens")
	if diff := cmp.Diff([]string{"oar4", "oar6"}, got.ids(t)); diff != "" {
		t.Errorf("tokens of the default server (-want +got):\n%s", diff)
	}
}

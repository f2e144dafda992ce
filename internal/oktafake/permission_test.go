package oktafake_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

var apiScopes = []string{
	"okta.apps.read", "okta.apps.manage",
	"okta.authorizationServers.read", "okta.authorizationServers.manage",
	"okta.users.read", "okta.users.manage",
}

// routes has every endpoint with the scope that it needs.
var routes = []struct{ method, path, scope string }{
	{"GET", "/api/v1/authorizationServers", "okta.authorizationServers.read"},
	{"GET", "/api/v1/authorizationServers/aus1/clients", "okta.authorizationServers.read"},
	{"GET", "/api/v1/authorizationServers/aus1/clients/0oa1/tokens", "okta.authorizationServers.read"},
	{"DELETE", "/api/v1/authorizationServers/aus1/clients/0oa1/tokens", "okta.authorizationServers.manage"},
	{"GET", "/api/v1/authorizationServers/aus1/clients/0oa1/tokens/oar1", "okta.authorizationServers.read"},
	{"DELETE", "/api/v1/authorizationServers/aus1/clients/0oa1/tokens/oar1", "okta.authorizationServers.manage"},
	{"GET", "/api/v1/users/00u1", "okta.users.read"},
	{"GET", "/api/v1/users/00u1/clients", "okta.users.read"},
	{"GET", "/api/v1/users/00u1/clients/0oa1/tokens", "okta.users.read"},
	{"DELETE", "/api/v1/users/00u1/clients/0oa1/tokens", "okta.users.manage"},
	{"GET", "/api/v1/users/00u1/clients/0oa1/tokens/oar1", "okta.users.read"},
	{"DELETE", "/api/v1/users/00u1/clients/0oa1/tokens/oar1", "okta.users.manage"},
	{"GET", "/api/v1/users/00u1/clients/0oa1/grants", "okta.users.read"},
	{"DELETE", "/api/v1/users/00u1/clients/0oa1/grants", "okta.users.manage"},
	{"DELETE", "/api/v1/users/00u1/sessions", "okta.users.manage"},
	{"GET", "/api/v1/apps/0oa1/tokens", "okta.apps.read"},
	{"DELETE", "/api/v1/apps/0oa1/tokens", "okta.apps.manage"},
	{"GET", "/api/v1/apps/0oa1/tokens/oar1", "okta.apps.read"},
	{"DELETE", "/api/v1/apps/0oa1/tokens/oar1", "okta.apps.manage"},
}

// bearer signs a new service app of the org in with all its scopes, and returns the Authorization.
func bearer(t testing.TB, o *oktafake.Org, app oktafake.ServiceApp) string {
	t.Helper()
	app.DPoP = oktafake.DPoPOff
	_, value := newService(t, o, app).signIn(t, strings.Join(app.Scopes, " "))
	return "Bearer " + value
}

func TestEveryRouteNeedsItsScope(t *testing.T) {
	t.Parallel()
	for _, tc := range routes {
		t.Run(tc.method+" "+tc.path, func(t *testing.T) {
			t.Parallel()
			success := http.StatusOK
			if tc.method == http.MethodDelete {
				success = http.StatusNoContent
			}
			enough := []string{tc.scope, strings.Replace(tc.scope, ".read", ".manage", 1)}
			for _, scope := range enough {
				srv := oktafake.New(t, acme)
				if got := askAs(t, srv.Org, bearer(t, srv.Org, oktafake.ServiceApp{Scopes: []string{scope}}), tc.method, tc.path); got.status != success {
					t.Errorf("%s: got %d with %s, want %d", scope, got.status, got.header.Get("WWW-Authenticate"), success)
				}
			}
			srv := oktafake.New(t, acme)
			others := slices.DeleteFunc(slices.Clone(apiScopes), func(scope string) bool { return slices.Contains(enough, scope) })
			challenge := `Bearer authorization_uri="http://org.test/oauth2/v1/authorize", realm="http://org.test", ` +
				`scope="` + tc.scope + `", error="insufficient_scope", ` +
				`error_description="The access token provided does not contain the required scopes.", resource="` + tc.path + `"`
			askAs(t, srv.Org, bearer(t, srv.Org, oktafake.ServiceApp{Scopes: others}), tc.method, tc.path).
				wantRefusal(t, http.StatusForbidden, challenge)
			if revoked, ended := srv.RevokedIDs(), srv.EndedSessions(); len(revoked) > 0 || len(ended) > 0 {
				t.Errorf("revoked %v and ended %v, want nothing", revoked, ended)
			}
		})
	}
}

func TestReadOnlyRole(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	authorization := bearer(t, srv.Org, oktafake.ServiceApp{Scopes: apiScopes, ReadOnlyRole: true})
	for _, tc := range routes {
		got := askAs(t, srv.Org, authorization, tc.method, tc.path)
		if tc.method == http.MethodGet {
			if got.status != http.StatusOK {
				t.Errorf("%s %s: got %d, want 200", tc.method, tc.path, got.status)
			}
			continue
		}
		code, summary := got.errorOf(t)
		want := "You do not have permission to perform the requested action"
		if got.status != http.StatusForbidden || code != "E0000006" || summary != want || got.header.Get("WWW-Authenticate") != "" {
			t.Errorf("%s %s: got %d %s %q, want 403 E0000006 %q", tc.method, tc.path, got.status, code, summary, want)
		}
	}
	if revoked := srv.RevokedIDs(); len(revoked) > 0 {
		t.Errorf("revoked %v, want nothing", revoked)
	}
	// A missing scope is reported before the role.
	authorization = bearer(t, srv.Org, oktafake.ServiceApp{Scopes: []string{"okta.apps.read"}, ReadOnlyRole: true})
	if got := askAs(t, srv.Org, authorization, http.MethodDelete, oneToken); !strings.Contains(got.header.Get("WWW-Authenticate"), "insufficient_scope") {
		t.Errorf("got %d with %s, want insufficient_scope", got.status, got.body)
	}
}

func TestBoundTokenWithoutItsScope(t *testing.T) {
	t.Parallel()
	c := newService(t, oktafake.NewOrg(acme), oktafake.ServiceApp{Scopes: []string{"okta.apps.read"}})
	_, value := c.signIn(t, "okta.apps.read")
	c.call(t, "DPoP "+value, http.MethodDelete, oneToken, c.bound(value, http.MethodDelete, oneToken).sign(t)).
		wantRefusal(t, http.StatusForbidden, dpopChallenge("okta.apps.manage", oneToken,
			"insufficient_scope", "The access token provided does not contain the required scopes."))
}

// A request without a route fails its test whatever the scope.
func TestUnknownRoutesNeedNoScope(t *testing.T) {
	t.Parallel()
	r := &reporter{TB: t}
	srv := oktafake.New(r, acme)
	authorization := bearer(t, srv.Org, oktafake.ServiceApp{Scopes: []string{"okta.apps.read"}})
	if got := askAs(t, srv.Org, authorization, http.MethodGet, "/api/v1/groups"); got.status != http.StatusNotFound {
		t.Errorf("got %d, want 404", got.status)
	}
	if diff := cmp.Diff([]string{"oktafake: no route for GET /api/v1/groups"}, r.errors); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

package oktafake_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

func TestEveryRouteAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		method, path string
		want         int
		wantRevoked  []string
	}{
		{"GET", "/api/v1/authorizationServers", 200, nil},
		{"GET", "/api/v1/authorizationServers/aus1/clients", 200, nil},
		{"GET", "/api/v1/authorizationServers/aus1/clients/0oa1/tokens", 200, nil},
		{"DELETE", "/api/v1/authorizationServers/aus1/clients/0oa1/tokens", 204, []string{"oar1", "oar2"}},
		{"GET", "/api/v1/authorizationServers/aus1/clients/0oa1/tokens/oar1", 200, nil},
		{"DELETE", "/api/v1/authorizationServers/aus1/clients/0oa1/tokens/oar2", 204, []string{"oar2"}},
		{"GET", "/api/v1/users/00u1", 200, nil},
		{"GET", "/api/v1/users/00u1/clients", 200, nil},
		{"GET", "/api/v1/users/00u1/clients/0oa1/tokens", 200, nil},
		{"DELETE", "/api/v1/users/00u1/clients/0oa1/tokens", 204, []string{"oar1", "oar3", "oar5"}},
		{"GET", "/api/v1/users/00u1/clients/0oa1/tokens/oar5", 200, nil},
		{"DELETE", "/api/v1/users/00u1/clients/0oa1/tokens/oar5", 204, []string{"oar5"}},
		{"GET", "/api/v1/users/00u1/clients/0oa1/grants", 200, nil},
		{"DELETE", "/api/v1/users/00u1/clients/0oa1/grants", 204, nil},
		{"DELETE", "/api/v1/users/00u1/sessions", 204, nil},
		{"DELETE", "/api/v1/users/00u1/sessions?oauthTokens=true", 204, []string{"oar1", "oar3", "oar5", "oar4"}},
		{"GET", "/api/v1/apps/0oa1/tokens", 200, nil},
		{"DELETE", "/api/v1/apps/0oa1/tokens", 204, []string{"oar1", "oar2", "oar3", "oar5"}},
		{"GET", "/api/v1/apps/0oa1/tokens/oar3", 200, nil},
		{"DELETE", "/api/v1/apps/0oa1/tokens/oar3", 204, []string{"oar3"}},
	} {
		t.Run(tc.method+" "+tc.path, func(t *testing.T) {
			t.Parallel()
			srv := oktafake.New(t, acme)
			got := ask(t, srv.Org, tc.method, tc.path)
			if got.status != tc.want {
				t.Errorf("got status %d with %s, want %d", got.status, got.body, tc.want)
			}
			contentType := "application/json"
			if tc.want == http.StatusNoContent {
				contentType = ""
				if len(got.body) > 0 {
					t.Errorf("got body %s, want none", got.body)
				}
			}
			if got := got.header.Get("Content-Type"); got != contentType {
				t.Errorf("got Content-Type %q, want %q", got, contentType)
			}
			if diff := cmp.Diff(tc.wantRevoked, srv.RevokedIDs(), emptyIsNil); diff != "" {
				t.Errorf("revoked (-want +got):\n%s", diff)
			}
			if got, want := len(srv.TokenIDs()), 5-len(tc.wantRevoked); got != want {
				t.Errorf("got %d live tokens, want %d", got, want)
			}
		})
	}
}

var emptyIsNil = cmp.Transformer("emptyIsNil", func(s []string) []string {
	return append([]string(nil), s...)
})

func TestMissingResourcesAreNamed(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	for _, tc := range []struct{ path, want string }{
		{"authorizationServers/aus9/clients", "aus9 (AuthorizationServer)"},
		{"authorizationServers/aus9/clients/0oa1/tokens", "aus9 (AuthorizationServer)"},
		{"authorizationServers/aus1/clients/0oa_dummy_client_id/tokens", "0oa_dummy_client_id (PublicClientApp)"},
		{"authorizationServers/aus1/clients/0oa1/tokens/oar9", "0oa1.oar9 (OAuth2RefreshTokenTx)"},
		{"authorizationServers/aus1/clients/0oa1/tokens/oar3", "0oa1.oar3 (OAuth2RefreshTokenTx)"},
		{"users/00u9", "00u9 (User)"},
		{"users/00u9/clients", "00u9 (User)"},
		{"users/00u9/clients/0oa1/tokens", "00u9 (User)"},
		{"users/00u1/clients/0oa9/tokens", "0oa9 (PublicClientApp)"},
		{"users/00u1/clients/0oa9/grants", "0oa9 (PublicClientApp)"},
		{"users/00u1/clients/0oa1/tokens/oar2", "0oa1.oar2 (OAuth2RefreshTokenTx)"},
		{"apps/0oa9/tokens", "0oa9 (AppInstance)"},
		{"apps/0oa1/tokens/oar4", "0oa1.oar4 (OAuth2RefreshTokenTx)"},
	} {
		got := ask(t, srv.Org, http.MethodGet, "/api/v1/"+tc.path)
		code, summary := got.errorOf(t)
		if want := "Not found: Resource not found: " + tc.want; got.status != 404 || code != "E0000007" || summary != want {
			t.Errorf("%s: got %d %s %q, want 404 E0000007 %q", tc.path, got.status, code, summary, want)
		}
	}
}

func TestErrorsHaveOktasShape(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(acme)
	got := ask(t, org, http.MethodGet, "/api/v1/apps/0oa1/tokens?limit=0")
	var body map[string]any
	got.decode(t, &body)
	id, _ := body["errorId"].(string)
	if len(id) != 25 || !strings.HasPrefix(id, "oae") {
		t.Errorf("got error ID %q, want oae and 22 characters", id)
	}
	want := map[string]any{
		"errorCode":    "E0000001",
		"errorSummary": "Api validation failed: limit",
		"errorLink":    "E0000001",
		"errorId":      id,
		"errorCauses":  []any{map[string]any{"errorSummary": "limit: must be a number from 1 to 200"}},
	}
	if diff := cmp.Diff(want, body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	body = nil
	ask(t, org, http.MethodGet, "/api/v1/apps/0oa9/tokens").decode(t, &body)
	if diff := cmp.Diff([]any{}, body["errorCauses"]); diff != "" {
		t.Errorf("causes of an error without any (-want +got):\n%s", diff)
	}
}

// A path that http.ServeMux would clean, or that names the collection because an ID was lost, reaches
// no handler.
func TestOddPathsNeverBecomeOtherRequests(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"/api/v1/authorizationServers/aus1/clients/0oa1/tokens/",
		"/api/v1/users/00u1/clients/0oa1/tokens/",
		"/api/v1/apps/0oa1/tokens/",
		"/api/v1/apps//tokens",
		"/api/v1/apps/0oa1//tokens",
		"//api/v1/apps/0oa1/tokens",
		"/api/v1/apps/0oa1/tokens/.",
		"/api/v1/apps/0oa1/tokens/oar1/..",
		"/api/v1/apps/0oa1/tokens/%2E",
		"/api/v1/apps/0oa1/tokens/oar1/%2e%2E",
		"/api/v1/apps/0oa2/../0oa1/tokens",
		"/api/v1/apps/0oa1%2Ftokens",
		"/api/v1/apps/0oa1/tokens%2Foar1",
		"/api/v1/apps/0oa1%2F/tokens",
		"/api/v1/apps/0oa1/tokens/oar1/tokens",
		"/api/v1/apps",
		"/",
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			org := oktafake.NewOrg(acme)
			for _, method := range []string{http.MethodGet, http.MethodDelete} {
				got := ask(t, org, method, path)
				code, _ := got.errorOf(t)
				if got.status != http.StatusNotFound || code != "E0000008" {
					t.Errorf("%s: got %d %s, want 404 E0000008", method, got.status, code)
				}
			}
			if revoked := org.RevokedIDs(); len(revoked) > 0 {
				t.Errorf("revoked %v, want nothing", revoked)
			}
		})
	}
}

func TestWrongMethod(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(acme)
	for _, tc := range []struct{ method, path string }{
		{"POST", "/api/v1/apps/0oa1/tokens"},
		{"PUT", "/api/v1/apps/0oa1/tokens/oar1"},
		{"GET", "/api/v1/users/00u1/sessions"},
		{"DELETE", "/api/v1/authorizationServers"},
		{"DELETE", "/api/v1/users/00u1/clients"},
	} {
		got := ask(t, org, tc.method, tc.path)
		code, _ := got.errorOf(t)
		if got.status != http.StatusMethodNotAllowed || code != "E0000022" {
			t.Errorf("%s %s: got %d %s, want 405 E0000022", tc.method, tc.path, got.status, code)
		}
	}
	if revoked := org.RevokedIDs(); len(revoked) > 0 {
		t.Errorf("revoked %v, want nothing", revoked)
	}
}

func TestDeletingMissingTokens(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	for _, parent := range []string{"authorizationServers/aus1/clients/till.v2", "users/00u1/clients/till.v2", "apps/0oa2"} {
		all := "/api/v1/" + parent + "/tokens"
		for range 2 {
			if got := ask(t, srv.Org, http.MethodDelete, all); got.status != http.StatusNoContent {
				t.Errorf("DELETE %s: got %d, want 204 even without tokens", all, got.status)
			}
		}
		if got := ask(t, srv.Org, http.MethodDelete, all+"/oar4"); got.status != http.StatusNotFound {
			t.Errorf("DELETE %s/oar4: got %d, want 404 for a revoked token", all, got.status)
		}
	}
	if diff := cmp.Diff([]string{"oar4"}, srv.RevokedIDs()); diff != "" {
		t.Errorf("revoked (-want +got):\n%s", diff)
	}
}

func TestRevokedHasThePath(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	ask(t, srv.Org, http.MethodDelete, "/api/v1/apps/0oa1/tokens/oar3")
	ask(t, srv.Org, http.MethodDelete, "/api/v1/users/saml%2Ejackson@example.com/clients/till.v2/tokens")
	var got []string
	for _, r := range srv.Revoked() {
		got = append(got, fmt.Sprint(r.Token.ID, " of ", r.Token.UserID, " by ", r.Path))
	}
	want := []string{
		"oar3 of 00u1 by /api/v1/apps/0oa1/tokens/oar3",
		"oar4 of 00u1 by /api/v1/users/saml%2Ejackson@example.com/clients/till.v2/tokens",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("revocations (-want +got):\n%s", diff)
	}
}

func TestEndingSessions(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	sessions := "/api/v1/users/00u1/sessions"
	ask(t, srv.Org, http.MethodDelete, sessions)
	ask(t, srv.Org, http.MethodDelete, sessions+"?oauthTokens=true&forgetDevices=false")
	got := ask(t, srv.Org, http.MethodDelete, sessions+"?oauthTokens=yes")
	if code, _ := got.errorOf(t); got.status != 400 || code != "E0000001" {
		t.Errorf("oauthTokens=yes: got %d %s, want 400 E0000001", got.status, code)
	}
	want := []oktafake.EndedSession{
		{UserID: "00u1", ForgetDevices: true},
		{UserID: "00u1", OAuthTokens: true},
	}
	if diff := cmp.Diff(want, srv.EndedSessions()); diff != "" {
		t.Errorf("ended sessions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"oar2"}, srv.TokenIDs()); diff != "" {
		t.Errorf("live tokens (-want +got):\n%s", diff)
	}
}

// reporter records the errors of a test instead of failing it.
type reporter struct {
	testing.TB
	errors []string
}

func (r *reporter) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func TestUnknownRoutesFailTheTest(t *testing.T) {
	t.Parallel()
	r := &reporter{TB: t}
	srv := oktafake.New(r, acme)
	ask(t, srv.Org, http.MethodGet, "/api/v1/apps/0oa9/tokens")
	if len(r.errors) > 0 {
		t.Errorf("a missing app failed the test: %q", r.errors)
	}
	ask(t, srv.Org, http.MethodGet, "/api/v1/groups?q=x")
	ask(t, srv.Org, http.MethodDelete, "/api/v1/apps/0oa1/tokens/")
	ask(t, srv.Org, http.MethodPatch, "/api/v1/apps/0oa1/tokens")
	want := []string{
		"oktafake: no route for GET /api/v1/groups?q=x",
		"oktafake: no route for DELETE /api/v1/apps/0oa1/tokens/",
		"oktafake: no route for PATCH /api/v1/apps/0oa1/tokens",
	}
	if diff := cmp.Diff(want, r.errors); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

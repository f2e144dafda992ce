package okta

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

func TestRequiredScopeOfForeignPathsIsEmpty(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", "/", "/api/v1/groups/00g1", "/api/v1/users2/00u1", "/oauth2/v1/token"} {
		if got := requiredScope(http.MethodGet, path); got != "" {
			t.Errorf("requiredScope of %q: got %q, want none", path, got)
		}
	}
}

func TestGrantsTellWhatOktaGranted(t *testing.T) {
	t.Parallel()
	org := serviceOrg(t, 1, func(app *oktafake.ServiceApp) { app.Scopes = []string{"okta.users.read", "okta.apps.read"} })
	c := serviceClient(org)
	wantError(t, list(t, c), "")
	e := answered(t, revoke(t.Context(), c, tokenID(0)))
	want := &Grants{Asked: Scopes(false), Granted: []string{"okta.apps.read", "okta.users.read"}}
	if diff := cmp.Diff(want, e.Grants); diff != "" {
		t.Errorf("grants (-want +got):\n%s", diff)
	}
	challenge := Challenge{
		Scheme: "DPoP", Code: "insufficient_scope", Description: "The access token provided does not contain the required scopes.",
		Scope: "okta.apps.manage",
	}
	if diff := cmp.Diff(challenge, e.Challenge); diff != "" || e.StatusCode != http.StatusForbidden || e.Code != "" || e.Body != "" {
		t.Errorf("got %d %q %q, challenge (-want +got):\n%s", e.StatusCode, e.Code, e.Body, diff)
	}
	// A credential's role differs from its scopes.
	readOnly := serviceOrg(t, 1, func(app *oktafake.ServiceApp) { app.ReadOnlyRole = true })
	e = answered(t, revoke(t.Context(), serviceClient(readOnly), tokenID(0)))
	if diff := cmp.Diff(&Grants{Asked: Scopes(false), Granted: Scopes(false)}, e.Grants); diff != "" || e.Code != "E0000006" {
		t.Errorf("got %v, grants (-want +got):\n%s", e, diff)
	}
	// The scopes of a plain access token are not known.
	org = serviceOrg(t, 1)
	org.Intercept = oktafake.InsufficientScope("okta.apps.read")
	e = answered(t, list(t, testClient(org, func(cfg *Config) { cfg.Credential = AccessToken(org.AccessToken) })))
	if e.Grants != nil {
		t.Errorf("got the grants %v, want none", e.Grants)
	}
}

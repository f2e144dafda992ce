package oktafake_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

func TestCredentials(t *testing.T) {
	t.Parallel()
	const challenge = `Bearer authorization_uri="http://org.test/oauth2/v1/authorize", realm="http://org.test", ` +
		`scope="okta.apps.manage", error="invalid_token", error_description="The access token is invalid.", resource="/api/v1/apps/0oa1/tokens"`
	notBound := `DPoP algs="RS256 RS384 RS512 ES256 ES384 ES512",` +
		strings.Replace(challenge[len("Bearer"):], "The access token is invalid.", "The presented access_token is not DPoP bound.", 1)
	for _, tc := range []struct {
		name, authorization string
		wantStatus          int
		wantCode            string
		wantChallenge       string
	}{
		{"API token", "SSWS fake-api-token", 204, "", ""},
		{"access token", "Bearer fake-access-token", 204, "", ""},
		{"nothing", "", 403, "E0000005", ""},
		{"unknown scheme", "Basic fake-api-token", 403, "E0000005", ""},
		{"token without a scheme", "fake-api-token", 403, "E0000005", ""},
		{"wrong API token", "SSWS wrong", 401, "E0000011", ""},
		{"no API token", "SSWS ", 401, "E0000011", ""},
		{"access token as an API token", "SSWS fake-access-token", 401, "E0000011", ""},
		{"wrong access token", "Bearer wrong", 401, "", challenge},
		{"access token with the scheme of a bound one", "DPoP fake-access-token", 401, "", notBound},
		{"API token as an access token", "Bearer fake-api-token", 401, "", challenge},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			srv := oktafake.New(t, acme)
			got := askAs(t, srv.Org, tc.authorization, http.MethodDelete, "/api/v1/apps/0oa1/tokens")
			if got.status != tc.wantStatus {
				t.Errorf("got status %d, want %d", got.status, tc.wantStatus)
			}
			if tc.wantCode != "" {
				if code, _ := got.errorOf(t); code != tc.wantCode {
					t.Errorf("got code %s, want %s", code, tc.wantCode)
				}
			} else if len(got.body) > 0 {
				t.Errorf("got body %s, want none", got.body)
			}
			if got := got.header.Get("WWW-Authenticate"); got != tc.wantChallenge {
				t.Errorf("got WWW-Authenticate %s, want %s", got, tc.wantChallenge)
			}
			if revoked := len(srv.Revoked()); (revoked > 0) != (tc.wantStatus == http.StatusNoContent) {
				t.Errorf("%d tokens were revoked", revoked)
			}
		})
	}
}

func TestEmptyCredentialIsNeverAccepted(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	srv.APIToken, srv.AccessToken = "", ""
	for _, authorization := range []string{"SSWS ", "SSWS", "Bearer ", "Bearer", "DPoP ", "DPoP"} {
		if got := askAs(t, srv.Org, authorization, http.MethodGet, "/api/v1/apps/0oa1/tokens"); got.status != http.StatusUnauthorized {
			t.Errorf("%q: got %d, want 401", authorization, got.status)
		}
	}
}

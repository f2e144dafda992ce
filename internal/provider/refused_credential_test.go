package provider

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// ending is an access token that says when it ends.
func ending(at time.Time) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"RS256"}`)) + "." + encode(fmt.Appendf(nil, `{"exp":%d}`, at.Unix())) + "." + encode([]byte("s3cret-signature"))
}

// Whoever reads a 401 has several variables and files that the credential may be
// from, and looks into the wrong one first.
func TestARefusedCredentialIsNamed(t *testing.T) {
	t.Parallel()
	const (
		api      = " was refused: it is wrong, expired or revoked, belongs to another org, its owner is deactivated, or its network zone does not allow this machine. Set a new one."
		access   = " was refused: it is wrong, expired or revoked, bound to a key by DPoP, or belongs to another org. The provider cannot renew it: set a new one."
		expired  = " expired at 2026-03-01T08:00:00Z. The provider cannot renew it: set a new one."
		rejected = "Okta Rejected the Credentials"
		signIn   = "Service App Cannot Sign In"
	)
	_, key := serviceKey()
	yesterday, tomorrow := ending(time.Now().Add(-24*time.Hour)), ending(time.Now().Add(24*time.Hour))
	for _, tc := range []struct {
		name          string
		env           map[string]string
		config        attributes
		app           bool // whether Okta lets the app sign in
		summary, want string
	}{
		{"API token", map[string]string{"OKTA_API_TOKEN": "s3cret"}, nil, false, rejected, "The API token from OKTA_API_TOKEN" + api},
		{"API token by its other name", map[string]string{"OKTA_CLIENT_TOKEN": "s3cret"}, nil, false, rejected, "The API token from OKTA_CLIENT_TOKEN" + api},
		{"API token in the block", map[string]string{"OKTA_API_TOKEN": "other"}, attributes{"api_token": "s3cret"}, false, rejected, "The API token from the argument api_token" + api},
		{"access token", map[string]string{"OKTA_ACCESS_TOKEN": "s3cret"}, nil, false, rejected, "The access token from OKTA_ACCESS_TOKEN" + access},
		{"access token in the block", nil, attributes{"access_token": tomorrow}, false, rejected, "The access token from the argument access_token" + access},
		{"expired access token", map[string]string{"OKTA_ACCESS_TOKEN": yesterday}, nil, false, rejected, "The access token from OKTA_ACCESS_TOKEN" + expired},
		{
			"service app",
			map[string]string{"OKTA_API_CLIENT_ID": "0oaother", "OKTA_API_PRIVATE_KEY": key},
			nil, false, signIn,
			"Okta refused the signature of client 0oaother (client ID from OKTA_API_CLIENT_ID, private key from OKTA_API_PRIVATE_KEY). Check that it is the right app, that the public key of the pair is registered with it, and private_key_id if the app has several keys.",
		},
		{
			"token of a service app",
			map[string]string{"OKTA_API_CLIENT_ID": "0oaother", "OKTA_API_PRIVATE_KEY": key},
			attributes{"client_id": serviceID},
			true, rejected,
			"Okta refused the access token that it gave to the service app (client ID from the argument client_id, private key from OKTA_API_PRIVATE_KEY). Check that the app is active, and that its network zone allows this machine.",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newServiceOrg(t, okta.Scopes(false)...)
			if tc.app {
				org.Intercept = oktafake.When(oktafake.On(http.MethodGet, ""), oktafake.Fail(401, "E0000011", "Invalid token provided"))
			}
			env := map[string]string{"OKTA_ORG_URL": org.URL}
			maps.Copy(env, tc.env)
			_, got := newCoreIn(t, env, attributes{"max_retries": 0}.With(tc.config)).readData("clients", attributes{"user_id": "00u1"})
			if len(got) != 1 || got[0].Summary != tc.summary {
				t.Fatalf("got %+v, want the error %s", got, tc.summary)
			}
			if d := stable(got[0]); !strings.HasPrefix(d.Detail, clientsOfUser+tc.want) {
				t.Errorf("got\n\t%s\nwant\n\t%s%s", d.Detail, clientsOfUser, tc.want)
			}
			for _, secret := range []string{"s3cret", strings.Split(key, "\n")[1], yesterday, tomorrow} {
				if strings.Contains(got[0].Detail, secret) {
					t.Errorf("the credential is in %s", got[0].Detail)
				}
			}
		})
	}
}

package provider

import (
	"net/http"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// What a credential lacks, in the whole words that people read.
func TestMissingPermission(t *testing.T) {
	t.Parallel()
	const (
		byApp, byUser, byServer = "/api/v1/apps/0oa1/tokens/oar1", "/api/v1/users/00u1/clients", "/api/v1/authorizationServers/aus1/clients"

		toRead   = "Read-Only Administrator, for example"
		toRevoke = "Super Administrator, or a custom role that can manage applications"
		assign   = ". Assign one to the app, under Admin roles on its page."
	)
	apiToken, accessToken := okta.Source{APIToken: "OKTA_API_TOKEN"}, okta.Source{AccessToken: "the argument access_token"}
	lacking := func(scope string) okta.Challenge {
		return okta.Challenge{Scheme: "DPoP", Code: "insufficient_scope", Scope: scope}
	}
	for _, tc := range []struct {
		name string
		err  okta.Error
		want string
	}{
		{
			"an API token",
			okta.Error{Method: http.MethodGet, Path: byUser, Source: apiToken},
			"The owner of the API token from OKTA_API_TOKEN needs a role that may read: " + toRead + ".",
		},
		{
			"an API token, to revoke",
			okta.Error{Method: http.MethodDelete, Path: byApp, Source: apiToken},
			"The owner of the API token from OKTA_API_TOKEN needs a role that may revoke: " + toRevoke + ".",
		},
		{
			"an access token",
			okta.Error{Method: http.MethodGet, Path: byUser, Source: accessToken},
			"The access token from the argument access_token needs the scope okta.users.read, and its owner a role that may read: " + toRead + ".",
		},
		{
			"an access token without the scope",
			okta.Error{Method: http.MethodDelete, Path: byApp, Challenge: lacking("okta.apps.manage"), Source: accessToken},
			"The access token from the argument access_token lacks the scope okta.apps.manage. Grant it to the app that the token was issued to, and get a new token.",
		},
		{
			"a scope by another name than expected",
			okta.Error{Method: http.MethodGet, Path: byUser, Challenge: lacking("okta.other.read"), Source: accessToken},
			"The access token from the argument access_token lacks the scope okta.other.read. Grant it to the app that the token was issued to, and get a new token.",
		},
		{
			"a challenge that names no scope",
			okta.Error{Method: http.MethodGet, Path: byUser, Challenge: lacking(""), Source: accessToken},
			"The access token from the argument access_token lacks the scope okta.users.read. Grant it to the app that the token was issued to, and get a new token.",
		},
		{"not asked for", okta.Error{Method: http.MethodDelete, Path: byApp, Challenge: lacking("okta.apps.manage"), Grants: &okta.Grants{
			Asked: []string{"okta.apps.read", "okta.users.read"}, Granted: []string{"okta.apps.read", "okta.users.read"},
		}}, "The scope okta.apps.manage was not asked for. Add it to scopes or OKTA_API_SCOPES, and grant it to the service app, under Okta API Scopes on its page. " +
			"Asked for: okta.apps.read, okta.users.read."},
		{"asked for and not granted", okta.Error{Method: http.MethodDelete, Path: byApp, Challenge: lacking("okta.apps.manage"), Grants: &okta.Grants{
			Asked: []string{"okta.apps.manage", "okta.apps.read"}, Granted: []string{"okta.apps.read"},
		}}, "The scope okta.apps.manage was asked for and not granted. Grant it to the service app, under Okta API Scopes on its page. Okta granted: okta.apps.read."},
		{"asked for, and nothing granted", okta.Error{Method: http.MethodGet, Path: byServer, Challenge: lacking("okta.authorizationServers.read"), Grants: &okta.Grants{
			Asked: []string{"okta.authorizationServers.manage"},
		}}, "The scope okta.authorizationServers.read was asked for and not granted. Grant it to the service app, under Okta API Scopes on its page. Okta granted: nothing."},
		{"granted, without a role to read", okta.Error{Method: http.MethodGet, Path: byServer, Code: "E0000006", Grants: &okta.Grants{
			Asked: []string{"okta.authorizationServers.read"}, Granted: []string{"okta.authorizationServers.read"},
		}}, "The service app has the scope okta.authorizationServers.read, but no role that may read: " + toRead + assign},
		{"to manage is to read", okta.Error{Method: http.MethodGet, Path: byUser, Code: "E0000006", Grants: &okta.Grants{
			Asked: []string{"okta.users.manage"}, Granted: []string{"okta.users.manage"},
		}}, "The service app has the scope okta.users.read, but no role that may read: " + toRead + assign},
		{"granted, without a role to revoke", okta.Error{Method: http.MethodDelete, Path: byApp, Code: "E0000006", Grants: &okta.Grants{
			Asked: okta.Scopes(false), Granted: okta.Scopes(false),
		}}, "The service app has the scope okta.apps.manage, but no role that may revoke: " + toRevoke + assign},
		{"to read is not to manage", okta.Error{Method: http.MethodDelete, Path: byApp, Grants: &okta.Grants{
			Asked: okta.Scopes(true), Granted: okta.Scopes(true),
		}}, "The scope okta.apps.manage was not asked for. Add it to scopes or OKTA_API_SCOPES, and grant it to the service app, under Okta API Scopes on its page. " +
			"Asked for: okta.apps.read, okta.authorizationServers.read, okta.users.read."},
	} {
		if got := missingPermission(&tc.err); got != tc.want {
			t.Errorf("%s: got\n\t%s\nwant\n\t%s", tc.name, got, tc.want)
		}
	}
}

// Why a service app cannot sign in, in the whole words that people read.
func TestExplainSignIn(t *testing.T) {
	t.Parallel()
	const (
		refused = "Service App Cannot Sign In"
		notOkta = "What answered is not Okta's token endpoint. Check org_url, and http_proxy if there is a proxy."
		outage  = "Okta failed to answer. Try again; https://status.okta.com reports outages."
		key     = "Okta refused the signature of client 0oa1 (client ID from OKTA_API_CLIENT_ID, private key from the argument private_key). " +
			"Check that it is the right app, that the public key of the pair is registered with it, and private_key_id if the app has several keys."
		scopes = "None of the scopes asked for is granted to the app. Grant them under Okta API Scopes on its page, or change scopes. Asked for: okta.apps.read, okta.users.read."
	)
	asked, app := []string{"okta.apps.read", "okta.users.read"}, okta.Source{ClientID: "OKTA_API_CLIENT_ID", PrivateKey: "the argument private_key"}
	for _, tc := range []struct {
		name            string
		err             okta.SignInError
		summary, advice string
	}{
		{
			"clock ahead",
			okta.SignInError{StatusCode: 401, Code: "invalid_client", Skew: time.Hour + 90*time.Second},
			refused,
			"The clock of this machine is 1h1m30s ahead of Okta's, and an assertion is only good for minutes. Set the clock.",
		},
		{
			"clock behind",
			okta.SignInError{StatusCode: 401, Code: "invalid_client", Skew: -10 * time.Minute},
			refused,
			"The clock of this machine is 10m0s behind Okta's, and an assertion is only good for minutes. Set the clock.",
		},
		{
			"clock ahead of a proof",
			okta.SignInError{StatusCode: 400, Code: "invalid_dpop_proof", Skew: 40 * time.Second},
			refused,
			"The clock of this machine is 40s ahead of Okta's, and an assertion is only good for minutes. Set the clock.",
		},
		{"wrong key", okta.SignInError{ClientID: "0oa1", StatusCode: 401, Code: "invalid_client", Source: app}, refused, key},
		{"unknown scope", okta.SignInError{StatusCode: 400, Code: "invalid_scope", Scopes: asked}, refused, scopes},
		{"no scope granted", okta.SignInError{StatusCode: 400, Code: "consent_required", Scopes: asked}, refused, scopes},
		{"no scope granted, by a clock that is somewhat off", okta.SignInError{StatusCode: 400, Code: "consent_required", Scopes: asked, Skew: -2 * time.Minute}, refused, scopes},
		{"network zone", okta.SignInError{StatusCode: 403, Code: "access_denied"}, refused, "The app, or its network zone, does not allow this machine to sign in."},
		{"a page", okta.SignInError{StatusCode: 403, Body: "<html>"}, "Not an Okta API", notOkta},
		{"nothing at all", okta.SignInError{StatusCode: 404}, "Not an Okta API", notOkta},
		{"a page, by another clock", okta.SignInError{StatusCode: 403, Body: "<html>", Skew: time.Hour}, "Not an Okta API", notOkta},
		{"a redirect", okta.SignInError{StatusCode: 302}, "Not an Okta API", notOkta},
		{"outage", okta.SignInError{StatusCode: 500, Code: "E0000009"}, refused, outage},
		{"outage with a page", okta.SignInError{StatusCode: 503, Body: "<html>Maintenance</html>"}, refused, outage},
		{
			"rate limit",
			okta.SignInError{StatusCode: 429, Code: "E0000047"},
			"Okta Rate Limit Exceeded",
			"Okta's limit on signing in is used up. Try again in a minute, or raise max_retries or max_wait_seconds.",
		},
		{"something else", okta.SignInError{StatusCode: 400, Code: "unsupported_grant_type", Source: app}, refused, "Check the service app (client ID from OKTA_API_CLIENT_ID, private key from the argument private_key) and its scopes."},
	} {
		summary, advice, at := explainSignIn(&tc.err)
		if summary != tc.summary || advice != tc.advice || at != "" {
			t.Errorf("%s: got\n\t%s: %s (%s)\nwant\n\t%s: %s", tc.name, summary, advice, at, tc.summary, tc.advice)
		}
	}
}

package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

const tokenAddress = "data.oktatokens_refresh_token.test"

// newTokenOrg is an org with one token, of which everything is known.
func newTokenOrg(t *testing.T) *oktafake.Server {
	t.Helper()
	org := oktafake.New(t)
	org.AddAuthorizationServer(oktafake.AuthorizationServer{ID: "aus1", Name: "Payments", Default: true})
	org.AddClient(oktafake.App{ID: "0oa1", ClientID: "till_1.v2", Name: "Till"})
	org.AddUser(oktafake.User{ID: "00u1", Name: "Amara Abara"})
	expires := epoch.AddDate(0, 0, 7)
	add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "till_1.v2", UserID: "00u1", Scopes: []string{"openid", "email"}, ExpiresAt: &expires}, "oar1")
	return org
}

// wholeToken is that token but for the issuer, which has the org's address.
var wholeToken = attributes{
	"id": "oar1", "status": "ACTIVE", "client_id": "till_1.v2", "user_id": "00u1",
	"created": "2026-03-01T08:00:00.000Z", "last_updated": "2026-03-01T08:00:00.000Z", "expires_at": "2026-03-08T08:00:00.000Z",
	"scopes": list("email", "openid"), "auth_server_id": "aus1", "app_id": "0oa1",
	"client_name": "Till", "user_name": "Amara Abara", "auth_server_name": "Payments", "app_name": "Till",
	"token_id": "oar1", "expand_scopes": nil, "scope_details": nil,
}

func TestAccRefreshToken(t *testing.T) {
	org := newTokenOrg(t)
	config := data("refresh_token", attributes{"app_id": "0oa1", "token_id": "oar1"})
	want := known{
		"id": exact("oar1"), "client_id": exact("till_1.v2"), "created": exact("2026-03-01T08:00:00.000Z"), "scopes": listOf("email", "openid"),
	}
	accept(t, org,
		resource.TestStep{Config: config, ConfigStateChecks: want.state(tokenAddress)},
		again(config),
		resource.TestStep{
			Config:            later("oar1") + data("refresh_token", attributes{"app_id": "0oa1", "token_id": laterRef}),
			ConfigStateChecks: want.state(tokenAddress),
		},
	)
	wantReads(t, org)
}

func TestRefreshTokenOfEachParent(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		parent attributes
		path   string
	}{
		{"server", attributes{"auth_server_id": "aus1", "client_id": "till_1.v2"}, "/api/v1/authorizationServers/aus1/clients/till_1.v2/tokens/oar1"},
		{"alias of a server", attributes{"auth_server_id": "default", "client_id": "till_1.v2"}, "/api/v1/authorizationServers/default/clients/till_1.v2/tokens/oar1"},
		{"user", attributes{"user_id": "00u1", "client_id": "till_1.v2"}, "/api/v1/users/00u1/clients/till_1.v2/tokens/oar1"},
		{"login of a user", attributes{"user_id": "00u1@example.com", "client_id": "till_1.v2"}, "/api/v1/users/00u1@example.com/clients/till_1.v2/tokens/oar1"},
		{"app", attributes{"app_id": "0oa1"}, "/api/v1/apps/0oa1/tokens/oar1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newTokenOrg(t)
			got, diags := newCore(t, org, nil).readData("refresh_token", tc.parent.With(attributes{"token_id": "oar1"}))
			diff(t, "diagnostics", diags, []diagnostic{})
			// What is configured stays as it is, and is not Okta's ID.
			diff(t, "token", got, wholeToken.With(tc.parent).With(attributes{"issuer": org.URL + "/oauth2/default"}))
			diff(t, "requests", requests(org), []string{"GET " + tc.path})
		})
	}
}

func TestRefreshTokenClientIDSpelling(t *testing.T) {
	t.Parallel()
	org := newTokenOrg(t)
	org.ClientField = "client_id"
	got, _ := newCore(t, org, nil).readData("refresh_token", attributes{"app_id": "0oa1", "token_id": "oar1"})
	diff(t, "client_id", got["client_id"], "till_1.v2")
}

func TestRefreshTokenExpandScopes(t *testing.T) {
	t.Parallel()
	org := newTokenOrg(t)
	got, _ := newCore(t, org, nil).readData("refresh_token", attributes{"app_id": "0oa1", "token_id": "oar1", "expand_scopes": true})
	diff(t, "scope_details", each(t, got["scope_details"], "name"), list("email", "openid"))
	diff(t, "requests", requests(org), []string{"GET /api/v1/apps/0oa1/tokens/oar1?expand=scope"})
}

// What Okta leaves out is null, never "" and never year 1.
func TestRefreshTokenNulls(t *testing.T) {
	t.Parallel()
	for body, warnings := range map[string][]string{
		`{"id":"oar1"}`: {},
		`{"id":"oar1","status":null,"clientId":null,"created":null,"lastUpdated":null,"expiresAt":null,"scopes":null,"_links":null,"_embedded":null}`: {},
		// Neither says that the token never expires.
		`{"id":"oar1","status":"","created":"","expiresAt":"0001-01-01T00:00:00Z","_links":{"app":{},"user":{"href":""}}}`: {"Okta Sent Fields That Cannot Be Read"},
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			org.Intercept = answering(body)
			got, diags := newCore(t, org, nil).readData("refresh_token", attributes{"app_id": "0oa1", "token_id": "oar1", "expand_scopes": true})
			diff(t, "diagnostics", summaries(diags), warnings)
			for name, v := range got {
				switch name {
				case "id", "token_id", "app_id", "expand_scopes":
				default:
					if v != nil {
						t.Errorf("%s: got %v, want null", name, v)
					}
				}
			}
		})
	}
}

// Okta's own text of an instant is kept, whatever it looks like.
func TestRefreshTokenInstantsAreVerbatim(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.Intercept = answering(`{"id":"oar1","created":"2026-03-01T08:00:00Z","lastUpdated":"2026-03-01T08:00:00.123456Z","expiresAt":"2026-03-01T10:00:00.100+02:00"}`)
	got, _ := newCore(t, org, nil).readData("refresh_token", attributes{"app_id": "0oa1", "token_id": "oar1"})
	diff(t, "created", got["created"], "2026-03-01T08:00:00Z")
	diff(t, "last_updated", got["last_updated"], "2026-03-01T08:00:00.123456Z")
	diff(t, "expires_at", got["expires_at"], "2026-03-01T10:00:00.100+02:00")
}

// Okta says the same of a token that is gone and of a parent that is not there.
func TestRefreshTokenTellsTokenFromParent(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name       string
		parent     attributes
		id         string
		want       string
		detail     string
		wantAnswer string
	}{
		{"token", attributes{"app_id": "0oa1"}, "oar9", "token_id: Refresh Token Not Found", "There is no refresh token oar9 of app 0oa1. It may have been revoked or have expired.", "(OAuth2RefreshTokenTx)"},
		{"app", attributes{"app_id": "0oa9"}, "oar1", "app_id: Parent Not Found", "Could not read refresh token oar1 of app 0oa9. The org ORG knows no app 0oa9. Check app_id and OKTA_ORG_URL.", "0oa9 (AppInstance)"},
		{"user", attributes{"user_id": "00u9", "client_id": "till_1.v2"}, "oar1", "user_id: Parent Not Found", "Could not read refresh token oar1 of client till_1.v2 of user 00u9. The org ORG knows no user 00u9. Check user_id and OKTA_ORG_URL.", "00u9 (User)"},
		{"client", attributes{"user_id": "00u1", "client_id": "0oa9"}, "oar1", "client_id: Parent Not Found", "Could not read refresh token oar1 of client 0oa9 of user 00u1. The org ORG knows no client 0oa9. Check client_id and OKTA_ORG_URL.", "0oa9 (PublicClientApp)"},
		{"server", attributes{"auth_server_id": "aus9", "client_id": "till_1.v2"}, "oar1", "auth_server_id: Parent Not Found", "Could not read refresh token oar1 of client till_1.v2 of authorization server aus9. The org ORG knows no authorization server aus9. Check auth_server_id and OKTA_ORG_URL.", "aus9"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newTokenOrg(t)
			_, diags := newCore(t, org, nil).readData("refresh_token", tc.parent.With(attributes{"token_id": tc.id}))
			diff(t, "errors", summaries(diags), []string{tc.want})
			detail, answer, _ := strings.Cut(diags[0].Detail, "\n\n")
			diff(t, "detail", detail, atOrg(org, tc.detail))
			if !strings.Contains(answer, "Okta said: 404 E0000007: Not found: Resource not found: ") || !strings.Contains(answer, tc.wantAnswer) {
				t.Errorf("got %q, want Okta's words on %s", answer, tc.wantAnswer)
			}
			wantReads(t, org)
		})
	}
}

func TestRefreshTokenErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		hook oktafake.Responder
		want string
	}{
		{"another token", answering(`{"id":"oar2"}`), "Unexpected Answer from Okta"},
		{"none", answering(`[]`), "Unexpected Answer from Okta"},
		{"not JSON", answering(`<html>`), "Unexpected Answer from Okta"},
		{"a wrong URL", oktafake.Fail(404, "E0000008", "The requested path was not found"), "Not an Okta API"},
		{"broken", oktafake.Fail(500, "E0000009", "Internal Server Error"), "Unable to Read Refresh Token"},
		{"the parent is refused", oktafake.First(oktafake.Once(oktafake.On("GET", "/api/v1/apps/0oa1/tokens/oar1"), oktafake.Fail(404, "E0000007", "Not found")), oktafake.Fail(403, "E0000006", "You do not have permission")), "Missing Okta Permission"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newTokenOrg(t)
			org.Intercept = tc.hook
			_, diags := newCore(t, org, attributes{"max_retries": 0}).readData("refresh_token", attributes{"app_id": "0oa1", "token_id": "oar1"})
			diff(t, "errors", summaries(diags), []string{tc.want})
		})
	}
}

func TestDataSourceOfTokensRefusesConfigurations(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		config attributes
		want   []string
	}{
		{"no parent", nil, []string{"auth_server_id: Missing Parent"}},
		{"two parents", attributes{"auth_server_id": "aus1", "user_id": "00u1", "client_id": "0oa1"}, []string{"user_id: Invalid Attribute Combination"}},
		{"three parents", attributes{"auth_server_id": "aus1", "user_id": "00u1", "app_id": "0oa1", "client_id": "0oa1"}, []string{"user_id: Invalid Attribute Combination", "client_id: Invalid Attribute Combination"}},
		{"no client", attributes{"auth_server_id": "aus1"}, []string{"client_id: Missing Client ID"}},
		{"no client of a user", attributes{"user_id": "00u1"}, []string{"client_id: Missing Client ID"}},
		{"a client of an app", attributes{"app_id": "0oa1", "client_id": "0oa1"}, []string{"client_id: Invalid Attribute Combination"}},
		{"an empty client", attributes{"user_id": "00u1", "client_id": ""}, []string{"client_id: Invalid ID"}},
		{"not known yet", attributes{"user_id": unknown{}, "client_id": unknown{}}, nil},
		{"a parent not known yet", attributes{"user_id": unknown{}}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			c := newCore(t, org, nil)
			diff(t, "errors of the list", summaries(c.validateData("refresh_tokens", tc.config)), tc.want)
			diff(t, "errors of the token", summaries(c.validateData("refresh_token", tc.config.With(attributes{"token_id": "oar1"}))), tc.want)
			wantNoRequests(t, org)
		})
	}
	diff(t, "errors of an empty token_id", summaries(newCore(t, oktafake.New(t), nil).validateData("refresh_token", attributes{"app_id": "0oa1", "token_id": ""})), []string{"token_id: Invalid ID"})
}

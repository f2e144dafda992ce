package provider

import (
	"slices"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// tokenFields are a refresh token wherever one appears. What Okta leaves out is null.
var tokenFields = fields[okta.RefreshToken]{
	{"id", func(t okta.RefreshToken) any { return t.ID }, computedText("ID of the token, such as `oar1a2b3c4d5e6f7g8h9`. It is not a secret: it is useless without rights in the org, and this API never shows the token's value.")},
	{"status", func(t okta.RefreshToken) any { return t.Status }, computedText("`ACTIVE` or `REVOKED`, as Okta says.")},
	{"client_id", func(t okta.RefreshToken) any { return t.ClientID }, computedText("Client ID of the app that holds the token.")},
	{"user_id", func(t okta.RefreshToken) any { return t.UserID }, computedText("ID of the user for whom the token was issued.")},
	{"issuer", func(t okta.RefreshToken) any { return t.Issuer }, computedText("Issuer URL of the authorization server, such as `https://acme.okta.com/oauth2/default`.")},
	{"created", func(t okta.RefreshToken) any { return t.Created }, computedTime("When the token was issued, in RFC 3339 as Okta wrote it, such as `2026-01-31T08:00:00.000Z`.")},
	{"last_updated", func(t okta.RefreshToken) any { return t.LastUpdated }, computedTime("When the token was last used or changed, in RFC 3339. Okta seems to change it with each use, but does not document when.")},
	{"expires_at", func(t okta.RefreshToken) any { return t.ExpiresAt }, computedTime("When the token expires if it is not used before, in RFC 3339. Null for a token that never expires.")},
	{"scopes", func(t okta.RefreshToken) any { return t.Scopes }, computedTexts("Names of the scopes that were granted, such as `offline_access`, sorted.")},
	{"auth_server_id", func(t okta.RefreshToken) any { return t.AuthServerID }, computedText("ID of the authorization server that issued the token, from its links.")},
	{"app_id", func(t okta.RefreshToken) any { return t.AppID }, computedText("ID of the app that holds the token, from its links.")},
	{"client_name", func(t okta.RefreshToken) any { return t.ClientName }, computedText("Name of the client, from the token's links.")},
	{"user_name", func(t okta.RefreshToken) any { return t.UserName }, computedText("Name of the user, from the token's links.")},
	{"auth_server_name", func(t okta.RefreshToken) any { return t.AuthServerName }, computedText("Name of the authorization server, from the token's links.")},
	{"app_name", func(t okta.RefreshToken) any { return t.AppName }, computedText("Name of the app, from the token's links.")},
}

var tokenType = tokenFields.objectType()

// detailedTokenFields are those of a token with its scopes in full, which are null
// unless they are to be expanded.
func detailedTokenFields(expand bool) fields[okta.RefreshToken] {
	return append(slices.Clip(tokenFields), field[okta.RefreshToken]{
		"scope_details",
		func(t okta.RefreshToken) any {
			if !expand || t.ScopeDetails == nil {
				return nil
			}
			return scopeFields.rows(t.ScopeDetails)
		},
		computedObjects("Details of the granted scopes, sorted by name. Null unless `expand_scopes` is `true`.", scopeFields.nested()),
	})
}

var scopeFields = fields[okta.Scope]{
	{"id", func(s okta.Scope) any { return s.ID }, computedText("ID of the scope.")},
	{"name", func(s okta.Scope) any { return s.Name }, computedText("Name of the scope, such as `offline_access`.")},
	{"display_name", func(s okta.Scope) any { return s.DisplayName }, computedText("Name of the scope on a consent page.")},
	{"description", func(s okta.Scope) any { return s.Description }, computedText("What the scope allows.")},
}

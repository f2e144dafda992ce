package oktafake

// wellKnownScopes are the scopes that every authorization server has, in Okta's words.
var wellKnownScopes = map[string]struct{ displayName, description string }{
	"openid":         {"openid", "Signals that a request is an OpenID request"},
	"profile":        {"View your profile information", "The exact data varies based on what profile information you have provided, such as: name, time zone, picture, or birthday."},
	"email":          {"View your email address", "This allows you to view your email address."},
	"address":        {"View your address", "This allows you to view your address, such as: street address, city, state, and zip code."},
	"phone":          {"View your phone number", "This allows you to view your phone number."},
	"offline_access": {"Keep you signed in to the app", "This keeps you signed in to the app, even when you aren't using it."},
}

// describeScope makes up a scope from its name. Its ID differs from server to server; the org
// authorization server is nil.
func describeScope(server *AuthorizationServer, name string) scopeJSON {
	owner := "org"
	if server != nil {
		owner = server.ID
	}
	scope := scopeJSON{
		ID:          derivedID("scp", idLength, owner, name),
		Name:        name,
		DisplayName: name,
		Description: "Allows the app to use " + name,
	}
	if known, ok := wellKnownScopes[name]; ok {
		scope.DisplayName, scope.Description = known.displayName, known.description
	}
	return scope
}

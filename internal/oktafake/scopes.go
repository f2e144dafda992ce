package oktafake

import (
	"net/http"
	"strings"
)

// wellKnownScopes are the scopes that every authorization server has.
var wellKnownScopes = map[string]struct{ displayName, description string }{
	"openid":         {"Sign in", "Lets the app know who you are"},
	"profile":        {"See your profile", "Lets the app read your name and the rest of your profile"},
	"email":          {"See your email address", "Lets the app read your email address"},
	"address":        {"See your address", "Lets the app read your postal address"},
	"phone":          {"See your phone number", "Lets the app read your phone number"},
	"offline_access": {"Stay signed in", "Lets the app work while you are away"},
}

// describeScope makes up a scope from its name, so that a test need not declare it. Its ID differs
// from server to server; the org authorization server is nil.
func describeScope(server *AuthorizationServer, name string) scopeJSON {
	owner := "org"
	if server != nil {
		owner = server.ID
	}
	scope := scopeJSON{
		ID:          derivedID("scp", idLength, owner, name),
		Name:        name,
		DisplayName: name,
		Description: "Lets the app use " + name,
	}
	if known, ok := wellKnownScopes[name]; ok {
		scope.DisplayName, scope.Description = known.displayName, known.description
	}
	return scope
}

// apiScopes are the scopes of what the org serves. Others are known to it once an app is granted
// them.
var apiScopes = []string{
	"okta.apps.read", "okta.apps.manage",
	"okta.authorizationServers.read", "okta.authorizationServers.manage",
	"okta.users.read", "okta.users.manage",
}

// scopeOf is the scope that a call of the API needs, whether or not there is a route for it: to read
// or to manage the resources that its path begins with.
func scopeOf(r *http.Request) string {
	resource, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/api/v1/"), "/")
	if resource == "" {
		return ""
	}
	if r.Method == http.MethodGet {
		return "okta." + resource + ".read"
	}
	return "okta." + resource + ".manage"
}

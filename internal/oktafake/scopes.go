package oktafake

import (
	"net/http"
	"strings"
)

// wellKnownScopes are the scopes of every authorization server.
var wellKnownScopes = map[string]struct{ displayName, description string }{
	"openid":         {"Sign in", "Lets the app know who you are"},
	"profile":        {"See your profile", "Lets the app read your name and the rest of your profile"},
	"email":          {"See your email address", "Lets the app read your email address"},
	"address":        {"See your address", "Lets the app read your postal address"},
	"phone":          {"See your phone number", "Lets the app read your phone number"},
	"offline_access": {"Stay signed in", "Lets the app work while you are away"},
}

// describeScope makes up a scope from its name, so tests need not declare scopes. Each server has its
// own ID for it. A nil server is the org authorization server.
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

// apiScopes are the scopes of the org's routes. It accepts others once an app is granted them.
var apiScopes = []string{
	"okta.apps.read", "okta.apps.manage",
	"okta.authorizationServers.read", "okta.authorizationServers.manage",
	"okta.users.read", "okta.users.manage",
}

// scopeOf returns the scope that an API call needs, even if it has no route: to read or to manage the
// resources at the start of its path.
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

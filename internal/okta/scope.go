package okta

import (
	"slices"
	"strings"
)

// Scopes are the OAuth 2.0 scopes that this package can use, sorted.
func Scopes(readOnly bool) []string {
	var scopes []string
	for _, kind := range kinds {
		scopes = append(scopes, "okta."+kind.collection+".read")
		if !readOnly {
			scopes = append(scopes, "okta."+kind.collection+".manage")
		}
	}
	slices.Sort(scopes)
	return scopes
}

// requiredScope is the OAuth 2.0 scope that a request needs, such as okta.users.manage.
// It is "" for a path that this package does not use.
// Source: the scopes that Okta's OpenAPI names for each operation.
func requiredScope(method, path string) string {
	collection, _, _ := strings.Cut(strings.TrimPrefix(path, "/api/v1/"), "/")
	known := slices.Contains([]string{"authorizationServers", "users", "apps"}, collection)
	switch {
	case !known:
		return ""
	case method == "GET":
		return "okta." + collection + ".read"
	default:
		return "okta." + collection + ".manage"
	}
}

// Grants are the scopes of a service app's access token.
type Grants struct {
	Asked   []string
	Granted []string // sorted; Okta may grant fewer than asked for, without an error
}

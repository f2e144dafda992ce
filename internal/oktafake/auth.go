package oktafake

import (
	"net/http"
	"slices"
	"strings"
)

// The schemes of an Authorization header.
const (
	schemeAPIToken = "SSWS"
	schemeBearer   = "Bearer"
	schemeDPoP     = "DPoP"
)

// grant is what a request's credential may do.
type grant struct {
	// everything is set for the org's own API token and access token.
	everything bool
	scopes     []string
	// readOnly is set if the app's admin role may only read, whatever the scopes.
	readOnly bool
	// scheme is the scheme of the access token. A refusal names it.
	scheme string
}

// authenticate returns what a request may do. As at Okta, an unknown credential is 401, and none at all
// is 403.
func (o *Org) authenticate(r *http.Request) (grant, error) {
	if r.URL.Path == signInPath {
		return grant{}, nil // Its credentials are in its form.
	}
	scheme, credential, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	switch scheme {
	case schemeAPIToken:
		if credential == "" || credential != o.APIToken {
			return grant{}, errInvalidToken
		}
		return grant{everything: true}, nil
	case schemeBearer, schemeDPoP:
		return o.accept(r, scheme, credential)
	default:
		return grant{}, errInvalidSession
	}
}

// authorized wraps a handler of the API: it refuses a request that its credential may not make. As at
// Okta, a missing scope is an answer with a header and no body, and a missing role one with a body.
func authorized(h handler) handler {
	return func(o *Org, r *http.Request) (any, error) {
		g := callOf(r).grant
		needed := scopeOf(r)
		switch {
		case g.everything:
		case !g.covers(needed):
			return nil, challenged(r, g.scheme, needed, errInsufficientScope)
		case g.readOnly && r.Method != http.MethodGet:
			return nil, errNoPermission
		}
		return h(o, r)
	}
}

// covers reports whether a scope was granted. Managing includes reading.
func (g grant) covers(scope string) bool {
	resource, toRead := strings.CutSuffix(scope, ".read")
	return slices.Contains(g.scopes, scope) || toRead && slices.Contains(g.scopes, resource+".manage")
}

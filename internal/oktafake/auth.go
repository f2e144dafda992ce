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

// grant is what the credential of a request may do.
type grant struct {
	// everything is what the org's own API token and access token may do.
	everything bool
	scopes     []string
	// readOnly is set when the scopes may say more than the admin role of the app allows.
	readOnly bool
	// scheme is that of the access token, which a refusal names.
	scheme string
}

// authenticate finds out what a request may do. Okta tells a credential that it does not know, 401,
// from a request that it cannot find one in, 403.
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

// authorized makes a handler of one that serves the API: it turns away a request whose credential
// may not make it. Okta's answer tells a missing scope, in a header, from a role that is too weak
// for a scope that was granted, in a body.
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

// covers reports whether a scope was granted. To manage implies to read.
func (g grant) covers(scope string) bool {
	resource, toRead := strings.CutSuffix(scope, ".read")
	return slices.Contains(g.scopes, scope) || toRead && slices.Contains(g.scopes, resource+".manage")
}

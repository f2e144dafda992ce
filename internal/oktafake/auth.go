package oktafake

import (
	"fmt"
	"net/http"
	"strings"
)

// authenticate accepts the org's API token and its access token, either with every permission. Okta
// tells a credential that it does not know, 401, from a request that it cannot find one in, 403.
//
// The token endpoint, from which a service app would get an access token of its own, is not
// modelled.
func (o *Org) authenticate(r *http.Request) error {
	scheme, credential, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	switch scheme {
	case "SSWS":
		if credential == "" || credential != o.APIToken {
			return errInvalidToken
		}
	case "Bearer":
		if credential == "" || credential != o.AccessToken {
			return &apiError{
				status:    http.StatusUnauthorized,
				challenge: challenge(r, "invalid_token", "The access token is invalid.", ""),
			}
		}
	default:
		return errInvalidSession
	}
	return nil
}

// challenge is the WWW-Authenticate line that Okta answers a refused access token with, in place
// of a body.
func challenge(r *http.Request, code, description, scope string) string {
	org := base(r)
	if scope != "" {
		scope = fmt.Sprintf("scope=%q, ", scope)
	}
	return fmt.Sprintf(`Bearer authorization_uri="%s/oauth2/v1/authorize", realm=%q, %serror=%q, error_description=%q, resource=%q`,
		org, org, scope, code, description, r.URL.Path)
}

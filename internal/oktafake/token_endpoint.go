package oktafake

import (
	"mime"
	"net/http"
	"slices"
	"strings"
)

// signInPath is the token endpoint of the org authorization server, the only one that issues access
// tokens for the API.
const signInPath = "/oauth2/v1/token"

const clientCredentials = "client_credentials"

var (
	errForm          = invalidRequest("Invalid request")
	errFormDuplicate = invalidRequest("The request contained multiple parameters with the same name.")
	errNoGrantType   = invalidRequest("The token request must specify a 'grant_type'. Valid values: [" + clientCredentials + "]")
	errGrantType     = &oauthError{
		status: http.StatusBadRequest, code: "unsupported_grant_type",
		description: "The authorization grant type is not supported by the authorization server. " +
			"Configured grant types: [" + clientCredentials + "].",
	}

	errNoScope      = invalidScope("The authorization server resource does not have any configured default scopes, 'scope' must be provided.")
	errUnknownScope = invalidScope("One or more scopes are not configured for the authorization server resource.")
	errNoneGranted  = &oauthError{
		status: http.StatusBadRequest, code: "consent_required",
		description: "You are not allowed any of the requested scopes.",
	}
)

// accessTokenJSON is a successful answer of the token endpoint.
type accessTokenJSON struct {
	Type      string `json:"token_type"`
	ExpiresIn int    `json:"expires_in"`
	Value     string `json:"access_token"`
	Scope     string `json:"scope"`

	nonce string // sent as DPoP-Nonce unless it is empty
}

// issueToken signs a service app in. It checks the app first, then its proof, then its scopes. Okta
// does not document its order.
func (o *Org) issueToken(r *http.Request) (any, error) {
	if err := checkForm(r); err != nil {
		return nil, err
	}
	app, err := o.client(r)
	if err != nil {
		return nil, err
	}
	var thumbprint string
	if app.DPoP == DPoPRequired {
		if thumbprint, err = o.bind(r, app); err != nil {
			return nil, err
		}
	}
	scopes, err := o.grantable(app, r.PostForm.Get("scope"))
	if err != nil {
		return nil, err
	}
	return o.issue(app, scopes, thumbprint), nil
}

// checkForm checks what every request for an access token must have.
func checkForm(r *http.Request) error {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/x-www-form-urlencoded" {
		return errMediaType
	}
	if callOf(r).formErr != nil {
		return errForm
	}
	for _, values := range r.PostForm {
		if len(values) > 1 {
			return errFormDuplicate
		}
	}
	switch r.PostForm.Get("grant_type") {
	case clientCredentials:
		return nil
	case "":
		return errNoGrantType
	default:
		return errGrantType
	}
}

// grantable returns the requested scopes that the app was granted. It silently drops the others, and
// fails only if none is left.
func (o *Org) grantable(app *ServiceApp, scope string) ([]string, error) {
	asked := strings.Fields(scope)
	if len(asked) == 0 {
		return nil, errNoScope
	}
	for _, name := range asked {
		if !o.authority.knowsScope(name) {
			return nil, errUnknownScope
		}
	}
	granted := slices.DeleteFunc(asked, func(name string) bool { return !slices.Contains(app.Scopes, name) })
	if len(granted) == 0 {
		return nil, errNoneGranted
	}
	return granted, nil
}

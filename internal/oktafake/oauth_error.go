package oktafake

import (
	"errors"
	"fmt"
	"net/http"
)

// oauthError is an OAuth 2.0 error with Okta's text from
// https://developer.okta.com/docs/reference/error-codes/. The token endpoint sends it as a body, the
// API as a WWW-Authenticate header without a body.
type oauthError struct {
	status            int
	code, description string
	// challenge, if set, is sent as WWW-Authenticate instead of a body.
	challenge string
	// nonce, if set, is sent as DPoP-Nonce.
	nonce string
}

func (e *oauthError) Error() string { return e.code + ": " + e.description }

// oauthErrorBody is the token endpoint's answer to a refused request.
type oauthErrorBody struct {
	Code        string `json:"error"`
	Description string `json:"error_description"`
}

func invalidRequest(description string) *oauthError {
	return &oauthError{status: http.StatusBadRequest, code: "invalid_request", description: description}
}

func invalidClient(description string) *oauthError {
	return &oauthError{status: http.StatusUnauthorized, code: "invalid_client", description: description}
}

func invalidScope(description string) *oauthError {
	return &oauthError{status: http.StatusBadRequest, code: "invalid_scope", description: description}
}

func invalidProof(description string) *oauthError {
	return &oauthError{status: http.StatusBadRequest, code: "invalid_dpop_proof", description: description}
}

func invalidToken(description string) *oauthError {
	return &oauthError{status: http.StatusUnauthorized, code: "invalid_token", description: description}
}

var errInsufficientScope = &oauthError{
	status: http.StatusForbidden, code: "insufficient_scope",
	description: "The access token provided does not contain the required scopes.",
}

// useNonce asks for another proof with this nonce. The API sends the same text, which names
// authorization servers.
func useNonce(nonce string) *oauthError {
	return &oauthError{
		status: http.StatusBadRequest, code: "use_dpop_nonce",
		description: "Authorization server requires nonce in DPoP proof.", nonce: nonce,
	}
}

// challenged returns an OAuth error as the API sends it. Other errors stay as they are.
func challenged(r *http.Request, scheme, scope string, err error) error {
	refusal, ok := errors.AsType[*oauthError](err)
	if !ok {
		return err
	}
	sent := *refusal
	sent.challenge = challenge(r, scheme, scope, refusal)
	return &sent
}

// challenge returns the WWW-Authenticate header with which the API refuses an access token. It names
// the scope that the request needs, whatever was wrong: Okta does so when it refuses a proof.
func challenge(r *http.Request, scheme, scope string, refusal *oauthError) string {
	org := base(r)
	if scheme == schemeDPoP {
		scheme += fmt.Sprintf(" algs=%q,", algorithmNames)
	}
	if scope != "" {
		scope = fmt.Sprintf("scope=%q, ", scope)
	}
	return fmt.Sprintf(`%s authorization_uri="%s/oauth2/v1/authorize", realm=%q, %serror=%q, error_description=%q, resource=%q`,
		scheme, org, org, scope, refusal.code, refusal.description, r.URL.Path)
}

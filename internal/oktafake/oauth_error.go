package oktafake

import (
	"errors"
	"fmt"
	"net/http"
)

// oauthError is a refusal in the terms of OAuth 2.0 and in Okta's words, which are those of
// https://developer.okta.com/docs/reference/error-codes/. The token endpoint sends it as a body,
// the API as a WWW-Authenticate line without one.
type oauthError struct {
	status            int
	code, description string
	// challenge, if set, is sent as WWW-Authenticate in place of a body.
	challenge string
	// nonce, if set, is sent as DPoP-Nonce.
	nonce string
}

func (e *oauthError) Error() string { return e.code + ": " + e.description }

// oauthErrorBody is what the token endpoint answers a refused request with.
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

// useNonce asks for another proof, with a nonce in it. It is about authorization servers wherever
// it is sent.
func useNonce(nonce string) *oauthError {
	return &oauthError{
		status: http.StatusBadRequest, code: "use_dpop_nonce",
		description: "Authorization server requires nonce in DPoP proof.", nonce: nonce,
	}
}

// challenged is a refusal as the API sends it. Another error stays what it is.
func challenged(r *http.Request, scheme, scope string, err error) error {
	refusal, ok := errors.AsType[*oauthError](err)
	if !ok {
		return err
	}
	sent := *refusal
	sent.challenge = challenge(r, scheme, scope, refusal)
	return &sent
}

// challenge is the WWW-Authenticate line that the API answers a refused access token with, which
// was presented with scheme. It names the scope that the request needs whatever was wrong, as
// Okta's refusal of a proof was seen to do.
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

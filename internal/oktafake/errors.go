package oktafake

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
)

// apiError is an error of the API.
type apiError struct {
	status        int
	code, summary string
	causes        []string
}

func (e *apiError) Error() string { return e.code + ": " + e.summary }

var (
	errInvalidSession = &apiError{status: http.StatusForbidden, code: "E0000005", summary: "Invalid session"}
	errNoPermission   = &apiError{
		status: http.StatusForbidden, code: "E0000006",
		summary: "You do not have permission to perform the requested action",
	}
	errPathNotFound = &apiError{status: http.StatusNotFound, code: "E0000008", summary: "The requested path was not found"}
	errInvalidToken = &apiError{status: http.StatusUnauthorized, code: "E0000011", summary: "Invalid token provided"}
	errMediaType    = &apiError{
		status: http.StatusBadRequest, code: "E0000021",
		summary: "Bad request. Accept and/or Content-Type headers likely do not match supported values.",
	}
	errMethodNotAllowed = &apiError{
		status: http.StatusMethodNotAllowed, code: "E0000022",
		summary: "The endpoint does not support the provided HTTP method",
	}
	errRateLimited = &apiError{
		status: http.StatusTooManyRequests, code: "E0000047",
		summary: "API call exceeded rate limit due to too many requests.",
	}
)

// notFound returns the error for a missing resource. Okta names the kind of resource, so a client can
// tell a missing parent from a missing token.
func notFound(id, kind string) error {
	return &apiError{
		status: http.StatusNotFound, code: "E0000007",
		summary: fmt.Sprintf("Not found: Resource not found: %s (%s)", id, kind),
	}
}

// invalid returns the error for a parameter that Okta does not accept.
func invalid(parameter, cause string) error {
	return &apiError{
		status: http.StatusBadRequest, code: "E0000001",
		summary: "Api validation failed: " + parameter,
		causes:  []string{parameter + ": " + cause},
	}
}

type errorBody struct {
	Code    string       `json:"errorCode"`
	Summary string       `json:"errorSummary"`
	Link    string       `json:"errorLink"`
	ID      string       `json:"errorId"`
	Causes  []errorCause `json:"errorCauses"`
}

type errorCause struct {
	Summary string `json:"errorSummary"`
}

func newErrorBody(code, summary string, causes ...string) errorBody {
	body := errorBody{
		Code: code, Summary: summary, Link: code,
		ID:     "oae" + rand.Text()[:22],
		Causes: make([]errorCause, len(causes)),
	}
	for i, cause := range causes {
		body.Causes[i].Summary = cause
	}
	return body
}

// WriteError answers with an error in Okta's shape. It is for tests that intercept a request.
func WriteError(w http.ResponseWriter, status int, code, summary string, causes ...string) {
	writeJSON(w, status, encode(newErrorBody(code, summary, causes...)))
}

// fail answers with an error of the org itself.
func (o *Org) fail(w http.ResponseWriter, err error) {
	if refusal, ok := errors.AsType[*oauthError](err); ok {
		o.refuse(w, refusal)
		return
	}
	failure, ok := errors.AsType[*apiError](err)
	if !ok {
		failure = &apiError{status: http.StatusInternalServerError, code: "E0000009", summary: "Internal Server Error"}
	}
	writeJSON(w, failure.status, o.encode(newErrorBody(failure.code, failure.summary, failure.causes...)))
}

// refuse answers with an OAuth 2.0 error.
func (o *Org) refuse(w http.ResponseWriter, refusal *oauthError) {
	if refusal.nonce != "" {
		w.Header().Set("DPoP-Nonce", refusal.nonce)
	}
	if refusal.challenge != "" {
		w.Header().Set("WWW-Authenticate", refusal.challenge)
		w.WriteHeader(refusal.status)
		return
	}
	writeJSON(w, refusal.status, o.encode(oauthErrorBody{Code: refusal.code, Description: refusal.description}))
}

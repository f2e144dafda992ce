package okta

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// SignInError is a refusal by the token endpoint. It has Okta's words, and no part of
// the key or the assertion.
type SignInError struct {
	ClientID    string
	StatusCode  int
	Code        string   // error, such as invalid_client (RFC 6749 section 5.2)
	Description string   // error_description
	Body        string   // what the body is, when it is no OAuth error
	RequestID   string   // X-Okta-Request-Id
	Scopes      []string // that were asked for
	Source      Source   // of the client ID and the key
	// Skew is how far this machine's clock is ahead of Okta's. It is zero when they
	// agree well enough to sign in.
	Skew time.Duration
}

// newSignInError reads a response whose body is already in memory.
func newSignInError(a *boundServiceApp, resp *http.Response, body []byte) *SignInError {
	e := &SignInError{
		ClientID:   a.clientID,
		StatusCode: resp.StatusCode,
		RequestID:  resp.Header.Get(headerRequestID),
		Scopes:     a.scopes,
		Source:     a.endpoint.source,
	}
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		if skew := time.Since(date); skew.Abs() > maxSkew {
			e.Skew = skew.Round(time.Second)
		}
	}
	object := errorObject(body)
	e.Code = prose.Printable(a.endpoint.secrets.redact(object.text("error") + object.text("errorCode")))
	e.Description = prose.Printable(a.endpoint.secrets.redact(object.text("error_description") + object.text("errorSummary")))
	if e.Code == "" {
		e.Body = a.endpoint.secrets.redact(describe(body))
	}
	return e
}

// final reports whether the same sign-in would be refused again.
func (e *SignInError) final() bool {
	return e.StatusCode >= 400 && e.StatusCode < 500 && e.StatusCode != http.StatusTooManyRequests && !isTransient(e.StatusCode)
}

// Error names the client and quotes Okta, on one line.
func (e *SignInError) Error() string {
	return fmt.Sprintf("signing in as client %s: %s", e.ClientID, e.Said())
}

// Said is what Okta said, without the request.
func (e *SignInError) Said() string {
	var said strings.Builder
	fmt.Fprintf(&said, "%d", e.StatusCode)
	switch {
	case e.Code != "":
		fmt.Fprintf(&said, " %s: %s", e.Code, e.Description)
	case e.Body != "":
		fmt.Fprintf(&said, " %s: %s", http.StatusText(e.StatusCode), e.Body)
	default:
		fmt.Fprintf(&said, " %s", http.StatusText(e.StatusCode))
	}
	if e.RequestID != "" {
		fmt.Fprintf(&said, " [request ID %s]", e.RequestID)
	}
	return said.String()
}

package okta

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// Okta's error codes that change what a caller should do.
// Source: https://developer.okta.com/docs/reference/error-codes/
const (
	CodeNotFound        = "E0000007" // the resource does not exist
	CodeFeatureDisabled = "E0000015" // the org lacks API Access Management
)

// Error is a response that is not a success. It keeps all of Okta's words: the JSON
// error object, or the challenge of a response without a body. Of a body that is not
// Okta's, it keeps a description.
//
// Callers match it with errors.AsType[*Error] or predicates such as [IsNotFound].
type Error struct {
	Method     string
	Path       string // escaped, without host and query
	StatusCode int

	Code    string   // errorCode, such as E0000007
	Summary string   // errorSummary
	Causes  []string // errorSummary of each of errorCauses
	ID      string   // errorId, which Okta's support asks for

	RequestID string    // X-Okta-Request-Id
	Challenge Challenge // WWW-Authenticate
	Location  string    // of a redirect, which is never followed
	Body      string    // a description of a body that is not Okta's error object
	foreign   bool      // see Foreign
	Attempts  int       // times the request was sent
	Grants    *Grants   // of the credential; nil when they are not known
	Source    Source    // of the credential
	// MayHaveLanded reports that an earlier attempt of the same request may have taken
	// effect. A 404 to a repeated DELETE may then be the work of the first.
	MayHaveLanded bool
	RetryAt       time.Time // when to try again, by this machine's clock; zero when Okta did not say
}

// maxQuote is how many bytes of a header an error quotes.
const maxQuote = 300

// newError reads a response whose body is already in memory. redact removes secrets.
func newError(resp *http.Response, body []byte, redact func(string) string) *Error {
	e := &Error{
		Method:     resp.Request.Method,
		Path:       resp.Request.URL.EscapedPath(),
		StatusCode: resp.StatusCode,
		RequestID:  resp.Header.Get(headerRequestID),
		Challenge:  parseChallenge(resp.Header.Get("WWW-Authenticate")),
		Attempts:   attemptsOf(resp.Request),
	}
	e.MayHaveLanded = earlierDelivery(resp.Request) == inDoubt
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		e.Location = resp.Header.Get("Location")
	}
	if wait := requestedWait(resp); wait > 0 {
		e.RetryAt = time.Now().Add(wait)
	}
	e.foreign = !hasOktasHeaders(resp.Header) && e.Challenge.Code == ""
	object := errorObject(body)
	if e.Code = object.text("errorCode"); e.Code == "" {
		e.Body = redact(describe(body))
		return e
	}
	e.foreign = false
	e.Code, e.Summary, e.ID = redact(e.Code), redact(object.text("errorSummary")), redact(object.text("errorId"))
	for _, cause := range object.causes() {
		e.Causes = append(e.Causes, redact(cause))
	}
	return e
}

// hasOktasHeaders reports whether a response has a header that only Okta sends.
func hasOktasHeaders(h http.Header) bool {
	return h.Get(headerRequestID) != "" || h.Get(headerLimit) != "" || h.Get(headerReset) != ""
}

// Foreign reports whether nothing in the response is Okta's, neither an error code nor
// a header. It then came from a proxy, a portal or another server.
func (e *Error) Foreign() bool { return e.foreign }

// Error names the request and quotes Okta, on one line.
func (e *Error) Error() string {
	return fmt.Sprintf("okta: %s %s: %s", e.Method, e.Path, e.Said())
}

// Said is what Okta said, without the request: the status, the code, every
// summary, and the two IDs that Okta's support asks for.
func (e *Error) Said() string {
	var said strings.Builder
	fmt.Fprintf(&said, "%d", e.StatusCode)
	if e.Code != "" {
		fmt.Fprintf(&said, " %s: %s", e.Code, e.Summary)
	} else if text := http.StatusText(e.StatusCode); text != "" {
		fmt.Fprintf(&said, " %s", text)
	}
	if len(e.Causes) > 0 {
		fmt.Fprintf(&said, " (%s)", strings.Join(e.Causes, "; "))
	}
	if c := e.Challenge; c.Code != "" {
		fmt.Fprintf(&said, ": %s: %s", c.Code, c.Description)
	}
	if e.Location != "" {
		fmt.Fprintf(&said, ": redirect to %s, not followed", e.Location)
	}
	if e.Body != "" {
		fmt.Fprintf(&said, ": %s", e.Body)
	}
	var ids []string
	if e.ID != "" {
		ids = append(ids, "error ID "+e.ID)
	}
	if e.RequestID != "" {
		ids = append(ids, "request ID "+e.RequestID)
	}
	if len(ids) > 0 {
		fmt.Fprintf(&said, " [%s]", strings.Join(ids, ", "))
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&said, ", after %d attempts", e.Attempts)
	}
	return prose.Printable(said.String())
}

// RequiredScope is the OAuth 2.0 scope that the failed request needs, such as
// okta.users.manage.
func (e *Error) RequiredScope() string {
	return requiredScope(e.Method, e.Path)
}

// quote is the beginning of a header, fit for a line of text.
func quote(header string) string {
	text := prose.Printable(strings.Join(strings.Fields(header[:min(len(header), maxQuote)]), " "))
	if len(header) > maxQuote {
		text += "…"
	}
	return text
}

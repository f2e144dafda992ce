package okta

import (
	"encoding/json"
	"errors"
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

// Error is an answer of Okta's with a status other than 2xx. It keeps every
// word of it: the JSON error object, or the challenge of an answer without a body.
// Of a body that is not Okta's it only says what it is.
//
// Callers match it with errors.AsType[*Error] or the predicates below.
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
	Body      string    // what the body is, when it is no error object of Okta's
	foreign   bool      // see Foreign
	Attempts  int       // times the request was sent
	Grants    *Grants   // of the credential; nil when they are not known
	Source    Source    // of the credential
	// MayHaveLanded tells that an earlier attempt of the same request may have
	// taken effect without its answer getting through. The 404 that answers a
	// repeated DELETE is then the trace of the first.
	MayHaveLanded bool
	RetryAt       time.Time // when to try again, by this machine's clock; zero when the answer did not say
}

// maxQuote is how many bytes of a header an error quotes.
const maxQuote = 300

// newError reads an answer whose body is already in memory. redact removes
// secrets.
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
	if wait := untilWelcome(resp); wait > 0 {
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

// hasOktasHeaders reports whether an answer has a header that only Okta sends.
func hasOktasHeaders(h http.Header) bool {
	return h.Get(headerRequestID) != "" || h.Get(headerLimit) != "" || h.Get(headerReset) != ""
}

// Foreign reports whether nothing in the answer is Okta's: neither an error code
// nor a header. A proxy, a portal or another server gave it.
func (e *Error) Foreign() bool { return e.foreign }

// members are those of a JSON object, whatever they hold.
type members map[string]json.RawMessage

// maxErrorObject is far above any error object of Okta's.
const maxErrorObject = 64 << 10

// errorObject reads the body of an error. It is empty for what is no object.
func errorObject(body []byte) members {
	if len(body) > maxErrorObject {
		return nil
	}
	var object members
	if json.Unmarshal(body, &object) != nil {
		return nil
	}
	return object
}

// text is a member that is a text, or "".
func (m members) text(name string) string {
	var text string
	if json.Unmarshal(m[name], &text) != nil {
		return ""
	}
	return text
}

// causes are the summaries of an error's causes. Okta documents a list of objects;
// whatever else it may be, it must not cost the rest of the error.
func (m members) causes() []string {
	raw := m["errorCauses"]
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		list = []json.RawMessage{raw}
	}
	var causes []string
	for _, one := range list {
		var object members
		text := members{"": one}.text("")
		if text == "" && json.Unmarshal(one, &object) == nil {
			text = object.text("errorSummary")
		}
		if text != "" {
			causes = append(causes, text)
		}
	}
	return causes
}

// Error names the request and repeats what Okta said, on one line.
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

// RequiredScope is the OAuth 2.0 scope that Okta asks for the failed request,
// such as okta.users.manage.
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

// IsNotFound reports whether Okta says that the token, or what it hangs from,
// does not exist. A 404 with another code, or from something that is not Okta,
// means a wrong URL and is not one.
func IsNotFound(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.StatusCode == http.StatusNotFound && e.Code == CodeNotFound
}

// IsRefused reports whether Okta refused the credential or its rights, or a proxy
// refused to pass it on: trying
// the next token with it is no use.
func IsRefused(err error) bool {
	if _, ok := errors.AsType[*SignInError](err); ok {
		return true
	}
	if e, ok := errors.AsType[*ProxyError](err); ok {
		return e.final()
	}
	e, ok := errors.AsType[*Error](err)
	return ok && (e.StatusCode == http.StatusUnauthorized || e.StatusCode == http.StatusForbidden)
}

// IsRateLimited reports whether the rate limit left no room for a request within
// its budget of retries and waits.
func IsRateLimited(err error) bool {
	if _, ok := errors.AsType[*NoRoomError](err); ok {
		return true
	}
	e, ok := errors.AsType[*Error](err)
	return ok && e.StatusCode == http.StatusTooManyRequests
}

// IsUnavailable reports whether Okta, or the network on the way to it, was still
// out of service when the budget of retries was spent.
func IsUnavailable(err error) bool {
	if _, ok := errors.AsType[*TransportError](err); ok {
		return true
	}
	e, ok := errors.AsType[*Error](err)
	return ok && e.StatusCode != http.StatusInternalServerError && (e.StatusCode > 500 || isPassing(e.StatusCode))
}

// IsOddSuccess reports whether a DELETE was answered with success and a body. Okta
// confirms a DELETE without one: a gateway may have rewritten that, or a login
// page may have answered instead.
func IsOddSuccess(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.StatusCode >= 200 && e.StatusCode <= 299
}

// IsUncertain reports whether a DELETE that ended with err may have taken
// effect all the same: some attempt of it was sent, and got no answer, one of a
// server that failed on the way, or a success that is not Okta's 204.
func IsUncertain(err error) bool {
	if e, ok := errors.AsType[*Error](err); ok {
		return IsOddSuccess(err) || leavesInDoubt(e.StatusCode) || e.MayHaveLanded && !IsNotFound(err)
	}
	e, ok := errors.AsType[*TransportError](err)
	return ok && e.MayHaveLanded
}

// TransportError is a request that got no answer: the network failed, or time
// ran out.
type TransportError struct {
	Method        string
	Path          string // escaped, without host and query
	Attempts      int    // times the request was tried
	MayHaveLanded bool   // whether some attempt may have taken effect
	Err           error
}

// Error names the request and what became of it, on one line.
func (e *TransportError) Error() string {
	text := fmt.Sprintf("okta: %s %s: %s", e.Method, e.Path, e.Err)
	if !e.MayHaveLanded && deliveryOf(nil, e.Err) == notSent {
		text += ", so nothing was sent"
	}
	if e.Attempts > 1 {
		text += fmt.Sprintf(", after %d attempts", e.Attempts)
	}
	return text
}

// Unwrap is the network's error, or the context's.
func (e *TransportError) Unwrap() error { return e.Err }

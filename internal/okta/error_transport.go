package okta

import (
	"fmt"
)

// TransportError is a request without a response: it was not sent, the network failed,
// or time ran out.
type TransportError struct {
	Method        string
	Path          string // escaped, without host and query
	Attempts      int    // times the request was tried
	MayHaveLanded bool   // whether some attempt may have taken effect
	Err           error
}

// Error names the request and what went wrong, on one line.
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

// Unwrap returns the error of the network or of the context.
func (e *TransportError) Unwrap() error { return e.Err }

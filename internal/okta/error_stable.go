package okta

import (
	"errors"
	"fmt"
)

// StableText describes an error in words that are the same each time it occurs. It
// leaves out whatever identifies one request: IDs of errors and requests, attempts,
// times, addresses, and quotes of foreign bodies. A stored text must not differ from
// one read to the next.
func StableText(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		stable := *e
		stable.ID, stable.RequestID, stable.Body, stable.Attempts = "", "", "", 0
		return stable.Said()
	}
	if e, ok := errors.AsType[*SignInError](err); ok {
		return fmt.Sprintf("signing in failed with %d %s", e.StatusCode, e.Code)
	}
	if e, ok := errors.AsType[*NoRoomError](err); ok {
		return fmt.Sprintf("the rate limit of %s is used up", e.Bucket)
	}
	if _, ok := errors.AsType[*TransportError](err); ok {
		return "Okta gave no complete answer"
	}
	if e, ok := errors.AsType[*ContradictionError](err); ok {
		return fmt.Sprintf("Okta lists %s, which it says does not exist", e.What)
	}
	return "the answer cannot be used"
}

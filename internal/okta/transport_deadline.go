package okta

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"time"
)

// deadline bounds one attempt in time and its answer in size, and reads the
// whole body, so that the layers above deal with complete answers only.
type deadline struct {
	next    http.RoundTripper
	timeout time.Duration
}

func (d *deadline) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := context.Cause(req.Context()); err != nil {
		return nil, unsent(err)
	}
	connection := &connection{interrupted: req.Context().Err, giveUp: func() {}}
	ctx := httptrace.WithClientTrace(req.Context(), connection.trace())
	if req.Method == http.MethodDelete {
		lingering, release := connection.linger(ctx, deleteGrace)
		defer release()
		ctx = lingering
	}
	noAnswer := fmt.Errorf("no complete answer within %s", d.timeout)
	ctx, cancel := context.WithTimeoutCause(ctx, d.timeout, noAnswer)
	defer cancel()
	resp, err := d.next.RoundTrip(req.WithContext(ctx))
	if err == nil {
		err = readWhole(resp)
	}
	if err == nil {
		return resp, nil
	}
	nothingSent := connection.failed() || deliveryOf(nil, err) == notSent
	switch {
	case errors.Is(context.Cause(ctx), noAnswer):
		err = noAnswer
	case req.Context().Err() != nil:
		err = context.Cause(req.Context())
	default:
		err = &networkError{err}
	}
	if nothingSent {
		err = unsent(err)
	}
	return nil, err
}

// networkError is a failure while somebody still waits for the answer. The
// network's own timeouts, that of a dial among them, pass for a context's that
// ended; this does not, so that they are not taken for the end of the run.
type networkError struct{ err error }

func (e *networkError) Error() string { return e.err.Error() }

// Is matches what the network's error matches, but no context's end.
func (e *networkError) Is(target error) bool {
	return target != context.DeadlineExceeded && target != context.Canceled && errors.Is(e.err, target)
}

// As finds what is in the network's error.
func (e *networkError) As(target any) bool { return errors.As(e.err, target) }

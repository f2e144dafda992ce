package okta

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"time"
)

// deadline bounds the time of one attempt and the size of its response. It reads the
// whole body, so the layers above only see complete responses.
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

// networkError is a network failure while the caller still waits. The network's own
// timeouts, such as that of a dial, match context.DeadlineExceeded. This error does
// not, because the caller's context has not ended.
type networkError struct{ err error }

func (e *networkError) Error() string { return e.err.Error() }

// Is matches what the network's error matches, except the end of a context.
func (e *networkError) Is(target error) bool {
	return target != context.DeadlineExceeded && target != context.Canceled && errors.Is(e.err, target)
}

// As searches the network's error.
func (e *networkError) As(target any) bool { return errors.As(e.err, target) }

package okta

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
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
		return nil, fmt.Errorf("%w, %w", err, errNotSent)
	}
	connection := &connection{}
	ctx := httptrace.WithClientTrace(req.Context(), connection.trace())
	if req.Method == http.MethodDelete {
		lingering, release := linger(ctx, connection, deleteGrace)
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
	sent := wasSent(err) && !connection.failed()
	switch {
	case errors.Is(context.Cause(ctx), noAnswer):
		err = noAnswer
	case req.Context().Err() != nil:
		err = context.Cause(req.Context())
	default:
		err = &networkError{err}
	}
	if !sent && !errors.Is(err, errNotSent) {
		err = fmt.Errorf("%w, %w", err, errNotSent)
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

// connection knows how far an attempt came: one that got no connection, through
// proxy and TLS, carried nothing.
type connection struct{ wanted, got atomic.Bool }

func (c *connection) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { c.wanted.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { c.got.Store(true) },
	}
}

// failed reports whether a connection was asked for and not got.
func (c *connection) failed() bool { return c.wanted.Load() && !c.got.Load() }

// deleteGrace is how long the answer to a DELETE is waited for once nobody wants
// it any more. An interrupted revocation must still be able to say what it did.
const deleteGrace = 5 * time.Second

// linger returns a context that ends a grace later than ctx, or at once while
// there is no connection: what is not sent yet must not be.
func linger(ctx context.Context, connection *connection, grace time.Duration) (context.Context, context.CancelFunc) {
	lingering, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		if connection.failed() {
			cancel(context.Cause(ctx))
			return
		}
		timer := time.AfterFunc(grace, func() { cancel(context.Cause(ctx)) })
		context.AfterFunc(lingering, func() { timer.Stop() })
	})
	return lingering, func() {
		stop()
		cancel(nil)
	}
}

// errNotSent marks an attempt that was given up before anything was sent.
var errNotSent = errors.New("nothing was sent")

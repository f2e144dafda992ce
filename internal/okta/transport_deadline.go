package okta

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"sync"
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

// deleteGrace is how long to wait for a DELETE's response after its context is
// cancelled. An interrupted revocation must still be able to say what it did.
const deleteGrace = 5 * time.Second

// connection follows an attempt until it is written to a connection. One that got
// no connection, through proxy and TLS, carried nothing. Nothing is written after
// an interrupt.
type connection struct {
	interrupted func() error // the Err of the context that an interrupt ends

	mu          sync.Mutex
	wanted, got bool
	giveUp      context.CancelFunc
}

func (c *connection) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{GetConn: func(string) { c.want() }, GotConn: c.get}
}

func (c *connection) want() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.wanted = true; c.interrupted() != nil {
		c.giveUp()
	}
}

// get is called before the request is written. The lock makes it one decision: an
// interrupt either finds the attempt on its way, or keeps it from leaving.
func (c *connection) get(info httptrace.GotConnInfo) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.interrupted() != nil {
		c.giveUp()
		refuse(info)
		return
	}
	c.got = true
}

// failed reports whether a connection was asked for and not got.
func (c *connection) failed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.wanted && !c.got
}

// linger returns a context that ends a grace later than ctx. It ends at once while
// the attempt waits for a connection: what is not sent yet must not be.
func (c *connection) linger(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	lingering, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	c.giveUp = func() { cancel(context.Cause(ctx)) }
	stop := context.AfterFunc(ctx, func() {
		if c.failed() {
			c.giveUp()
			return
		}
		timer := time.AfterFunc(grace, c.giveUp)
		context.AfterFunc(lingering, func() { timer.Stop() })
	})
	return lingering, func() {
		stop()
		cancel(nil)
	}
}

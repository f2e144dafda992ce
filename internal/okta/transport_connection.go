package okta

import (
	"context"
	"crypto/tls"
	"net/http/httptrace"
	"sync"
	"time"
)

// deleteGrace is how long to wait for a DELETE's response after its context is
// cancelled. An interrupted revocation must still be able to say what it did.
const deleteGrace = 12 * time.Second

// connection follows an attempt until it is written to a connection. Without a
// connection, through proxy and TLS, nothing was sent. Nothing is written after an
// interrupt.
type connection struct {
	interrupted func() error // the Err of the caller's context

	mu          sync.Mutex
	wanted, got bool
	giveUp      context.CancelFunc
}

func (c *connection) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{GetConn: c.want, GotConn: c.get}
}

func (c *connection) want(string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wanted = true
}

// get is called before the request is written. Because of the lock, an interrupt
// either finds the request sent or prevents it.
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

// failed reports whether the attempt waits for a connection, or got none.
func (c *connection) failed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.wanted && !c.got
}

// linger returns a context that ends a grace period after ctx, or at once while the
// attempt still waits for a connection.
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

// refuse prevents a request whose context has ended from being written. HTTP/2 checks
// the context before it writes a header. HTTP/1 may write first, but the connection
// has no other request, so it can be closed.
func refuse(info httptrace.GotConnInfo) {
	if !isHTTP2(info) {
		_ = info.Conn.Close()
	}
}

func isHTTP2(info httptrace.GotConnInfo) bool {
	conn, ok := info.Conn.(*tls.Conn)
	return ok && conn.ConnectionState().NegotiatedProtocol == "h2"
}

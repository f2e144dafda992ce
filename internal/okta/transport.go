package okta

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// newChain puts the layers together, from the inside out.
func newChain(cfg Config, clock *serverClock, secrets *secrets) http.RoundTripper {
	// The network comes first: connections, proxies and TLS.
	var chain http.RoundTripper = &agent{next: cfg.Network, userAgent: cfg.UserAgent}
	budget := budget{retries: cfg.MaxRetries, wait: cfg.MaxWait}
	// A credential that has to sign in does so past the other layers.
	signIn := &scrubber{next: &deadline{next: chain, timeout: cfg.RequestTimeout}, secrets: secrets}
	cfg.Credential.connect(&logger{next: signIn, log: cfg.Log}, cfg.OrgURL, budget)
	// Auth is next to the network, so that no other layer sees a credential.
	chain = &authorizer{next: chain, origin: cfg.OrgURL, credential: cfg.Credential}
	// A deadline bounds one attempt, the reading of its body included: what is
	// cut off half way fails here, where it can still be tried again.
	chain = &deadline{next: chain, timeout: cfg.RequestTimeout}
	// A proxy may repeat the credential in what it answers instead of Okta. No
	// layer above sees it there.
	chain = &scrubber{next: chain, secrets: secrets}
	// The log sees every attempt, and what became of it.
	chain = &logger{next: chain, log: cfg.Log}
	// The governor lets an attempt pass when the rate limit has room for it.
	chain = newGovernor(chain, cfg, clock)
	// Signing in comes before the queue, so that it takes no place from others.
	chain = &signer{next: chain, credential: cfg.Credential}
	// Retry is outermost: every new attempt queues like any other request and
	// carries fresh credentials.
	return &retrier{next: chain, budget: budget}
}

// newNetwork is a transport of our own rather than http.DefaultTransport, which
// any imported package can change.
func newNetwork(proxy func(*http.Request) (*url.URL, error), parallelism int) *http.Transport {
	dialer := &net.Dialer{Timeout: 15 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  proxy,
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           parallelism,
		MaxIdleConnsPerHost:    parallelism,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    15 * time.Second,
		MaxResponseHeaderBytes: 1 << 20,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
	}
}

// maxBody is far above any honest answer: 200 tokens with every scope expanded
// take about one megabyte, and 10,000 clients, which come in one page, five.
const maxBody = 64 << 20

// errBodyTooLarge is not worth another attempt.
var errBodyTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)

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

// readWhole replaces the body of resp with its bytes in memory.
func readWhole(resp *http.Response) error {
	defer resp.Body.Close()
	body := newWholeBody()
	_, err := body.buffer.ReadFrom(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case err != nil:
		return fmt.Errorf("reading the answer: %w", err)
	case body.buffer.Len() > maxBody:
		return errBodyTooLarge
	case resp.StatusCode == http.StatusOK && cutShort(body.buffer.Bytes()):
		return fmt.Errorf("reading the answer: %w", io.ErrUnexpectedEOF)
	}
	resp.Body = body
	return nil
}

// buffers are memory for bodies: large, needed for a moment, and one after the
// other.
var buffers = sync.Pool{New: func() any { return &bytes.Buffer{} }}

// wholeBody is a body in memory, which is used again once the body is closed.
type wholeBody struct {
	buffer *bytes.Buffer
	closed sync.Once
}

func newWholeBody() *wholeBody {
	buffer, ok := buffers.Get().(*bytes.Buffer)
	if !ok {
		panic("a pool of buffers has something else")
	}
	return &wholeBody{buffer: buffer}
}

func (b *wholeBody) Read(p []byte) (int, error) { return b.buffer.Read(p) }

func (b *wholeBody) Close() error {
	b.closed.Do(func() {
		b.buffer.Reset()
		buffers.Put(b.buffer)
		b.buffer = &bytes.Buffer{} // for who reads it all the same
	})
	return nil
}

// bodyOf is a body of this text.
func bodyOf(text string) *wholeBody {
	body := newWholeBody()
	body.buffer.WriteString(text)
	return body
}

// bytesOf is a body's bytes. They are good until it is closed.
func bytesOf(body io.ReadCloser) ([]byte, error) {
	if whole, ok := body.(*wholeBody); ok {
		return whole.buffer.Bytes(), nil
	}
	return io.ReadAll(body)
}

// cutShort reports whether a body begins like a JSON array or object and does
// not end like it, or is empty. A proxy that loses its upstream can end a body
// properly in HTTP and in the middle of a token; this catches it in constant
// time, where it can be retried.
func cutShort(body []byte) bool {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return true
	}
	first, last := body[0], body[len(body)-1]
	return first == '[' && last != ']' || first == '{' && last != '}'
}

// wasSent reports whether a request that failed with err may have reached the
// server. A connection that was never made carried nothing.
func wasSent(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return false
	}
	return !errors.Is(err, errNotSent)
}

// isHopeless reports whether the same request would fail the same way again.
func isHopeless(err error) bool {
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return true
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*NoRoomError](err); ok {
		return true
	}
	if errors.Is(err, errNotSignedIn) { // it has had a budget of its own
		return true
	}
	return errors.Is(err, errBodyTooLarge) || errors.Is(err, errReadOnly)
}

package okta

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/sync/semaphore"
)

// ProxyError is the refusal of a proxy. The request did not reach Okta.
type ProxyError struct {
	Proxy      string // its host and port
	From       string // where it is configured, such as http_proxy
	StatusCode int    // 0 for a proxy that speaks SOCKS
	Reason     string // in the proxy's words
}

func (e *ProxyError) Error() string {
	return fmt.Sprintf("the proxy %s (from %s) refused to connect to Okta: %s", e.Proxy, e.From, e.Reason)
}

// WrongPassword reports whether the proxy refused the user name and password, or
// requires them.
func (e *ProxyError) WrongPassword() bool {
	return e.StatusCode == http.StatusProxyAuthRequired || e.StatusCode == 0
}

// final reports whether the proxy would refuse again. A wrong password must not be
// repeated: many proxies use a directory that then locks the account.
func (e *ProxyError) final() bool {
	return e.StatusCode < 500 && e.StatusCode != http.StatusTooManyRequests && !isTransient(e.StatusCode)
}

// proxyGate sends nothing to a proxy after its final refusal. Until the proxy has let
// one request through, the others wait for the first.
type proxyGate struct {
	next  http.RoundTripper
	proxy func(*http.Request) (*url.URL, error)
	from  string
	trial *semaphore.Weighted // held by the request that tries the proxy

	mu      sync.Mutex
	open    bool // whether the proxy ever let a request through
	refusal error
}

// newProxyGate returns a gate in front of a transport, which reports the proxy's
// responses to the gate.
func newProxyGate(transport *http.Transport, from string) *proxyGate {
	g := &proxyGate{next: transport, proxy: transport.Proxy, from: cmp.Or(from, "HTTPS_PROXY"), trial: semaphore.NewWeighted(1)}
	transport.GetProxyConnectHeader = func(context.Context, *url.URL, string) (http.Header, error) {
		_, refusal := g.state()
		return nil, refusal
	}
	transport.OnProxyConnectResponse = func(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
		if resp.StatusCode == http.StatusOK {
			return nil
		}
		return g.refused(proxy, resp.StatusCode, "")
	}
	return g
}

func (g *proxyGate) state() (open bool, refusal error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.open, g.refusal
}

// refused returns the proxy's refusal, and remembers it if it is final.
func (g *proxyGate) refused(proxy *url.URL, status int, reason string) error {
	if reason == "" {
		reason = strings.TrimSpace(fmt.Sprint(status, " ", http.StatusText(status)))
	}
	e := &ProxyError{Proxy: proxy.Host, From: g.from, StatusCode: status, Reason: reason}
	err := unsent(e)
	g.mu.Lock()
	defer g.mu.Unlock()
	if e.final() && g.refusal == nil {
		g.refusal = err
	}
	return err
}

func (g *proxyGate) RoundTrip(req *http.Request) (*http.Response, error) {
	proxy, err := g.proxy(req)
	if err != nil || proxy == nil {
		return g.next.RoundTrip(req)
	}
	pass, err := g.enter(req.Context())
	if err != nil {
		return nil, err
	}
	defer pass()
	if req.URL.Scheme == "https" { // the proxy has agreed once there is a connection
		trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { g.letThrough(); pass() }}
		req = req.WithContext(httptrace.WithClientTrace(req.Context(), trace))
	}
	resp, err := g.next.RoundTrip(req)
	switch {
	case err != nil && isSOCKSRefusal(err):
		return nil, g.refused(proxy, 0, "the user name or password is wrong")
	case err != nil:
		return nil, err
	case req.URL.Scheme == "http" && resp.StatusCode == http.StatusProxyAuthRequired:
		_ = resp.Body.Close()
		return nil, g.refused(proxy, resp.StatusCode, "")
	}
	g.letThrough()
	return resp, nil
}

// enter returns once a request may go to the proxy. The caller calls pass once others
// may too.
func (g *proxyGate) enter(ctx context.Context) (pass func(), err error) {
	if open, refusal := g.state(); open || refusal != nil {
		return func() {}, refusal
	}
	if g.trial.Acquire(ctx, 1) != nil {
		return nil, unsent(fmt.Errorf("waiting for the proxy: %w", context.Cause(ctx)))
	}
	pass = sync.OnceFunc(func() { g.trial.Release(1) })
	if _, refusal := g.state(); refusal != nil {
		pass()
		return nil, refusal
	}
	return pass, nil
}

func (g *proxyGate) letThrough() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open = true
}

// isSOCKSRefusal reports whether a SOCKS proxy refused the user name and password.
// Go has no error value for it.
func isSOCKSRefusal(err error) bool {
	op, ok := errors.AsType[*net.OpError](err)
	return ok && strings.HasPrefix(op.Op, "socks") && strings.Contains(op.Err.Error(), "authentication")
}

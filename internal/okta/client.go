package okta

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Config is what a [Client] needs to know. What is not said to have a default
// must be set.
type Config struct {
	OrgURL     *url.URL // scheme and host of the org; a path is ignored
	Credential Credential
	Source     Source // of the credential, for errors
	UserAgent  string

	// Proxy picks the proxy of a request, as in [http.Transport]. By default, the
	// usual environment variables decide.
	Proxy func(*http.Request) (*url.URL, error)
	// ProxyFrom is where Proxy was configured, for errors. By default, HTTPS_PROXY.
	ProxyFrom string

	// Network carries the requests; tests put a stub there. By default, a
	// transport of the client's own does.
	Network http.RoundTripper

	MaxRetries     int           // repeats of one request
	MaxWait        time.Duration // until a limit resets, and in all between the repeats of one request
	RequestTimeout time.Duration // of one attempt, its body included
	Parallelism    int           // requests in flight
	Capacity       int           // percent of each rate limit that the client may use, 1 to 100

	// ReadOnly refuses every request but GET before it is sent. By default, all
	// are sent.
	ReadOnly bool

	// Log takes a line for each attempt, Notice one for each wait for a rate
	// limit. By default, neither is told.
	Log, Notice LogFunc
}

// Client speaks to one org. It is safe for use by many goroutines, and should be
// shared by all of a process: the budget of requests is kept in it.
type Client struct {
	origin   *url.URL
	chain    http.RoundTripper
	governor *governor
	clock    *serverClock
	readOnly bool

	parallelism int
	grants      func() *Grants // rather than the credential, which fmt would print
	source      Source
	redact      func(string) string // removes secrets
	redactError func(error) error
}

// New returns a client. It sends nothing.
func New(cfg Config) *Client {
	if cfg.Proxy == nil {
		cfg.Proxy = http.ProxyFromEnvironment
	}
	if cfg.Network == nil {
		cfg.Network = newProxyGate(newNetwork(cfg.Proxy, cfg.Parallelism), cfg.ProxyFrom)
	}
	quiet := func(context.Context, string, map[string]any) {}
	if cfg.Log == nil {
		cfg.Log = quiet
	}
	if cfg.Notice == nil {
		cfg.Notice = quiet
	}
	cfg.OrgURL = originOf(cfg.OrgURL)
	clock, secrets := &serverClock{}, secretsIn(cfg)
	cfg.Log, cfg.Notice = secrets.redactLog(cfg.Log), secrets.redactLog(cfg.Notice)
	chain, governor, credential := newChain(cfg, clock, secrets)
	return &Client{
		origin:   cfg.OrgURL,
		chain:    chain,
		governor: governor,
		clock:    clock,
		readOnly: cfg.ReadOnly,

		parallelism: cfg.Parallelism,
		grants:      credential.grants,
		source:      cfg.Source,
		redact:      secrets.redact,
		redactError: secrets.redactError,
	}
}

// originOf is the origin of a URL in the one spelling that Okta has for it: in lower
// case, and without the port that its scheme has anyway. What is signed for a host
// names it so (the audience of an assertion, the URL of a proof), and so do the
// states that are compared with it.
func originOf(u *url.URL) *url.URL {
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if port := map[string]string{"https": ":443", "http": ":80"}[scheme]; port != "" {
		host = strings.TrimSuffix(host, port)
	}
	return &url.URL{Scheme: scheme, Host: host}
}

// OrgURL is the org's origin, such as https://acme.okta.com.
func (c *Client) OrgURL() string { return c.origin.Scheme + "://" + c.origin.Host }

// Grants are the scopes of the credential, or nil when they are not known, as of
// everything but a service app. None is granted before the first request.
func (c *Client) Grants() *Grants { return c.grants() }

// ReadOnly reports whether the client refuses every request but GET.
func (c *Client) ReadOnly() bool { return c.readOnly }

// Parallelism is how many requests the client has in flight at most. More
// callers than that only wait.
func (c *Client) Parallelism() int { return c.parallelism }

// Now is the time by Okta's clock, to the second, once Okta has answered a
// request; before that it is this machine's. A token's age is measured with it.
func (c *Client) Now() time.Time { return c.clock.now() }

// errReadOnly is what a read-only client answers instead of sending.
var errReadOnly = errors.New("the client is read-only: only GET requests are sent")

// do sends a request to an escaped path of the org and has a 2xx answer read. Any
// other answer is an [*Error], none at all a [*TransportError].
//
// The body is good for as long as read runs: its memory is used again.
func (c *Client) do(ctx context.Context, method, path, query string, read func(h http.Header, body []byte) error) error {
	if c.readOnly && method != http.MethodGet {
		return &TransportError{Method: method, Path: path, Err: errReadOnly}
	}
	target, err := c.origin.Parse(path)
	if err != nil {
		return fmt.Errorf("okta: %s %s: %w", method, path, err)
	}
	target.RawQuery = query
	req, err := http.NewRequestWithContext(ctx, method, target.String(), nil)
	if err != nil {
		return fmt.Errorf("okta: %s %s: %w", method, path, err)
	}
	resp, err := c.chain.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body := bytesOf(resp)
	if !succeeded(resp) {
		e := newError(resp, body, c.redact)
		e.Grants, e.Source = c.grants(), c.source
		return e
	}
	if err := read(resp.Header, body); err != nil {
		return fmt.Errorf("okta: %s %s: %w", method, path, c.redactError(err))
	}
	return nil
}

// confirmed reads the answer to a DELETE, which holds nothing.
func confirmed(http.Header, []byte) error { return nil }

// succeeded reports whether an answer is Okta's yes: 200 to a GET, 204 to a DELETE.
// Anything else that looks like success confirms nothing. It may be a login page's,
// a gateway's that has only accepted the request, or a part of the answer.
func succeeded(resp *http.Response) bool {
	if resp.Request.Method == http.MethodGet {
		return resp.StatusCode == http.StatusOK
	}
	return resp.StatusCode == http.StatusNoContent
}

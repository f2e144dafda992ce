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

// Config configures a [Client]. Fields without a documented default must be set.
type Config struct {
	OrgURL     *url.URL // scheme and host of the org; a path is ignored
	Credential Credential
	Source     Source // of the credential, for errors
	UserAgent  string

	// Proxy picks the proxy of a request, as in [http.Transport]. The default reads
	// the usual environment variables.
	Proxy func(*http.Request) (*url.URL, error)
	// ProxyFrom is where Proxy was configured, for errors. The default is HTTPS_PROXY.
	ProxyFrom string

	// Network carries the requests. Tests set a stub. The default is a transport
	// of the client's own.
	Network http.RoundTripper

	MaxRetries     int           // repeats of one request
	MaxWait        time.Duration // for a limit to reset, and in total between the repeats of one request
	RequestTimeout time.Duration // of one attempt, its body included
	Parallelism    int           // requests in flight
	Capacity       int           // percent of each rate limit that the client may use, 1 to 100

	// Clock is this machine's clock, which Okta's is compared with. The default is
	// [time.Now].
	Clock func() time.Time

	// ReadOnly refuses every request except GET before it is sent.
	ReadOnly bool

	// Log gets a line for each attempt, Notice one for each wait for a rate limit.
	// Both are optional.
	Log, Notice LogFunc
}

// Client talks to one org. It is safe for concurrent use. A process should share
// one client, because the client keeps the budget of requests.
type Client struct {
	origin   *url.URL
	chain    http.RoundTripper
	governor *governor
	clock    *serverClock
	readOnly bool

	parallelism int
	grants      func() *Grants // not the credential, which fmt would print
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
	cfg.OrgURL = Origin(cfg.OrgURL)
	cfg.Source.Org = cfg.OrgURL.String()
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	clock, secrets := &serverClock{machine: cfg.Clock}, secretsIn(cfg)
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

// Origin is the origin of a URL as Okta spells it: in lower case, without the
// default port. Assertions and proofs are signed for that spelling, and stored
// states are compared with it.
func Origin(u *url.URL) *url.URL {
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if port := map[string]string{"https": ":443", "http": ":80"}[scheme]; port != "" {
		host = strings.TrimSuffix(host, port)
	}
	return &url.URL{Scheme: scheme, Host: host}
}

// OrgURL is the org's origin, such as https://acme.okta.com.
func (c *Client) OrgURL() string { return c.origin.Scheme + "://" + c.origin.Host }

// Grants are the scopes of the credential. They are nil unless it is a service app.
// Before the first request, none is granted.
func (c *Client) Grants() *Grants { return c.grants() }

// ReadOnly reports whether the client refuses every request except GET.
func (c *Client) ReadOnly() bool { return c.readOnly }

// Parallelism is the maximum number of requests in flight. Further callers wait.
func (c *Client) Parallelism() int { return c.parallelism }

// Now is the time by Okta's clock, to the second. Before Okta's first response, and
// while Okta's times are refused, it is the time by this machine's clock. Token ages are
// measured with it, see [Client.CheckClock].
func (c *Client) Now() time.Time { return c.clock.now() }

// errReadOnly is the failure of a request that a read-only client does not send.
var errReadOnly = errors.New("the client is read-only: only GET requests are sent")

// do sends a request to an escaped path of the org and passes a successful response
// to read. Any other response is an [*Error]. No response is a [*TransportError].
//
// The body is valid only while read runs, because its memory is reused.
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

// confirmed reads the response to a DELETE, which is empty.
func confirmed(http.Header, []byte) error { return nil }

// succeeded reports whether Okta did what was asked: 200 to a GET, 204 to a DELETE.
// Any other 2xx confirms nothing. It may come from a login page or from a gateway
// that only accepted the request, or be part of a response.
func succeeded(resp *http.Response) bool {
	if resp.Request.Method == http.MethodGet {
		return resp.StatusCode == http.StatusOK
	}
	return resp.StatusCode == http.StatusNoContent
}

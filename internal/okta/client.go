package okta

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
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
	clock    *serverClock
	readOnly bool

	parallelism int
	grants      func() *Grants // rather than the credential, which fmt would print
	source      Source
	clean       func(error) error // an error without secrets
}

// New returns a client. It sends nothing.
func New(cfg Config) *Client {
	if cfg.Proxy == nil {
		cfg.Proxy = http.ProxyFromEnvironment
	}
	if cfg.Network == nil {
		cfg.Network = newNetwork(cfg.Proxy, cfg.Parallelism)
	}
	quiet := func(context.Context, string, map[string]any) {}
	if cfg.Log == nil {
		cfg.Log = quiet
	}
	if cfg.Notice == nil {
		cfg.Notice = quiet
	}
	cfg.OrgURL = originOf(cfg.OrgURL)
	clock, secrets := &serverClock{}, newSecrets(cfg)
	cfg.Log, cfg.Notice = secrets.log(cfg.Log), secrets.log(cfg.Notice)
	return &Client{
		origin:   cfg.OrgURL,
		chain:    newChain(cfg, clock, secrets),
		clock:    clock,
		readOnly: cfg.ReadOnly,

		parallelism: cfg.Parallelism,
		grants:      cfg.Credential.grants,
		source:      cfg.Source,
		clean:       secrets.clean,
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

// ReadOnly reports whether the client refuses every request but GET.
func (c *Client) ReadOnly() bool { return c.readOnly }

// Parallelism is how many requests the client has in flight at most. More
// callers than that only wait.
func (c *Client) Parallelism() int { return c.parallelism }

// Now is the time by Okta's clock, to the second, once Okta has answered a
// request; before that it is this machine's. A token's age is measured with it.
func (c *Client) Now() time.Time { return c.clock.now() }

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
	body, err := bytesOf(resp.Body)
	if err == nil && !succeeded(resp, body) {
		e := newError(resp, body)
		e.Grants, e.Source = c.grants(), c.source
		return e
	}
	if err == nil {
		err = read(resp.Header, body)
	}
	if err != nil {
		return fmt.Errorf("okta: %s %s: %w", method, path, c.clean(err))
	}
	return nil
}

// confirmed reads the answer to a DELETE, which holds nothing.
func confirmed(http.Header, []byte) error { return nil }

// succeeded reports whether an answer is Okta's yes. Okta confirms a DELETE with
// no content; a login page that answers 200 confirms nothing.
func succeeded(resp *http.Response, body []byte) bool {
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return false
	}
	return resp.Request.Method == http.MethodGet || len(bytes.TrimSpace(body)) == 0
}

// decode reads JSON, and quotes what is not. A captive portal and a proxy's
// login page answer 200 with HTML.
//
// The decoder is the next one of Go's own library, for its speed; see the
// benchmark. Of two members with one name it makes an error, so that no second
// id can hide behind a first. A name that is not UTF-8 is not worth a whole list.
func decode(body []byte, into any) error {
	if err := json.Unmarshal(body, into, jsontext.AllowInvalidUTF8(true)); err != nil {
		return fmt.Errorf("the answer is not the JSON expected (%w): %q", inOurWords(err), quote(body))
	}
	return nil
}

// inOurWords says where a value is of the wrong kind, without the Go type that
// it was to become.
func inOurWords(err error) error {
	wrong, ok := errors.AsType[*json.SemanticError](err)
	if !ok {
		return err
	}
	if err = wrong.Err; err == nil {
		kind := map[jsontext.Kind]string{'{': "object", '[': "array"}[wrong.JSONKind]
		err = fmt.Errorf("it is a JSON %s", cmp.Or(kind, wrong.JSONKind.String()))
	}
	if wrong.JSONPointer == "" {
		return err
	}
	return fmt.Errorf("at %s, %w", wrong.JSONPointer, err)
}

// itemSize is about how many bytes of an answer a token takes. A list of smaller items
// grows while it is read.
const itemSize = 1024

// decodeList reads a page of any kind of item. A body of null is no page: it
// would read as an empty one.
func decodeList[T any](body []byte) ([]T, error) {
	items := make([]T, 0, len(body)/itemSize+1) // growing would copy each item several times
	if err := decode(body, &items); err != nil {
		return nil, err
	}
	if items == nil {
		return nil, fmt.Errorf("the answer is not a list: %q", quote(body))
	}
	return items, nil
}

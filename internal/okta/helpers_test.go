package okta

import (
	"context"
	"errors"
	"io"
	"iter"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// secret is the credential of every test. No text may hold it.
const secret = "00Bsecret-credential"

const (
	tokensPath = "/api/v1/apps/0oa1/tokens"
	tokenPath  = tokensPath + "/oar1"
)

// Reasons why a request gets no response.
var (
	errDial  = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	errReset = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
)

// roundTripFunc is a network of one function.
type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// answer is a response with this status, body and header fields.
func answer(req *http.Request, status int, body string, fields ...string) *http.Response {
	header := http.Header{}
	for i := 0; i < len(fields); i += 2 {
		header.Add(fields[i], fields[i+1])
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: req}
}

// reply is a step of a script: an answer.
func reply(status int, body string, fields ...string) roundTripFunc {
	return func(req *http.Request) (*http.Response, error) { return answer(req, status, body, fields...), nil }
}

// fail is a step of a script: no answer.
func fail(err error) roundTripFunc {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// limited is a step of a script: a 429 whose bucket resets in 20 s.
func limited(req *http.Request) (*http.Response, error) {
	return answer(req, http.StatusTooManyRequests, oktaError("E0000047", "Too many"), rateLimit(0, 50, 0, 20)...), nil
}

// hang is a step of a script that lasts until the request is given up.
func hang(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, req.Context().Err()
}

// script is a network that answers each request with its next step. The last step
// answers all further requests.
type script struct {
	steps []roundTripFunc

	mu   sync.Mutex
	sent []*http.Request
}

func play(steps ...roundTripFunc) *script { return &script{steps: steps} }

func (s *script) RoundTrip(req *http.Request) (*http.Response, error) {
	s.mu.Lock()
	step := s.steps[min(len(s.sent), len(s.steps)-1)]
	s.sent = append(s.sent, req)
	s.mu.Unlock()
	return step(req)
}

// requests is what was sent: method, path and query of each.
func (s *script) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var requests []string
	for _, req := range s.sent {
		requests = append(requests, req.Method+" "+req.URL.RequestURI())
	}
	return requests
}

// testConfig is a configuration with the provider's defaults.
func testConfig() Config {
	return Config{
		OrgURL:         &url.URL{Scheme: "https", Host: "acme.okta.com"},
		Credential:     APIToken(secret),
		UserAgent:      "terraform-provider-oktatokens/1.2.3",
		MaxRetries:     5,
		MaxWait:        5 * time.Minute,
		RequestTimeout: time.Minute,
		Parallelism:    10,
		Capacity:       100,
		Log:            func(context.Context, string, map[string]any) {},
	}
}

// testClient is a client of a network, with changes to its configuration.
func testClient(network http.RoundTripper, changes ...func(*Config)) *Client {
	cfg := testConfig()
	for _, change := range changes {
		change(&cfg)
	}
	return newClient(cfg, network)
}

// bubble runs a subtest whose clock stands still while anything happens.
func bubble(t *testing.T, name string, test func(*testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, test)
	})
}

// serverClient is a client of a real server, through a real network. It repeats
// nothing, so no test waits.
func serverClient(t *testing.T, serverURL string, changes ...func(*Config)) *Client {
	t.Helper()
	cfg := testConfig()
	cfg.MaxRetries, cfg.Log = 0, nil
	cfg.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil }
	var err error
	if cfg.OrgURL, err = url.Parse(serverURL); err != nil {
		t.Fatal(err)
	}
	for _, change := range changes {
		change(&cfg)
	}
	return New(cfg)
}

// once is the change to a client that never repeats a request.
func once(cfg *Config) { cfg.MaxRetries = 0 }

// rateLimit is the header of a response by a clock that is this far ahead of the test's.
// Its bucket has this much left, and resets in this many seconds.
func rateLimit(ahead time.Duration, limit, remaining, resetIn int) []string {
	date := time.Now().Add(ahead)
	return []string{
		"Date", date.UTC().Format(http.TimeFormat),
		headerLimit, strconv.Itoa(limit),
		headerRemaining, strconv.Itoa(remaining),
		headerReset, epoch(date, resetIn),
	}
}

// epoch is the time this many seconds after t, as Okta writes it in a header.
func epoch(t time.Time, seconds int) string { return strconv.FormatInt(t.Unix()+int64(seconds), 10) }

// quota is a network that charges its buckets as Okta does: a window of a
// minute opens with the first request after the last, and everything above the
// limit gets a 429.
type quota struct {
	limit int
	delay time.Duration // from the charge to the answer

	mu      sync.Mutex
	windows map[string]*window
	charged []time.Time // when each request was
	refused int
}

type window struct {
	used  int
	reset time.Time
}

func (q *quota) RoundTrip(req *http.Request) (*http.Response, error) {
	q.mu.Lock()
	if q.windows == nil {
		q.windows = map[string]*window{}
	}
	name := bucketOf(req.URL.Path)
	w := q.windows[name]
	if w == nil || !time.Now().Before(w.reset) {
		w = &window{reset: time.Now().Add(time.Minute)}
		q.windows[name] = w
	}
	w.used++
	q.charged = append(q.charged, time.Now())
	status := http.StatusNoContent
	if w.used > q.limit {
		status = http.StatusTooManyRequests
		q.refused++
	}
	fields := rateLimit(0, q.limit, max(0, q.limit-w.used), 0)
	fields[len(fields)-1] = epoch(w.reset, 0) // the same throughout the window
	q.mu.Unlock()
	if err := sleep(req.Context(), q.delay); err != nil {
		return nil, err
	}
	return answer(req, status, "", append(fields, requestID, "req1")...), nil
}

// oktaError is the body of one of Okta's errors.
func oktaError(code, summary string) string {
	return `{"errorCode":"` + code + `","errorSummary":"` + summary + `","errorLink":"` + code + `","errorId":"oae1","errorCauses":[]}`
}

// collect is all that a sequence yields, and the error that ends it.
func collect[T any](t *testing.T, sequence iter.Seq2[T, error]) ([]T, error) {
	t.Helper()
	var all []T
	var failure error
	for item, err := range sequence {
		if failure != nil {
			t.Errorf("the sequence went on after the error %v", failure)
		}
		if failure = err; err == nil {
			all = append(all, item)
		}
	}
	return all, failure
}

// ids are the IDs of tokens, in their order.
func ids(tokens []RefreshToken) []string {
	var ids []string
	for _, token := range tokens {
		ids = append(ids, token.ID)
	}
	return ids
}

// wantRequests fails the test unless exactly these requests were sent.
func wantRequests(t *testing.T, s *script, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, s.requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// wantError fails the test unless err has exactly this text; "" is no error.
func wantError(t *testing.T, err error, want string) {
	t.Helper()
	var got string
	if err != nil {
		got = err.Error()
	}
	if got != want {
		t.Errorf("got the error\n\t%s\nwant\n\t%s", got, want)
	}
}

// wantElapsed fails the test unless exactly this much time has passed since start. The
// clock of a synctest bubble is exact.
func wantElapsed(t *testing.T, start time.Time, want time.Duration) {
	t.Helper()
	if got := time.Since(start); got != want {
		t.Errorf("it took %s, want %s", got, want)
	}
}

// transportError returns err as a *TransportError, or ends the test.
func transportError(t *testing.T, err error) *TransportError {
	t.Helper()
	e, ok := errors.AsType[*TransportError](err)
	if !ok {
		t.Fatalf("got the error %v, want a *TransportError", err)
	}
	return e
}

// answered returns err as an *Error, or ends the test.
func answered(t *testing.T, err error) *Error {
	t.Helper()
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("got the error %v, want an *Error", err)
	}
	return e
}

// newClient is a client with a stub for its network.
func newClient(cfg Config, network http.RoundTripper) *Client {
	cfg.Network = network
	return New(cfg)
}

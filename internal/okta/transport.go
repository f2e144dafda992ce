package okta

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"time"
)

// newChain builds the layers, from the network outwards. It also returns those that
// the client asks directly.
func newChain(cfg Config, clock *serverClock, secrets *secrets) (http.RoundTripper, *governor, boundCredential) {
	// The network is innermost: connections, proxies and TLS.
	var chain http.RoundTripper = &agent{next: cfg.Network, userAgent: cfg.UserAgent}
	budget := budget{retries: cfg.MaxRetries, wait: cfg.MaxWait}
	// Signing in bypasses the other layers.
	signIn := &redactor{next: &deadline{next: chain, timeout: cfg.RequestTimeout}, secrets: secrets}
	credential := cfg.Credential.bind(tokenEndpoint{
		network: &logger{next: signIn, log: cfg.Log}, url: cfg.OrgURL.JoinPath("oauth2/v1/token"), budget: budget, source: cfg.Source, secrets: secrets,
	})
	chain = &onceOnly{next: chain}
	// The authorizer is next to the network, so no other layer sees a credential.
	chain = &authorizer{next: chain, origin: cfg.OrgURL, credential: credential}
	// The deadline bounds one attempt with its whole body. A body that is cut off
	// fails here, where it can still be retried.
	chain = &deadline{next: chain, timeout: cfg.RequestTimeout}
	// A proxy may quote the credential in its response. No layer above sees it.
	chain = &redactor{next: chain, secrets: secrets}
	// The log has every attempt with its result.
	chain = &logger{next: chain, log: cfg.Log}
	// The governor holds an attempt back until the rate limit has room for it.
	governor := newGovernor(chain, cfg, clock)
	// Signing in comes before the queue, so it does not block other requests.
	chain = &authenticator{next: governor, credential: credential}
	// The retrier is outermost: every new attempt queues like any other request and
	// has fresh credentials.
	return &retrier{next: chain, budget: budget}, governor, credential
}

// newNetwork returns a transport of its own, because any imported package can change
// http.DefaultTransport.
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

// agent identifies the client to every server, and says which format it reads.
type agent struct {
	next      http.RoundTripper
	userAgent string
}

func (a *agent) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.Header.Set("User-Agent", a.userAgent)
	req.Header.Set("Accept", "application/json")
	return a.next.RoundTrip(req)
}

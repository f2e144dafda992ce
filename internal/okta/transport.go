package okta

import (
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"time"
)

// newChain puts the layers together, from the inside out. The governor among them
// can also tell what requests take.
func newChain(cfg Config, clock *serverClock, secrets *secrets) (http.RoundTripper, *governor, boundCredential) {
	// The network comes first: connections, proxies and TLS.
	var chain http.RoundTripper = &agent{next: cfg.Network, userAgent: cfg.UserAgent}
	budget := budget{retries: cfg.MaxRetries, wait: cfg.MaxWait}
	// A credential that has to sign in does so past the other layers.
	signIn := &redactor{next: &deadline{next: chain, timeout: cfg.RequestTimeout}, secrets: secrets}
	credential := cfg.Credential.bind(tokenEndpoint{
		network: &logger{next: signIn, log: cfg.Log}, url: cfg.OrgURL.JoinPath("oauth2/v1/token"), budget: budget, source: cfg.Source, secrets: secrets,
	})
	chain = &onceOnly{next: chain}
	// Auth is next to the network, so that no other layer sees a credential.
	chain = &authorizer{next: chain, origin: cfg.OrgURL, credential: credential}
	// A deadline bounds one attempt, the reading of its body included: what is
	// cut off half way fails here, where it can still be tried again.
	chain = &deadline{next: chain, timeout: cfg.RequestTimeout}
	// A proxy may repeat the credential in what it answers instead of Okta. No
	// layer above sees it there.
	chain = &redactor{next: chain, secrets: secrets}
	// The log sees every attempt, and what became of it.
	chain = &logger{next: chain, log: cfg.Log}
	// The governor lets an attempt pass when the rate limit has room for it.
	governor := newGovernor(chain, cfg, clock)
	// Signing in comes before the queue, so that it takes no place from others.
	chain = &authenticator{next: governor, credential: credential}
	// Retry is outermost: every new attempt queues like any other request and
	// carries fresh credentials.
	return &retrier{next: chain, budget: budget}, governor, credential
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

// agent tells every server who asks, and what it can read.
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

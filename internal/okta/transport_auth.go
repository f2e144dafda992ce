package okta

import (
	"fmt"
	"net/http"
	"net/url"
)

// authenticator signs in before a request queues. It sends a request again when the
// response shows that the credential needs an update.
type authenticator struct {
	next       http.RoundTripper
	credential boundCredential
}

// maxUpdates is how often one request may update the credential: for a nonce, and for
// a token that Okta has stopped accepting.
const maxUpdates = 2

func (a *authenticator) RoundTrip(req *http.Request) (*http.Response, error) {
	for updates := 0; ; updates++ {
		if err := a.credential.prepare(req.Context()); err != nil {
			return nil, &unsentError{err: err, final: true} // signing in had a budget of its own
		}
		resp, err := a.next.RoundTrip(req)
		if err != nil || updates == maxUpdates || !a.credential.update(resp) {
			return resp, err
		}
	}
}

// authorizer is the only layer that sees the credential.
type authorizer struct {
	next       http.RoundTripper
	origin     *url.URL
	credential boundCredential
}

func (a *authorizer) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != a.origin.Scheme || req.URL.Host != a.origin.Host {
		return nil, unsent(fmt.Errorf("refusing to send the credential to %s: the org is at %s", req.URL.Host, a.origin.Host))
	}
	req = req.Clone(req.Context()) // a RoundTripper must not change its argument
	if err := a.credential.authorize(req); err != nil {
		return nil, unsent(err)
	}
	return a.next.RoundTrip(req)
}

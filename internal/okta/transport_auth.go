package okta

import (
	"fmt"
	"net/http"
	"net/url"
)

// authenticator makes sure that there is something to authorize a request with before
// it queues, so that signing in takes no place from others, and tries again once
// with what an answer teaches about the credential.
type authenticator struct {
	next       http.RoundTripper
	credential boundCredential
}

// maxLessons is how many answers may teach something: a nonce, and a token that
// Okta has stopped taking.
const maxLessons = 2

func (a *authenticator) RoundTrip(req *http.Request) (*http.Response, error) {
	for lesson := 0; ; lesson++ {
		if err := a.credential.prepare(req.Context()); err != nil {
			return nil, &unsentError{err: err, final: true} // signing in has had a budget of its own
		}
		resp, err := a.next.RoundTrip(req)
		if err != nil || lesson == maxLessons || !a.credential.update(resp) {
			return resp, err
		}
	}
}

// authorizer is the innermost layer. It alone knows the credential.
type authorizer struct {
	next       http.RoundTripper
	origin     *url.URL
	credential boundCredential
}

func (a *authorizer) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != a.origin.Scheme || req.URL.Host != a.origin.Host {
		return nil, unsent(fmt.Errorf("refusing to send the credential to %s: the org is at %s", req.URL.Host, a.origin.Host))
	}
	req = req.Clone(req.Context()) // a RoundTripper must not change what it was given
	if err := a.credential.authorize(req); err != nil {
		return nil, unsent(err)
	}
	return a.next.RoundTrip(req)
}

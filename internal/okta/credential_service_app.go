package okta

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/sync/semaphore"
)

// Lifetimes around signing in.
const (
	// assertionLifetime is far below the hour that Okta allows, so a clock that is
	// somewhat ahead does no harm.
	assertionLifetime = 5 * time.Minute
	// maxSkew is how far assertions and proofs are backdated, in case this machine's
	// clock is ahead.
	maxSkew = 30 * time.Second
	// renewEarly is how long before its end an access token is renewed.
	renewEarly = time.Minute
	// defaultLifetime is what Okta gives every access token for its API.
	defaultLifetime = time.Hour
	// longestLifetime bounds a lifetime that makes no sense. Okta allows a day at most.
	longestLifetime = 24 * time.Hour
)

// Audiences of DPoP proofs. Each server has nonces of its own.
const (
	audienceTokens = "token endpoint"
	audienceAPI    = "API"
)

// serviceApp is the configuration of an API service app.
type serviceApp struct {
	clientID string
	scopes   []string
	key      jose.JSONWebKey
	private  []string    // the parts of the key that no text may show
	proofs   jose.Signer // of DPoP proofs
}

// boundServiceApp signs in with the client-credentials grant and a signed assertion
// (private_key_jwt). It does so once, when the first request needs it, and again
// before the access token ends or when Okta rejects it. It proves possession of a
// key (DPoP) when Okta asks for it.
// Source: https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/
type boundServiceApp struct {
	*serviceApp

	endpoint tokenEndpoint
	prover   *prover
	signing  *semaphore.Weighted // one request signs in for all the others

	mu      sync.Mutex
	token   accessToken
	refusal error // a refusal that another attempt would not change
}

// accessToken is a response of the token endpoint.
type accessToken struct {
	value    string
	dpop     bool // bound to the prover's key
	accepted bool // whether the API ever accepted it
	renewAt  time.Time
	scopes   []string // granted, which may be fewer than asked for
}

// ServiceApp is the credential of an API service app. The key is PEM, a JSON Web
// Key, or the path of a file with either. The key ID may be empty.
func ServiceApp(clientID, privateKey, keyID string, scopes []string) (Credential, error) {
	data, err := readPrivateKey(privateKey)
	if err != nil {
		return nil, err
	}
	key, err := parsePrivateKey(data, keyID)
	if err != nil {
		return nil, err
	}
	private, err := privateParts(data, key)
	if err != nil {
		return nil, errors.New("it cannot be written as a JSON Web Key")
	}
	proofs, err := newProofSigner()
	if err != nil {
		return nil, err
	}
	return &serviceApp{clientID: clientID, scopes: scopes, key: key, private: private, proofs: proofs}, nil
}

// Format prints nothing of the credential, whatever the verb.
func (*serviceApp) Format(f fmt.State, _ rune) { fmt.Fprint(f, "(credential)") }

func (a *serviceApp) bind(to tokenEndpoint) boundCredential {
	return &boundServiceApp{serviceApp: a, endpoint: to, prover: newProver(a.proofs), signing: semaphore.NewWeighted(1)}
}

func (a *serviceApp) secrets() []string { return a.private }

// prepare signs in unless the access token is still valid for a while. One request
// signs in for all that wait.
func (a *boundServiceApp) prepare(ctx context.Context) error {
	if _, ready, err := a.current(); ready {
		return err
	}
	if a.signing.Acquire(ctx, 1) != nil {
		return context.Cause(ctx)
	}
	defer a.signing.Release(1)
	if _, ready, err := a.current(); ready {
		return err // another request has signed in meanwhile
	}
	token, err := a.signIn(ctx)
	a.mu.Lock()
	defer a.mu.Unlock()
	if refused, ok := errors.AsType[*SignInError](err); ok && refused.final() {
		a.refusal = err
	}
	if err == nil {
		a.token = token // after an error, the old one stays for requests that are queued
		a.endpoint.secrets.add(token.value)
	}
	return err
}

// current returns the access token or the final refusal. It is ready with either.
func (a *boundServiceApp) current() (token accessToken, ready bool, refusal error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	ready = a.refusal != nil || a.token.value != "" && time.Now().Before(a.token.renewAt)
	return a.token, ready, a.refusal
}

func (a *boundServiceApp) authorize(req *http.Request) error {
	token, _, _ := a.current()
	if !token.dpop {
		req.Header.Set("Authorization", "Bearer "+token.value)
		return nil
	}
	req.Header.Set("Authorization", "DPoP "+token.value)
	return a.prover.prove(req, audienceAPI, token.value, time.Now().Add(-maxSkew))
}

// update makes a request worth another attempt in two cases: Okta asks for a nonce,
// or has stopped accepting the token. A token that Okta never accepted is not
// renewed, because a new one would be refused too.
func (a *boundServiceApp) update(resp *http.Response) bool {
	if a.prover.update(audienceAPI, resp) && isNonceChallenge(resp) {
		return true
	}
	_, used, _ := strings.Cut(resp.Request.Header.Get("Authorization"), " ")
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case resp.StatusCode != http.StatusUnauthorized:
		a.token.accepted = a.token.accepted || a.token.value == used
		return false
	case a.token.value != used:
		return true // it was renewed meanwhile
	case !a.token.accepted:
		return false
	}
	a.token.renewAt = time.Time{}
	return true
}

// isNonceChallenge reports whether a response asks for a DPoP nonce. The API asks with
// an empty body, and with either status.
func isNonceChallenge(resp *http.Response) bool {
	if resp.StatusCode != http.StatusBadRequest && resp.StatusCode != http.StatusUnauthorized {
		return false
	}
	code := parseChallenge(resp.Header.Get("WWW-Authenticate")).Code
	return code == "use_dpop_nonce" || code == "" && resp.ContentLength <= 0
}

// grants returns the scopes asked for and the scopes granted.
func (a *boundServiceApp) grants() *Grants {
	token, _, _ := a.current()
	return &Grants{Asked: a.scopes, Granted: token.scopes}
}

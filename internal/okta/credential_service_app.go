package okta

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Lifetimes around signing in.
const (
	// assertionLifetime is far below the hour that Okta allows, so that a clock
	// that is somewhat ahead does no harm.
	assertionLifetime = 5 * time.Minute
	// maxSkew is how far assertions and proofs are dated back, for a clock that is
	// ahead.
	maxSkew = 30 * time.Second
	// renewEarly is how long before its end an access token is renewed.
	renewEarly = time.Minute
	// defaultLifetime is that of every access token for Okta's API.
	defaultLifetime = time.Hour
	// longestLifetime keeps a lifetime that makes no sense from being one for ever:
	// Okta allows a day at most.
	longestLifetime = 24 * time.Hour
)

// Audiences of DPoP proofs: each server gives nonces of its own.
const (
	audienceTokens = "token endpoint"
	audienceAPI    = "API"
)

// serviceApp is an API service app. It signs in with the client-credentials grant
// and a signed assertion (private_key_jwt), once, when the first request needs
// it, and again before the access token ends or when Okta rejects it. It proves
// possession of a key (DPoP) when Okta asks for it.
// Source: https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/
type serviceApp struct {
	clientID string
	scopes   []string
	key      jose.JSONWebKey
	prover   *prover

	// Set by connect.
	network  http.RoundTripper
	endpoint *url.URL
	budget   budget
	source   Source
	hide     func(string) string

	// turn has room for one: whoever signs in for all the others.
	turn chan struct{}

	mu      sync.Mutex
	token   accessToken
	refusal error    // Okta's no, which asking again would not change
	private []string // what no text may hold: the key, and every access token so far
}

// accessToken is what the token endpoint gave.
type accessToken struct {
	value   string
	dpop    bool // bound to the prover's key
	taken   bool // whether the API ever took it
	renewAt time.Time
	scopes  []string // granted, which may be fewer than asked for
}

// ServiceApp is the credential of an API service app. The key is PEM, a JSON Web
// Key, or the path of a file with either; the key ID may be empty.
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
	prover, err := newProver()
	if err != nil {
		return nil, err
	}
	return &serviceApp{
		clientID: clientID, scopes: scopes, key: key, prover: prover, turn: make(chan struct{}, 1), private: private,
	}, nil
}

// Format hides the credential from every verb.
func (*serviceApp) Format(f fmt.State, _ rune) { fmt.Fprint(f, "(credential)") }

func (a *serviceApp) connect(to tokenEndpoint) {
	a.network, a.budget, a.source, a.hide = to.network, to.budget, to.source, to.hide
	a.endpoint = &url.URL{Scheme: to.origin.Scheme, Host: to.origin.Host, Path: "/oauth2/v1/token"}
}

// prepare signs in unless there is an access token that is good for a while. One
// request does so for all that need it meanwhile.
func (a *serviceApp) prepare(ctx context.Context) error {
	if _, ready, err := a.current(); ready {
		return err
	}
	select {
	case a.turn <- struct{}{}:
		defer func() { <-a.turn }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if _, ready, err := a.current(); ready {
		return err // somebody else has signed in meanwhile
	}
	token, err := a.signIn(ctx)
	a.mu.Lock()
	defer a.mu.Unlock()
	if refused, ok := errors.AsType[*SignInError](err); ok && refused.final() {
		a.refusal = err
	}
	if err == nil {
		a.token = token // the last one stays otherwise, for requests that are held back
		a.private = append(a.private, token.value)
	}
	return err
}

// current is the access token, or Okta's final no, and whether there is either.
func (a *serviceApp) current() (token accessToken, ready bool, refusal error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	ready = a.refusal != nil || a.token.value != "" && time.Now().Before(a.token.renewAt)
	return a.token, ready, a.refusal
}

func (a *serviceApp) authorize(req *http.Request) error {
	token, _, _ := a.current()
	if !token.dpop {
		req.Header.Set("Authorization", "Bearer "+token.value)
		return nil
	}
	req.Header.Set("Authorization", "DPoP "+token.value)
	return a.prover.prove(req, audienceAPI, token.value, time.Now().Add(-maxSkew))
}

// learn takes in an answer of the API. The request is worth another attempt with
// a nonce that Okta wants to see, and with a new token in place of one that Okta
// has stopped taking. A token that Okta never took is not renewed: the next one
// would fare no better.
func (a *serviceApp) learn(resp *http.Response) bool {
	if a.prover.learn(audienceAPI, resp) && isNonceChallenge(resp) {
		return true
	}
	_, used, _ := strings.Cut(resp.Request.Header.Get("Authorization"), " ")
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case resp.StatusCode != http.StatusUnauthorized:
		a.token.taken = a.token.taken || a.token.value == used
		return false
	case a.token.value != used:
		return true // it was renewed meanwhile
	case !a.token.taken:
		return false
	}
	a.token.renewAt = time.Time{}
	return true
}

// isNonceChallenge reports whether an answer asks for a DPoP nonce. The API does
// so with an empty body, and with either status.
func isNonceChallenge(resp *http.Response) bool {
	if resp.StatusCode != http.StatusBadRequest && resp.StatusCode != http.StatusUnauthorized {
		return false
	}
	code := parseChallenge(resp.Header.Get("WWW-Authenticate")).Code
	return code == "use_dpop_nonce" || code == "" && resp.ContentLength <= 0
}

// grants are the scopes asked for and the scopes granted.
func (a *serviceApp) grants() *Grants {
	token, _, _ := a.current()
	return &Grants{Asked: a.scopes, Granted: token.scopes}
}

// secrets are the key and the access tokens. Assertions and proofs are signed
// tokens, which can be told by their form.
func (a *serviceApp) secrets() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.private)
}

// maxChallenges is how often the token endpoint may ask for a proof, or for
// another nonce in it.
const maxChallenges = 3

// signIn gets an access token. Every attempt has an assertion and a proof of its
// own: Okta takes each once.
func (a *serviceApp) signIn(ctx context.Context) (accessToken, error) {
	last, _, _ := a.current()
	dpop := last.dpop
	for challenges := 0; ; challenges++ {
		resp, body, err := a.ask(ctx, dpop) //nolint:bodyclose // ask has read and closed it
		if err != nil {
			return accessToken{}, fmt.Errorf("signing in as client %s: %w", a.clientID, err)
		}
		newNonce := a.prover.learn(audienceTokens, resp)
		if resp.StatusCode/100 == 2 { // of what is no refusal, nothing is quoted
			return a.readToken(body)
		}
		refused := newSignInError(a, resp, body)
		challenged := refused.Code == "invalid_dpop_proof" && !dpop || refused.Code == "use_dpop_nonce" && newNonce
		if !challenged || challenges == maxChallenges {
			return accessToken{}, refused
		}
		dpop = true
	}
}

// ask sends a token request, within the budget of any request.
func (a *serviceApp) ask(ctx context.Context, dpop bool) (*http.Response, []byte, error) {
	ctx = withReplay(ctx)
	bare, err := http.NewRequestWithContext(ctx, http.MethodPost, a.endpoint.String(), nil)
	if err != nil {
		return nil, nil, err
	}
	resp, err := a.budget.spend(ctx, func(int) (*http.Request, *http.Response, error) {
		req := bare.Clone(ctx)
		if err := a.fill(req, dpop); err != nil {
			return req, nil, fmt.Errorf("%w, %w", err, errNotSignedIn)
		}
		resp, err := a.network.RoundTrip(req)
		return req, resp, err
	})
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	return resp, bytes.Clone(bytesOf(resp)), nil
}

// fill makes a token request of req, with a new assertion, and with a new proof
// if Okta asked for one.
// Source: https://developer.okta.com/docs/api/openapi/okta-oauth/oauth/tag/OrgAS/
func (a *serviceApp) fill(req *http.Request, dpop bool) error {
	assertion, err := a.assertion(time.Now())
	if err != nil {
		return err
	}
	form := url.Values{
		"grant_type":            {"client_credentials"},
		"scope":                 {strings.Join(a.scopes, " ")},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		"client_assertion":      {assertion},
	}.Encode()
	// Without GetBody, net/http does not send the assertion again by itself.
	req.Body, req.ContentLength = io.NopCloser(strings.NewReader(form)), int64(len(form))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if !dpop {
		return nil
	}
	return a.prover.prove(req, audienceTokens, "", time.Now().Add(-maxSkew))
}

// assertion is a client assertion. Source: RFC 7523 section 3.
func (a *serviceApp) assertion(now time.Time) (string, error) {
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.SignatureAlgorithm(a.key.Algorithm), Key: a.key},
		(&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", fmt.Errorf("signing with the private key: %w", err)
	}
	return jwt.Signed(signer).Claims(jwt.Claims{
		Issuer:   a.clientID,
		Subject:  a.clientID,
		Audience: jwt.Audience{a.endpoint.String()},
		IssuedAt: jwt.NewNumericDate(now.Add(-maxSkew)),
		Expiry:   jwt.NewNumericDate(now.Add(assertionLifetime)),
		ID:       rand.Text(),
	}).Serialize()
}

func (a *serviceApp) readToken(body []byte) (accessToken, error) {
	var answer members
	value := ""
	if json.Unmarshal(body, &answer) == nil {
		value = answer.text("access_token")
	}
	if value == "" {
		// The body is not quoted: it may hold a token all the same.
		return accessToken{}, fmt.Errorf("signing in as client %s: what answered at %s is not a token endpoint: %d bytes without an access token",
			a.clientID, a.endpoint, len(body))
	}
	lifetime := answer.lifetime()
	granted := strings.Fields(answer.text("scope"))
	slices.Sort(granted)
	return accessToken{
		value:   value,
		dpop:    strings.EqualFold(answer.text("token_type"), "DPoP"),
		renewAt: time.Now().Add(max(lifetime-renewEarly, lifetime/2)),
		scopes:  granted,
	}, nil
}

// lifetime is how long an access token is good for. expires_in is only
// recommended, and has been seen as a text: without one of use, it is Okta's hour.
func (m members) lifetime() time.Duration {
	raw := strings.Trim(string(m["expires_in"]), `" `)
	seconds, err := strconv.ParseFloat(raw, 64)
	if err != nil || !(seconds > 0) { // not a number, too
		return defaultLifetime
	}
	return time.Duration(min(seconds, longestLifetime.Seconds()) * float64(time.Second))
}

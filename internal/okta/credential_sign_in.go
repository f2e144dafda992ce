package okta

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// tokenEndpoint is where a client signs in.
type tokenEndpoint struct {
	network http.RoundTripper
	url     *url.URL
	budget  budget
	source  Source
	secrets *secrets // of the client; access tokens are added
}

// maxChallenges is how often the token endpoint may ask for a proof or for another
// nonce.
const maxChallenges = 3

// signIn gets an access token. Every attempt has its own assertion and proof: Okta
// accepts each only once.
func (a *boundServiceApp) signIn(ctx context.Context) (accessToken, error) {
	last, _, _ := a.current()
	dpop := last.dpop
	for challenges := 0; ; challenges++ {
		resp, body, err := a.ask(ctx, dpop) //nolint:bodyclose // ask has read and closed it
		if err != nil {
			return accessToken{}, fmt.Errorf("signing in as client %s: %w", a.clientID, err)
		}
		newNonce := a.prover.update(audienceTokens, resp)
		if resp.StatusCode/100 == 2 { // never quoted
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

// ask sends a token request within the usual budget.
func (a *boundServiceApp) ask(ctx context.Context, dpop bool) (*http.Response, []byte, error) {
	ctx = withReplay(ctx)
	bare, err := http.NewRequestWithContext(ctx, http.MethodPost, a.endpoint.url.String(), nil)
	if err != nil {
		return nil, nil, err
	}
	resp, err := a.endpoint.budget.spend(ctx, func(int) (*http.Request, *http.Response, error) {
		req := bare.Clone(ctx)
		if err := a.fill(req, dpop); err != nil {
			return req, nil, &unsentError{err: err, final: true}
		}
		resp, err := a.endpoint.network.RoundTrip(req)
		return req, resp, err
	})
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	return resp, bytes.Clone(bytesOf(resp)), nil
}

// fill turns req into a token request with a new assertion, and with a new proof if
// Okta asked for one.
// Source: https://developer.okta.com/docs/api/openapi/okta-oauth/oauth/tag/OrgAS/
func (a *boundServiceApp) fill(req *http.Request, dpop bool) error {
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
	// Without GetBody, net/http cannot send the assertion a second time.
	req.Body, req.ContentLength = io.NopCloser(strings.NewReader(form)), int64(len(form))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if !dpop {
		return nil
	}
	return a.prover.prove(req, audienceTokens, "", time.Now().Add(-maxSkew))
}

// assertion is a client assertion. Source: RFC 7523 section 3.
func (a *boundServiceApp) assertion(now time.Time) (string, error) {
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.SignatureAlgorithm(a.key.Algorithm), Key: a.key},
		(&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", fmt.Errorf("signing with the private key: %w", err)
	}
	return jwt.Signed(signer).Claims(jwt.Claims{
		Issuer:   a.clientID,
		Subject:  a.clientID,
		Audience: jwt.Audience{a.endpoint.url.String()},
		IssuedAt: jwt.NewNumericDate(now.Add(-maxSkew)),
		Expiry:   jwt.NewNumericDate(now.Add(assertionLifetime)),
		ID:       rand.Text(),
	}).Serialize()
}

func (a *boundServiceApp) readToken(body []byte) (accessToken, error) {
	var answer members
	value := ""
	if json.Unmarshal(body, &answer) == nil {
		value = answer.text("access_token")
	}
	if value == "" {
		// The body is not quoted, because it may contain a token anyway.
		return accessToken{}, fmt.Errorf("signing in as client %s: what answered at %s is not a token endpoint: %d bytes without an access token",
			a.clientID, a.endpoint.url, len(body))
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

// lifetime is how long an access token is valid. expires_in is optional and was seen
// as a text. Without a usable value, it is the hour that Okta gives.
func (m members) lifetime() time.Duration {
	raw := strings.Trim(string(m["expires_in"]), `" `)
	seconds, err := strconv.ParseFloat(raw, 64)
	if err != nil || !(seconds > 0) { // not a number, too
		return defaultLifetime
	}
	return time.Duration(min(seconds, longestLifetime.Seconds()) * float64(time.Second))
}

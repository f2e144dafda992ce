package oktafake_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

const tokenPath = "/oauth2/v1/token"

// newRSAKey returns the same key to all tests, because generating one is slow.
var newRSAKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// newKey returns a key for a signature algorithm.
func newKey(t testing.TB, alg jose.SignatureAlgorithm) jose.SigningKey {
	t.Helper()
	curves := map[jose.SignatureAlgorithm]elliptic.Curve{
		jose.ES256: elliptic.P256(), jose.ES384: elliptic.P384(), jose.ES512: elliptic.P521(),
	}
	var (
		key any
		err error
	)
	if curve, ok := curves[alg]; ok {
		key, err = ecdsa.GenerateKey(curve, rand.Reader)
	} else {
		key, err = newRSAKey()
	}
	if err != nil {
		t.Fatal(err)
	}
	return jose.SigningKey{Algorithm: alg, Key: key}
}

func public(key jose.SigningKey, id string) jose.JSONWebKey {
	private := jose.JSONWebKey{Key: key.Key, KeyID: id}
	return private.Public()
}

// unsigned is a JWT without its signature.
type unsigned struct {
	key    jose.SigningKey
	header map[string]any
	claims map[string]any
}

func (j unsigned) sign(t testing.TB) string {
	t.Helper()
	options := &jose.SignerOptions{}
	for name, value := range j.header {
		options.WithHeader(jose.HeaderKey(name), value)
	}
	signer, err := jose.NewSigner(j.key, options)
	if err != nil {
		t.Fatal(err)
	}
	claims, err := json.Marshal(j.claims)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(claims)
	if err != nil {
		t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// service is a service app as a client program sees it, with one key to sign in and another for DPoP.
type service struct {
	org      *oktafake.Org
	id       string
	key      jose.SigningKey
	proofKey jose.SigningKey
}

// newService adds a service app to the acme org.
func newService(t testing.TB, o *oktafake.Org, app oktafake.ServiceApp) service {
	t.Helper()
	c := service{org: o, key: newKey(t, jose.ES256), proofKey: newKey(t, jose.ES256)}
	if app.Keys == nil {
		app.Keys = []jose.JSONWebKey{public(c.key, "")}
	}
	c.id = o.AddServiceApp(app).ClientID
	return c
}

func (c service) assertion() unsigned {
	now := c.org.Now()
	return unsigned{key: c.key, claims: map[string]any{
		"iss": c.id, "sub": c.id, "aud": origin + tokenPath, "jti": rand.Text(),
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
	}}
}

func (c service) proof(method, path string) unsigned {
	return unsigned{
		key:    c.proofKey,
		header: map[string]any{"typ": "dpop+jwt", "jwk": public(c.proofKey, "")},
		claims: map[string]any{"htm": method, "htu": origin + path, "jti": rand.Text(), "iat": c.org.Now().Unix()},
	}
}

func (c service) form(t testing.TB, scope string) url.Values {
	t.Helper()
	return url.Values{
		"grant_type":            {"client_credentials"},
		"scope":                 {scope},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		"client_assertion":      {c.assertion().sign(t)},
	}
}

// request returns a request for an access token with these proofs.
func (c service) request(t testing.TB, form url.Values, proofs ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, origin+tokenPath, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, proof := range proofs {
		r.Header.Add("DPoP", proof)
	}
	return r
}

// nonced returns a proof for the token endpoint with a nonce that the org issued.
func (c service) nonced(t testing.TB) unsigned {
	t.Helper()
	proof := c.proof(http.MethodPost, tokenPath)
	challenge := send(t, c.org, c.request(t, c.form(t, "okta.apps.read"), proof.sign(t)))
	again := c.proof(http.MethodPost, tokenPath)
	again.claims["nonce"] = challenge.header.Get("DPoP-Nonce")
	return again
}

// signIn returns an access token and its type. It sends a proof if the app needs one.
func (c service) signIn(t testing.TB, scope string) (kind, value string) {
	t.Helper()
	got := send(t, c.org, c.request(t, c.form(t, scope)))
	if got.status == http.StatusBadRequest {
		got = send(t, c.org, c.request(t, c.form(t, scope), c.nonced(t).sign(t)))
	}
	if got.status != http.StatusOK {
		t.Fatalf("got %d with %s, want an access token", got.status, got.body)
	}
	var body struct {
		Type  string `json:"token_type"`
		Value string `json:"access_token"`
	}
	got.decode(t, &body)
	return body.Type, body.Value
}

// bound returns the proof for a bound access token.
func (c service) bound(value, method, path string) unsigned {
	sum := sha256.Sum256([]byte(value))
	proof := c.proof(method, path)
	proof.claims["ath"] = base64.RawURLEncoding.EncodeToString(sum[:])
	return proof
}

// call sends a request with a bound access token and these proofs.
func (c service) call(t testing.TB, authorization, method, path string, proofs ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, origin+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", authorization)
	for _, proof := range proofs {
		r.Header.Add("DPoP", proof)
	}
	return send(t, c.org, r)
}

// oauthError returns the code and the description of the token endpoint's refusal.
func (a answer) oauthError(t testing.TB) [2]string {
	t.Helper()
	var body struct {
		Code        string `json:"error"`
		Description string `json:"error_description"`
	}
	a.decode(t, &body)
	return [2]string{body.Code, body.Description}
}

// dpopChallenge returns the API's challenge to a refused bound access token.
func dpopChallenge(scope, path, code, description string) string {
	return `DPoP algs="RS256 RS384 RS512 ES256 ES384 ES512", authorization_uri="http://org.test/oauth2/v1/authorize", ` +
		`realm="http://org.test", scope="` + scope + `", error="` + code + `", error_description="` + description + `", resource="` + path + `"`
}

// wantRefusal checks an answer of the API without a body.
func (a answer) wantRefusal(t testing.TB, status int, challenge string) {
	t.Helper()
	if a.status != status || len(a.body) > 0 || a.header.Get("Content-Type") != "" {
		t.Errorf("got %d with %q (%s), want %d and no body", a.status, a.body, a.header.Get("Content-Type"), status)
	}
	if diff := cmp.Diff([]string{challenge}, a.header.Values("WWW-Authenticate")); diff != "" {
		t.Errorf("WWW-Authenticate (-want +got):\n%s", diff)
	}
}

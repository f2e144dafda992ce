package okta

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const (
	headerDPoP      = "DPoP"
	headerDPoPNonce = "DPoP-Nonce"
)

// prover makes DPoP proofs. Their key pair lives as long as the process. It is not
// the key that the app signs in with.
// Source: RFC 9449; https://developer.okta.com/docs/guides/dpop/
type prover struct {
	signer jose.Signer

	mu     sync.Mutex
	nonces map[string]string // by origin and path of the server that gave them
}

func newProver(signer jose.Signer) *prover {
	return &prover{signer: signer, nonces: map[string]string{}}
}

// newProofSigner signs proofs with a new key.
func newProofSigner() (jose.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making a key for DPoP: %w", err)
	}
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.ES256, Key: key},
		(&jose.SignerOptions{EmbedJWK: true}).WithType("dpop+jwt"))
	if err != nil {
		return nil, fmt.Errorf("making a key for DPoP: %w", err)
	}
	return signer, nil
}

// prove sets a new proof for one attempt of a request. The server accepts each proof
// only once.
func (p *prover) prove(req *http.Request, audience, accessToken string, now time.Time) error {
	claims := map[string]any{
		"htm": req.Method,
		"htu": withoutQuery(req.URL),
		"iat": now.Unix(),
		"jti": rand.Text(),
	}
	if nonce := p.nonce(audience); nonce != "" {
		claims["nonce"] = nonce
	}
	if accessToken != "" {
		digest := sha256.Sum256([]byte(accessToken))
		claims["ath"] = base64.RawURLEncoding.EncodeToString(digest[:])
	}
	proof, err := jwt.Signed(p.signer).Claims(claims).Serialize()
	if err != nil {
		return fmt.Errorf("signing a DPoP proof: %w", err)
	}
	req.Header.Set(headerDPoP, proof)
	return nil
}

// update keeps the nonce of a response. It reports whether the nonce is new to this
// request: several requests may get the same one.
func (p *prover) update(audience string, resp *http.Response) bool {
	nonce := resp.Header.Get(headerDPoPNonce)
	if nonce == "" {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.nonces[audience] = nonce
	return nonce != nonceOf(resp.Request)
}

// nonceOf is the nonce in the proof of a request, or "".
func nonceOf(req *http.Request) string {
	var claims struct {
		Nonce string `json:"nonce"`
	}
	proof, err := jwt.ParseSigned(req.Header.Get(headerDPoP), []jose.SignatureAlgorithm{jose.ES256})
	if err != nil || proof.UnsafeClaimsWithoutVerification(&claims) != nil {
		return "" // there was no proof: this package made all that there are
	}
	return claims.Nonce
}

func (p *prover) nonce(audience string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.nonces[audience]
}

// withoutQuery is the htu of a request: its URL without query and fragment.
func withoutQuery(u *url.URL) string {
	bare := *u
	bare.RawQuery, bare.Fragment = "", ""
	return bare.String()
}

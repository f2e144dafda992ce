package oktafake

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// signatureAlgorithms are the ones that Okta accepts for proofs and client assertions.
var signatureAlgorithms = []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.ES256, jose.ES384, jose.ES512}

// algorithmNames has the same algorithms, as a challenge names them.
const algorithmNames = "RS256 RS384 RS512 ES256 ES384 ES512"

// proofLife is how long a proof may be sent after it was made.
const proofLife = 5 * time.Minute

var (
	errProof          = invalidProof("The DPoP proof JWT is invalid.")
	errProofMissing   = invalidProof("The DPoP proof JWT header is missing.")
	errProofMultiple  = invalidProof("Multiple DPoP proof JWT headers are not allowed.")
	errProofType      = invalidProof("'typ' must be 'dpop+jwt' in the DPoP proof JWT.")
	errProofAlgorithm = invalidProof("The DPoP proof JWT signature algorithm is invalid.")
	errProofParse     = invalidProof("The DPoP proof JWT cannot be parsed.")
	errProofSignature = invalidProof("The DPoP proof JWT signature is invalid.")
	errProofMethod    = invalidProof("'htm' claim in the DPoP proof JWT is invalid.")
	errProofURL       = invalidProof("'htu' claim in the DPoP proof JWT is invalid.")
	errProofIssuedAt  = invalidProof("'iat' claim in the DPoP proof JWT is invalid.")
	errProofFuture    = invalidProof("The DPoP proof JWT is issued in the future.")
	errProofOld       = invalidProof("The DPoP proof JWT is issued more than five minutes in the past.")
	errProofExpired   = invalidProof("The DPoP proof JWT is expired.")
	errProofID        = invalidProof("'jti' claim in the DPoP proof JWT is invalid.")
	errProofUsed      = invalidProof("The DPoP proof JWT has already been used.")
	errProofTokenHash = invalidProof("'ath' claim in the DPoP proof does not match the presented access_token.")
	errProofBinding   = invalidProof("The access_token is not bound to the provided DPoP proof.")
)

// proof is a DPoP proof with a checked signature.
type proof struct {
	Method    string           `json:"htm"`
	URL       string           `json:"htu"`
	IssuedAt  *jwt.NumericDate `json:"iat"`
	Expiry    *jwt.NumericDate `json:"exp"`
	ID        string           `json:"jti"`
	Nonce     string           `json:"nonce"`
	TokenHash string           `json:"ath"`

	thumbprint string // of the proof's key
}

// checkPossession checks the proof that an API call sends with its access token.
func (o *Org) checkPossession(r *http.Request, token, thumbprint string) error {
	p, err := o.proofOf(r)
	switch {
	case err != nil:
		return err
	case p.TokenHash != tokenHash(token):
		return errProofTokenHash
	case p.thumbprint != thumbprint:
		return errProofBinding
	case o.APINonce:
		return o.checkNonce(p)
	}
	return nil
}

// bind checks the proof of a request for an access token, and returns the thumbprint of the key to
// bind the token to. Okta's documentation asks for another key than those of the client assertions.
// This org requires it.
func (o *Org) bind(r *http.Request, app *ServiceApp) (thumbprint string, err error) {
	p, err := o.proofOf(r)
	if err != nil {
		return "", err
	}
	if app.holds(p.thumbprint) {
		return "", errProof
	}
	return p.thumbprint, o.checkNonce(p)
}

// proofOf reads the one proof of a request and checks it against the request.
func (o *Org) proofOf(r *http.Request) (proof, error) {
	lines := r.Header.Values("DPoP")
	if len(lines) == 0 {
		return proof{}, errProofMissing
	}
	if len(lines) > 1 {
		return proof{}, errProofMultiple
	}
	p, err := readProof(lines[0])
	if err != nil {
		return proof{}, err
	}
	now := o.Now()
	switch {
	case p.Method != r.Method:
		return proof{}, errProofMethod
	case p.URL != base(r)+r.URL.EscapedPath(): // As it was sent, without its query.
		return proof{}, errProofURL
	case p.IssuedAt == nil:
		return proof{}, errProofIssuedAt
	case p.IssuedAt.Time().After(now):
		return proof{}, errProofFuture
	case now.Sub(p.IssuedAt.Time()) > proofLife:
		return proof{}, errProofOld
	case p.Expiry != nil && !p.Expiry.Time().After(now):
		return proof{}, errProofExpired
	case p.ID == "":
		return proof{}, errProofID
	case callOf(r).proofReplayed:
		return proof{}, errProofUsed
	}
	return p, nil
}

// readProof checks a proof's signature against the key in it. If that is a private key, the library
// returns a parse error.
func readProof(line string) (proof, error) {
	signed, err := jose.ParseSignedCompact(line, signatureAlgorithms)
	if _, ok := errors.AsType[*jose.ErrUnexpectedSignatureAlgorithm](err); ok {
		return proof{}, errProofAlgorithm
	}
	if err != nil {
		return proof{}, errProofParse
	}
	header := signed.Signatures[0].Protected
	if header.ExtraHeaders[jose.HeaderType] != "dpop+jwt" {
		return proof{}, errProofType
	}
	if header.JSONWebKey == nil {
		return proof{}, errProof
	}
	claims, err := signed.Verify(header.JSONWebKey)
	if err != nil {
		return proof{}, errProofSignature
	}
	p := proof{thumbprint: thumbprintOf(header.JSONWebKey)}
	if err := json.Unmarshal(claims, &p); err != nil {
		return proof{}, errProofParse
	}
	return p, nil
}

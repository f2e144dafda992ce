package oktafake

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const (
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	// maxAssertionLife is how far ahead a client assertion may expire.
	maxAssertionLife = time.Hour
)

var (
	errAssertionType = invalidRequest("The client_assertion_type is invalid.")

	errNoCredentials      = invalidClient("No client credentials found.")
	errOtherCredentials   = invalidClient("Client Credentials requests to the Org Authorization Server must use the private_key_jwt token_endpoint_auth_method.")
	errClientID           = invalidClient("Invalid value for 'client_id' parameter.")
	errAssertionParse     = invalidClient("The parsing of the client_assertion failed.")
	errAssertionAlgorithm = invalidClient("The client_assertion JWT signature algorithm is invalid.")
	errAssertionIssuer    = invalidClient("The issuer claim for client_assertion is not a valid client_id.")
	errAssertionSubject   = invalidClient("The subject claim for client_assertion is not a valid client_id.")
	errAssertionNoKeys    = invalidClient("The client does not have a JWKSet configured, but the client_assertion requires one.")
	errAssertionKeyID     = invalidClient("The client_assertion JWT kid is invalid.")
	errAssertionSignature = invalidClient("The client_assertion signature is invalid.")
	errAssertionAudience  = invalidClient("The audience claim for client_assertion must be the endpoint invoked for the request.")
	errAssertionNoExpiry  = invalidClient("The client_assertion must contain the 'exp' claim as seconds since epoch.")
	errAssertionExpired   = invalidClient("The client_assertion token is expired.")
	errAssertionTooLong   = invalidClient("The client_assertion token has an expiration too far into the future.")
	errAssertionIssuedAt  = invalidClient("The client_assertion token must be issued before the current time.")
	errAssertionUsed      = invalidClient("The client_assertion token has already been used.")
)

// client returns the service app that asks for an access token. It tolerates no clock skew, because
// Okta does not document how much it tolerates.
func (o *Org) client(r *http.Request) (*ServiceApp, error) {
	if r.Header.Get("Authorization") != "" || r.PostForm.Has("client_secret") {
		return nil, errOtherCredentials
	}
	if !r.PostForm.Has("client_assertion") {
		return nil, errNoCredentials
	}
	if r.PostForm.Get("client_assertion_type") != assertionType {
		return nil, errAssertionType
	}
	app, claims, err := o.readAssertion(r.PostForm.Get("client_assertion"))
	if err != nil {
		return nil, err
	}
	now := o.Now()
	switch {
	case r.PostForm.Has("client_id") && r.PostForm.Get("client_id") != app.ClientID:
		return nil, errClientID
	case !slices.Equal(claims.Audience, jwt.Audience{base(r) + r.URL.EscapedPath()}):
		return nil, errAssertionAudience
	case claims.Expiry == nil:
		return nil, errAssertionNoExpiry
	case !claims.Expiry.Time().After(now):
		return nil, errAssertionExpired
	case claims.Expiry.Time().Sub(now) > maxAssertionLife:
		return nil, errAssertionTooLong
	case claims.IssuedAt != nil && claims.IssuedAt.Time().After(now):
		return nil, errAssertionIssuedAt
	case callOf(r).assertionReplayed:
		return nil, errAssertionUsed
	}
	return app, nil
}

// readAssertion returns the app that a client assertion names, and checks the app's signature.
func (o *Org) readAssertion(assertion string) (*ServiceApp, jwt.Claims, error) {
	var claims jwt.Claims
	signed, err := jose.ParseSignedCompact(assertion, signatureAlgorithms)
	if _, ok := errors.AsType[*jose.ErrUnexpectedSignatureAlgorithm](err); ok {
		return nil, claims, errAssertionAlgorithm
	}
	if err != nil || json.Unmarshal(signed.UnsafePayloadWithoutVerification(), &claims) != nil {
		return nil, claims, errAssertionParse
	}
	app := o.authority.app(claims.Issuer)
	if app == nil {
		return nil, claims, errAssertionIssuer
	}
	if claims.Subject != app.ClientID {
		return nil, claims, errAssertionSubject
	}
	key, err := app.key(signed.Signatures[0].Protected.KeyID)
	if err != nil {
		return nil, claims, err
	}
	if _, err := signed.Verify(key); err != nil {
		return nil, claims, errAssertionSignature
	}
	return app, claims, nil
}

// key returns the key that an assertion names. If the app has only one key, the assertion need not
// name it.
func (app *ServiceApp) key(id string) (jose.JSONWebKey, error) {
	if len(app.Keys) == 0 {
		return jose.JSONWebKey{}, errAssertionNoKeys
	}
	if id == "" && len(app.Keys) == 1 {
		return app.Keys[0], nil
	}
	i := slices.IndexFunc(app.Keys, func(key jose.JSONWebKey) bool { return key.KeyID == id })
	if i < 0 {
		return jose.JSONWebKey{}, errAssertionKeyID
	}
	return app.Keys[i], nil
}

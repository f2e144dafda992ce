package oktafake

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"time"
)

var (
	errTokenUnknown = invalidToken("The access token is invalid.")
	errTokenRevoked = invalidToken("The access token has been revoked.")
	errTokenExpired = invalidToken("The token has expired.")
	errTokenUnbound = invalidToken("The presented access_token is not DPoP bound.")

	errProofRequired = invalidRequest("The resource request requires a DPoP proof.")
	errDPoPRequired  = invalidRequest("The resource request must use the DPoP authentication scheme when using a DPoP bound token.")
)

// accessToken is an access token that the token endpoint issued, or the org's own.
type accessToken struct {
	grant grant
	// expires is zero for the org's own token, which never expires.
	expires time.Time
	revoked bool
	// thumbprint is of the key that the token is bound to. It is empty for a bearer token.
	thumbprint string
}

// accept returns what an access token may do, or the API's refusal.
func (o *Org) accept(r *http.Request, scheme, value string) (grant, error) {
	token, known := o.accessToken(value)
	err := error(errTokenUnknown)
	if known {
		err = o.checkToken(r, scheme, value, token)
	}
	if err == nil {
		return token.grant, nil
	}
	if token.thumbprint != "" {
		scheme = schemeDPoP
	}
	return grant{}, challenged(r, scheme, scopeOf(r), err)
}

// checkToken checks an access token and, if it is bound, the proof. Each kind has its own scheme: a
// bound token is never accepted as a bearer token.
func (o *Org) checkToken(r *http.Request, scheme, value string, token accessToken) error {
	bound := token.thumbprint != ""
	switch {
	case token.revoked:
		return errTokenRevoked
	case !token.expires.IsZero() && !token.expires.After(o.Now()):
		return errTokenExpired
	case scheme == schemeBearer && !bound:
		return nil
	case scheme == schemeBearer && r.Header.Get("DPoP") == "":
		return errProofRequired
	case scheme == schemeBearer:
		return errDPoPRequired
	case !bound:
		return errTokenUnbound
	}
	return o.checkPossession(r, value, token.thumbprint)
}

// accessToken returns the access token with a value.
func (o *Org) accessToken(value string) (token accessToken, known bool) {
	if value != "" && value == o.AccessToken {
		return accessToken{grant: grant{everything: true}}, true
	}
	o.authority.mu.Lock()
	defer o.authority.mu.Unlock()
	stored := o.authority.tokens[value]
	if stored == nil {
		return accessToken{}, false
	}
	return *stored, true
}

// issue returns a new access token for an app, bound to the key with the thumbprint if there is one.
// Its value is random text: clients must not parse it.
func (o *Org) issue(app *ServiceApp, scopes []string, thumbprint string) accessTokenJSON {
	now := o.Now()
	scheme := schemeBearer
	if thumbprint != "" {
		scheme = schemeDPoP
	}
	answer := accessTokenJSON{
		Type:      scheme,
		ExpiresIn: int(o.TokenLifetime / time.Second),
		Value:     rand.Text() + "." + rand.Text(),
		Scope:     strings.Join(scopes, " "),
	}
	a := &o.authority
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tokens[answer.Value] = &accessToken{
		grant:      grant{scopes: scopes, readOnly: app.ReadOnlyRole, scheme: scheme},
		expires:    now.Add(o.TokenLifetime),
		thumbprint: thumbprint,
	}
	a.signIns = append(a.signIns, SignIn{ClientID: app.ClientID, Scopes: scopes, DPoP: thumbprint != ""})
	if thumbprint != "" {
		answer.nonce = a.nonces.current(now)
	}
	return answer
}

// RevokeAccessTokens revokes every access token that the token endpoint issued so far.
func (o *Org) RevokeAccessTokens() {
	o.authority.eachToken(func(t *accessToken) { t.revoked = true })
}

// ExpireAccessTokens expires every access token that the token endpoint issued so far, earlier than
// announced.
func (o *Org) ExpireAccessTokens() {
	now := o.Now()
	o.authority.eachToken(func(t *accessToken) { t.expires = now })
}

// tokenHash returns the ath claim that a proof for an access token has.
func tokenHash(value string) string {
	sum := sha256.Sum256([]byte(value))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

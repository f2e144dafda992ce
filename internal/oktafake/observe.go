package oktafake

import (
	"maps"
	"slices"
	"time"
)

// Revocation is a token that a request removed.
type Revocation struct {
	Token Token
	// Path is the path of the DELETE, escaped as it was sent.
	Path string
}

// EndedSession is a request that ended a user's sessions.
type EndedSession struct {
	UserID        string
	OAuthTokens   bool
	ForgetDevices bool
}

// SignIn is a successful request at the token endpoint.
type SignIn struct {
	ClientID string
	// Scopes are the scopes of the access token, in the order of the request.
	Scopes []string
	// DPoP is set if the access token was bound to the key of a proof.
	DPoP bool
}

// RemoveToken removes a token as if another admin had revoked it: without a request and without a
// [Revocation]. It reports whether the token was there.
func (o *Org) RemoveToken(id string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	t := o.store.tokens[id]
	if t == nil {
		return false
	}
	o.store.remove(t)
	return true
}

// UseToken moves the times of a token as its use does: it was used an hour later, and expires a week
// after that.
func (o *Org) UseToken(id string) {
	for _, token := range o.Tokens() {
		if token.ID == id {
			o.RemoveToken(id)
			token.LastUpdated = token.LastUpdated.Add(time.Hour)
			token.ExpiresAt = new(token.LastUpdated.Add(7 * 24 * time.Hour))
			o.AddToken(token)
		}
	}
}

// Tokens returns the live tokens, sorted by ID.
func (o *Org) Tokens() []Token {
	o.mu.RLock()
	defer o.mu.RUnlock()
	tokens := make([]Token, 0, len(o.store.tokens))
	for _, id := range slices.Sorted(maps.Keys(o.store.tokens)) {
		tokens = append(tokens, o.store.tokens[id].Token)
	}
	return tokens
}

// TokenIDs returns the IDs of the live tokens, sorted.
func (o *Org) TokenIDs() []string {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return slices.Sorted(maps.Keys(o.store.tokens))
}

// Revoked returns the tokens that requests removed, in the order of removal.
func (o *Org) Revoked() []Revocation {
	o.mu.RLock()
	defer o.mu.RUnlock()
	revoked := make([]Revocation, len(o.store.revoked))
	for i, r := range o.store.revoked {
		revoked[i] = Revocation{Token: r.token.Token, Path: r.path}
	}
	return revoked
}

// RevokedIDs returns the IDs of the tokens that requests removed, in the order of removal.
func (o *Org) RevokedIDs() []string {
	revoked := o.Revoked()
	ids := make([]string, len(revoked))
	for i, r := range revoked {
		ids[i] = r.Token.ID
	}
	return ids
}

// EndedSessions returns the requests that ended a user's sessions.
func (o *Org) EndedSessions() []EndedSession {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return slices.Clone(o.store.sessions)
}

// TokenRequests returns the number of requests that arrived at the token endpoint, successful or
// not.
func (o *Org) TokenRequests() int {
	o.authority.mu.Lock()
	defer o.authority.mu.Unlock()
	return o.authority.requests
}

// SignIns returns the access tokens that the token endpoint issued, in order.
func (o *Org) SignIns() []SignIn {
	o.authority.mu.Lock()
	defer o.authority.mu.Unlock()
	return slices.Clone(o.authority.signIns)
}

// Replays returns a line for each time that a client assertion or DPoP proof was sent again. A test
// expects none.
func (o *Org) Replays() []string {
	o.authority.mu.Lock()
	defer o.authority.mu.Unlock()
	return slices.Clone(o.authority.replays)
}

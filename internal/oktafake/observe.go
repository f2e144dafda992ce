package oktafake

import (
	"maps"
	"slices"
)

// Revocation is a token that a request removed.
type Revocation struct {
	Token Token
	// Path is that of the DELETE, escaped as it was sent.
	Path string
}

// EndedSession is a request that ended a user's sessions.
type EndedSession struct {
	UserID        string
	OAuthTokens   bool
	ForgetDevices bool
}

// SignIn is one success at the token endpoint.
type SignIn struct {
	ClientID string
	// Scopes are those of the access token, in the order in which they were asked for.
	Scopes []string
	// DPoP tells whether the access token was bound to the key of a proof.
	DPoP bool
}

// RemoveToken removes a token as if somebody else had revoked it, so there is neither a request
// nor a [Revocation] of it. It reports whether the token was there.
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

// Tokens are the live tokens, sorted by ID.
func (o *Org) Tokens() []Token {
	o.mu.RLock()
	defer o.mu.RUnlock()
	tokens := make([]Token, 0, len(o.store.tokens))
	for _, id := range slices.Sorted(maps.Keys(o.store.tokens)) {
		tokens = append(tokens, o.store.tokens[id].Token)
	}
	return tokens
}

// TokenIDs are the IDs of the live tokens, sorted.
func (o *Org) TokenIDs() []string {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return slices.Sorted(maps.Keys(o.store.tokens))
}

// Revoked are the tokens that requests have removed, in the order in which they went.
func (o *Org) Revoked() []Revocation {
	o.mu.RLock()
	defer o.mu.RUnlock()
	revoked := make([]Revocation, len(o.store.revoked))
	for i, r := range o.store.revoked {
		revoked[i] = Revocation{Token: r.token.Token, Path: r.path}
	}
	return revoked
}

// RevokedIDs are the IDs of the tokens that requests have removed, in the order in which they
// went.
func (o *Org) RevokedIDs() []string {
	revoked := o.Revoked()
	ids := make([]string, len(revoked))
	for i, r := range revoked {
		ids[i] = r.Token.ID
	}
	return ids
}

// EndedSessions are the requests that have ended a user's sessions.
func (o *Org) EndedSessions() []EndedSession {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return slices.Clone(o.store.sessions)
}

// TokenRequests is the number of requests that have arrived at the token endpoint, whatever became
// of them.
func (o *Org) TokenRequests() int {
	o.authority.mu.Lock()
	defer o.authority.mu.Unlock()
	return o.authority.requests
}

// SignIns are the access tokens that the token endpoint has issued, in order.
func (o *Org) SignIns() []SignIn {
	o.authority.mu.Lock()
	defer o.authority.mu.Unlock()
	return slices.Clone(o.authority.signIns)
}

// Replays names every client assertion and DPoP proof that was sent a second time, one line for
// each time, for a test to compare with nothing.
func (o *Org) Replays() []string {
	o.authority.mu.Lock()
	defer o.authority.mu.Unlock()
	return slices.Clone(o.authority.replays)
}

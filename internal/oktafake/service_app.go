package oktafake

import (
	"cmp"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"slices"
	"sync"

	"github.com/go-jose/go-jose/v4"
)

// ServiceApp is an API service app: a client that signs in as itself with a key.
type ServiceApp struct {
	ClientID string
	// Keys are the public keys, RSA or EC, for its client assertions. If there are several, each
	// has a KeyID, and every assertion must name one.
	Keys []jose.JSONWebKey
	// Scopes are the scopes granted to the app.
	Scopes []string
	// ReadOnlyRole gives the app an admin role that may change nothing, whatever its scopes.
	ReadOnlyRole bool
	DPoP         DPoPMode
}

// DPoPMode says whether an app has to use DPoP.
type DPoPMode int

const (
	// DPoPRequired binds the app's access tokens to the key of its proofs. It is Okta's default
	// for new apps.
	DPoPRequired DPoPMode = iota
	// DPoPOff gives the app bearer tokens.
	DPoPOff
)

// authority is the org authorization server's part for service apps. It has its own lock, so checking
// credentials does not wait for a handler that holds the store's.
type authority struct {
	mu       sync.Mutex
	apps     map[string]*ServiceApp // never changed once they are added
	tokens   map[string]*accessToken
	nonces   nonces
	used     usedIDs
	requests int
	signIns  []SignIn
	replays  []string
}

func newAuthority() authority {
	return authority{apps: map[string]*ServiceApp{}, tokens: map[string]*accessToken{}}
}

// AddServiceApp adds a service app. An empty ClientID is made up.
func (o *Org) AddServiceApp(app ServiceApp) ServiceApp {
	o.mu.Lock()
	app.ClientID = cmp.Or(app.ClientID, o.ids.next("0oa"))
	o.mu.Unlock()
	checkKeys(app.Keys)
	stored := app
	// Copies, because the caller may change its slices.
	stored.Keys, stored.Scopes = slices.Clone(app.Keys), slices.Clone(app.Scopes)
	o.authority.mu.Lock()
	defer o.authority.mu.Unlock()
	add(o.authority.apps, app.ClientID, &stored)
	return app
}

// checkKeys panics if Okta would not register the keys, because the test is wrong.
func checkKeys(keys []jose.JSONWebKey) {
	ids := map[string]bool{}
	for _, key := range keys {
		switch key.Key.(type) {
		case *rsa.PublicKey, *ecdsa.PublicKey:
		default:
			panic(fmt.Sprintf("oktafake: the key %q of a service app is a %T, want a public RSA or EC key", key.KeyID, key.Key))
		}
		if len(keys) > 1 && (key.KeyID == "" || ids[key.KeyID]) {
			panic(fmt.Sprintf("oktafake: several keys need a KeyID each, got %q", key.KeyID))
		}
		ids[key.KeyID] = true
	}
}

// app returns the service app with a client ID, or nil.
func (a *authority) app(clientID string) *ServiceApp {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.apps[clientID]
}

// knowsScope reports whether a scope exists: the org's routes use it, or an app was granted it.
func (a *authority) knowsScope(scope string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if slices.Contains(apiScopes, scope) {
		return true
	}
	for _, app := range a.apps {
		if slices.Contains(app.Scopes, scope) {
			return true
		}
	}
	return false
}

func (a *authority) eachToken(change func(*accessToken)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, t := range a.tokens {
		change(t)
	}
}

// holds reports whether one of the app's own keys has the thumbprint.
func (app *ServiceApp) holds(thumbprint string) bool {
	return slices.ContainsFunc(app.Keys, func(key jose.JSONWebKey) bool {
		return thumbprintOf(&key) == thumbprint
	})
}

// thumbprintOf returns the SHA-256 thumbprint of a key. The key was parsed or checked, so this cannot
// fail.
func thumbprintOf(key *jose.JSONWebKey) string {
	sum, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(sum)
}

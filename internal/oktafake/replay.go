package oktafake

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// call is what the org knows about a request besides the request itself.
type call struct {
	// crowded is set if too many other requests were running when this one arrived.
	crowded bool
	// formErr is the error from reading the form of a request for an access token.
	formErr error
	// proofReplayed and assertionReplayed are set if an earlier request had the same one.
	proofReplayed, assertionReplayed bool
	grant                            grant
}

type callKey struct{}

func withCall(r *http.Request, c *call) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), callKey{}, c))
}

// callOf returns the call of a request that came through [Org.ServeHTTP], as every request does
// that reaches a handler.
func callOf(r *http.Request) *call {
	c, ok := r.Context().Value(callKey{}).(*call)
	if !ok {
		panic("oktafake: a request that did not come through ServeHTTP")
	}
	return c
}

// arrive records the proof and the client assertion of a request before anything else happens. Okta
// accepts neither a second time, even if the first request was rate-limited or its answer was lost.
// Neither does this org, even if a hook answered.
func (o *Org) arrive(r *http.Request) *call {
	c := &call{}
	for _, line := range r.Header.Values("DPoP") {
		c.proofReplayed = o.use("DPoP proof", line, r) || c.proofReplayed
	}
	if r.URL.Path == signInPath {
		c.formErr = r.ParseForm()
		c.assertionReplayed = o.use("client assertion", r.PostForm.Get("client_assertion"), r)
		o.authority.mu.Lock()
		defer o.authority.mu.Unlock()
		o.authority.requests++
	}
	return c
}

// use records the ID of a JWT and reports whether it was used before. It does not check the
// signature: a JWT with a bad one is refused later anyway.
func (o *Org) use(kind, token string, r *http.Request) (again bool) {
	signed, err := jose.ParseSignedCompact(token, signatureAlgorithms)
	if err != nil {
		return false
	}
	var claims struct {
		Issuer string `json:"iss"`
		ID     string `json:"jti"`
	}
	if err := json.Unmarshal(signed.UnsafePayloadWithoutVerification(), &claims); err != nil || claims.ID == "" {
		return false
	}
	a := &o.authority
	a.mu.Lock()
	defer a.mu.Unlock()
	// Two clients may use the same ID in their assertions. A proof does not name its client.
	again = a.used.add(kind+"\x00"+claims.Issuer+"\x00"+claims.ID, o.Now())
	if again {
		a.replays = append(a.replays, fmt.Sprintf("%s %s on %s %s", kind, claims.ID, r.Method, r.URL.Path))
	}
	return again
}

// usedIDs keeps IDs for as long as any proof or assertion is valid, but not forever: an org may
// serve for days.
type usedIDs struct {
	recent, older map[string]bool
	turned        time.Time
}

// add records an ID and reports whether it was there already.
func (u *usedIDs) add(id string, now time.Time) (again bool) {
	if u.recent == nil || now.Sub(u.turned) > maxAssertionLife {
		u.older, u.recent, u.turned = u.recent, map[string]bool{}, now
	}
	again = u.recent[id] || u.older[id]
	u.recent[id] = true
	return again
}

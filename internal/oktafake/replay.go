package oktafake

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// call is what the org knows of a request besides the request itself.
type call struct {
	// crowded is set for a request that has come while too many others were under way.
	crowded bool
	// formErr is that of reading the form of a request for an access token.
	formErr error
	// proofReplayed and assertionReplayed are set when an earlier request had the same one.
	proofReplayed, assertionReplayed bool
	grant                            grant
}

type callKey struct{}

func withCall(r *http.Request, c *call) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), callKey{}, c))
}

// callOf is for the requests that [Org.ServeHTTP] has let pass, as all that reach a handler are.
func callOf(r *http.Request) *call {
	c, ok := r.Context().Value(callKey{}).(*call)
	if !ok {
		panic("oktafake: a request that did not come through ServeHTTP")
	}
	return c
}

// arrive notes the proof and the client assertion of a request before anything is done with it. One
// that was sent is used up, even if the request was refused for its rate limit or the answer was
// lost; so it is here, even if a hook answers.
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

// use notes the ID of a JWT, and reports whether it was used before. It does not look at the
// signature: one that is refused for it will not be taken later either.
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
	// The ID of an assertion is its client's own affair; a proof does not say whose it is.
	again = a.used.add(kind+"\x00"+claims.Issuer+"\x00"+claims.ID, o.Now())
	if again {
		a.replays = append(a.replays, fmt.Sprintf("%s %s on %s %s", kind, claims.ID, r.Method, r.URL.Path))
	}
	return again
}

// usedIDs remembers for at least as long as any proof or assertion is good, and not for ever, since
// an org may serve for days.
type usedIDs struct {
	recent, older map[string]bool
	turned        time.Time
}

// add reports whether the ID was there already.
func (u *usedIDs) add(id string, now time.Time) (again bool) {
	if u.recent == nil || now.Sub(u.turned) > maxAssertionLife {
		u.older, u.recent, u.turned = u.recent, map[string]bool{}, now
	}
	again = u.recent[id] || u.older[id]
	u.recent[id] = true
	return again
}

package oktafake

import (
	"crypto/rand"
	"slices"
	"time"
)

// nonceRenewal is how long Okta issues a nonce, nonceLife how long it accepts it.
const (
	nonceRenewal = day
	nonceLife    = 3 * day
)

// checkNonce refuses a proof without a valid nonce. The error has the nonce to use.
func (o *Org) checkNonce(p proof) error {
	now := o.Now()
	o.authority.mu.Lock()
	defer o.authority.mu.Unlock()
	if !o.authority.nonces.good(p.Nonce, now) {
		return useNonce(o.authority.nonces.current(now))
	}
	return nil
}

// RotateNonce invalidates every nonce issued so far, as if three days had passed.
func (o *Org) RotateNonce() {
	o.authority.mu.Lock()
	defer o.authority.mu.Unlock()
	o.authority.nonces = nil
}

// nonces has the issued nonces that may still be valid, the latest one last.
type nonces []issuedNonce

type issuedNonce struct {
	value  string
	issued time.Time
}

// current returns the nonce to issue, a new one every day.
func (n *nonces) current(now time.Time) string {
	if len(*n) == 0 || now.Sub((*n)[len(*n)-1].issued) >= nonceRenewal {
		*n = slices.DeleteFunc(*n, func(old issuedNonce) bool { return now.Sub(old.issued) >= nonceLife })
		*n = append(*n, issuedNonce{rand.Text(), now})
	}
	return (*n)[len(*n)-1].value
}

func (n *nonces) good(value string, now time.Time) bool {
	return slices.ContainsFunc(*n, func(given issuedNonce) bool {
		return given.value == value && now.Sub(given.issued) < nonceLife
	})
}

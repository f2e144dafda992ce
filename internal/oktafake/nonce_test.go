package oktafake_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// challenge asks for an access token with a nonce. If that is refused, it returns the nonce to use.
func (c service) challenge(t testing.TB, nonce string) (other string) {
	t.Helper()
	proof := c.proof(http.MethodPost, tokenPath)
	proof.claims["nonce"] = nonce
	got := send(t, c.org, c.request(t, c.form(t, "okta.apps.read"), proof.sign(t)))
	if got.status == http.StatusOK {
		return ""
	}
	if got.oauthError(t)[0] != "use_dpop_nonce" || got.header.Get("DPoP-Nonce") == "" {
		t.Errorf("got %d with %s and nonce %q, want a nonce to use", got.status, got.body, got.header.Get("DPoP-Nonce"))
	}
	return got.header.Get("DPoP-Nonce")
}

// Okta issues a new nonce every day and accepts each for three days.
func TestNoncesAge(t *testing.T) {
	t.Parallel()
	now := created
	org := oktafake.NewOrg(acme)
	org.Now = func() time.Time { return now }
	c := newService(t, org, oktafake.ServiceApp{Scopes: []string{"okta.apps.read"}})
	first := c.challenge(t, "")
	for _, step := range []struct {
		after           time.Duration
		wantNew, wantOK bool
	}{
		{0, false, true},
		{24*time.Hour - time.Second, false, true},
		{24 * time.Hour, true, true},
		{72*time.Hour - time.Second, true, true},
		{72 * time.Hour, true, false},
	} {
		now = created.Add(step.after)
		if given := c.challenge(t, "unknown"); (given != first) != step.wantNew {
			t.Errorf("after %v: got nonce %q, the first is %q, want another: %t", step.after, given, first, step.wantNew)
		}
		if other := c.challenge(t, first); (other == "") != step.wantOK {
			t.Errorf("after %v: got nonce %q to use instead of the first, want the first accepted: %t", step.after, other, step.wantOK)
		}
	}
}

func TestRotateNonce(t *testing.T) {
	t.Parallel()
	c := newService(t, oktafake.NewOrg(acme), oktafake.ServiceApp{Scopes: []string{"okta.apps.read"}})
	first := c.challenge(t, "")
	c.org.RotateNonce()
	second := c.challenge(t, first)
	if second == "" || second == first {
		t.Errorf("got nonce %q to use instead of %q, want another", second, first)
	}
	if third := c.challenge(t, second); third != "" {
		t.Errorf("got nonce %q to use instead of the issued one", third)
	}
}

func TestAPINonce(t *testing.T) {
	t.Parallel()
	c := newService(t, oktafake.NewOrg(acme), oktafake.ServiceApp{Scopes: []string{"okta.apps.manage"}})
	c.org.APINonce = true
	_, value := c.signIn(t, "okta.apps.manage")
	revoke := func(nonce string) answer {
		proof := c.bound(value, http.MethodDelete, oneToken)
		if nonce != "" {
			proof.claims["nonce"] = nonce
		}
		return c.call(t, "DPoP "+value, http.MethodDelete, oneToken, proof.sign(t))
	}
	want := dpopChallenge("okta.apps.manage", oneToken, "use_dpop_nonce", "Authorization server requires nonce in DPoP proof.")
	for _, nonce := range []string{"", "unknown"} {
		revoke(nonce).wantRefusal(t, http.StatusBadRequest, want)
	}
	stale := revoke("").header.Get("DPoP-Nonce")
	c.org.RotateNonce()
	got := revoke(stale)
	got.wantRefusal(t, http.StatusBadRequest, want)
	if revoked := c.org.RevokedIDs(); len(revoked) > 0 {
		t.Errorf("revoked %v, want nothing", revoked)
	}
	if got := revoke(got.header.Get("DPoP-Nonce")); got.status != http.StatusNoContent {
		t.Errorf("got %d with the nonce that was asked for, want 204", got.status)
	}
}

package oktafake_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

func TestBearerSignIn(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(acme)
	c := newService(t, org, oktafake.ServiceApp{ClientID: "0oasvc", Scopes: []string{"okta.apps.read"}, DPoP: oktafake.DPoPOff})
	got := send(t, org, c.request(t, c.form(t, "okta.apps.read")))
	var body map[string]any
	got.decode(t, &body)
	value, _ := body["access_token"].(string)
	want := map[string]any{"token_type": "Bearer", "expires_in": 3600.0, "access_token": value, "scope": "okta.apps.read"}
	if diff := cmp.Diff(want, body); diff != "" || got.status != http.StatusOK || len(value) < 20 {
		t.Errorf("got %d, body (-want +got):\n%s", got.status, diff)
	}
	for name, want := range map[string]string{"Content-Type": "application/json", "DPoP-Nonce": "", "Cache-Control": "no-cache, no-store"} {
		if got := got.header.Get(name); got != want {
			t.Errorf("got %s %q, want %q", name, got, want)
		}
	}
	if got := askAs(t, org, "Bearer "+value, http.MethodGet, allTokens); got.status != http.StatusOK {
		t.Errorf("got %d for the access token, want 200", got.status)
	}
	if diff := cmp.Diff([]oktafake.SignIn{{ClientID: "0oasvc", Scopes: []string{"okta.apps.read"}}}, org.SignIns()); diff != "" {
		t.Errorf("sign-ins (-want +got):\n%s", diff)
	}
}

func TestDPoPSignIn(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	c := newService(t, srv.Org, oktafake.ServiceApp{ClientID: "0oasvc", Scopes: []string{"okta.apps.manage"}})

	got := send(t, srv.Org, c.request(t, c.form(t, "okta.apps.manage")))
	if want := [2]string{"invalid_dpop_proof", "The DPoP proof JWT header is missing."}; got.status != 400 || got.oauthError(t) != want {
		t.Errorf("without a proof: got %d %q, want 400 %q", got.status, got.oauthError(t), want)
	}
	if nonce := got.header.Get("DPoP-Nonce"); nonce != "" {
		t.Errorf("without a proof: got nonce %q, want none", nonce)
	}

	got = send(t, srv.Org, c.request(t, c.form(t, "okta.apps.manage"), c.proof(http.MethodPost, tokenPath).sign(t)))
	if want := [2]string{"use_dpop_nonce", "Authorization server requires nonce in DPoP proof."}; got.status != 400 || got.oauthError(t) != want {
		t.Errorf("without a nonce: got %d %q, want 400 %q", got.status, got.oauthError(t), want)
	}
	nonce := got.header.Get("DPoP-Nonce")
	if nonce == "" {
		t.Fatal("without a nonce: got none to use")
	}

	proof := c.proof(http.MethodPost, tokenPath)
	proof.claims["nonce"] = nonce
	got = send(t, srv.Org, c.request(t, c.form(t, "okta.apps.manage"), proof.sign(t)))
	var body struct {
		Type  string `json:"token_type"`
		Value string `json:"access_token"`
	}
	got.decode(t, &body)
	if got.status != http.StatusOK || body.Type != "DPoP" || got.header.Get("DPoP-Nonce") != nonce {
		t.Fatalf("with a nonce: got %d, type %q, nonce %q, want 200, DPoP, %q", got.status, body.Type, got.header.Get("DPoP-Nonce"), nonce)
	}

	got = c.call(t, "DPoP "+body.Value, http.MethodGet, allTokens+"?limit=1", c.bound(body.Value, http.MethodGet, allTokens).sign(t))
	if diff := cmp.Diff([]string{"oar1"}, got.ids(t)); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
	got = c.call(t, "DPoP "+body.Value, http.MethodDelete, oneToken, c.bound(body.Value, http.MethodDelete, oneToken).sign(t))
	if got.status != http.StatusNoContent {
		t.Errorf("got %d for a DELETE, want 204", got.status)
	}
	if diff := cmp.Diff([]string{"oar1"}, srv.RevokedIDs()); diff != "" {
		t.Errorf("revoked (-want +got):\n%s", diff)
	}
	if requests, replays := srv.TokenRequests(), srv.Replays(); requests != 3 || len(replays) > 0 {
		t.Errorf("got %d token requests and replays %q, want 3 and none", requests, replays)
	}
	want := []oktafake.SignIn{{ClientID: "0oasvc", Scopes: []string{"okta.apps.manage"}, DPoP: true}}
	if diff := cmp.Diff(want, srv.SignIns()); diff != "" {
		t.Errorf("sign-ins (-want +got):\n%s", diff)
	}
}

func TestSignatureAlgorithms(t *testing.T) {
	t.Parallel()
	for _, alg := range []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.ES256, jose.ES384, jose.ES512} {
		t.Run(string(alg), func(t *testing.T) {
			t.Parallel()
			key, ecKey := newKey(t, alg), newKey(t, jose.ES256)
			// There is only one RSA key, and the proofs need another key than the app's.
			for _, c := range []service{{key: key, proofKey: ecKey}, {key: ecKey, proofKey: key}} {
				c.org = oktafake.NewOrg(acme)
				c.id = c.org.AddServiceApp(oktafake.ServiceApp{
					Keys: []jose.JSONWebKey{public(c.key, "")}, Scopes: []string{"okta.apps.read"},
				}).ClientID
				_, value := c.signIn(t, "okta.apps.read")
				if got := c.call(t, "DPoP "+value, http.MethodGet, allTokens, c.bound(value, http.MethodGet, allTokens).sign(t)); got.status != http.StatusOK {
					t.Errorf("got %d, want 200", got.status)
				}
			}
		})
	}
}

// Access tokens of every app end alike; the text depends on the reason.
func TestAccessTokensEnd(t *testing.T) {
	t.Parallel()
	const lifetime = 90 * time.Second
	for _, tc := range []struct {
		name            string
		end             func(o *oktafake.Org, now *time.Time)
		wantDescription string
	}{
		{"a second early", func(_ *oktafake.Org, now *time.Time) { *now = now.Add(lifetime - time.Second) }, ""},
		{"on time", func(_ *oktafake.Org, now *time.Time) { *now = now.Add(lifetime) }, "The token has expired."},
		{"made to expire", func(o *oktafake.Org, _ *time.Time) { o.ExpireAccessTokens() }, "The token has expired."},
		{"revoked", func(o *oktafake.Org, _ *time.Time) { o.RevokeAccessTokens() }, "The access token has been revoked."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			now := created
			org := oktafake.NewOrg(acme)
			org.Now = func() time.Time { return now }
			org.TokenLifetime = lifetime
			values := map[string]service{}
			for _, mode := range []oktafake.DPoPMode{oktafake.DPoPRequired, oktafake.DPoPOff} {
				c := newService(t, org, oktafake.ServiceApp{Scopes: []string{"okta.apps.read"}, DPoP: mode})
				kind, value := c.signIn(t, "okta.apps.read")
				values[kind+" "+value] = c
			}
			tc.end(org, &now)
			for authorization, c := range values {
				kind, value, _ := strings.Cut(authorization, " ")
				got := c.call(t, authorization, http.MethodGet, allTokens, c.bound(value, http.MethodGet, allTokens).sign(t))
				if tc.wantDescription == "" {
					if got.status != http.StatusOK {
						t.Errorf("%s: got %d, want 200", kind, got.status)
					}
					continue
				}
				want := dpopChallenge("okta.apps.read", allTokens, "invalid_token", tc.wantDescription)
				if kind == "Bearer" {
					_, want, _ = strings.Cut(want, ",")
					want = "Bearer" + want
				}
				got.wantRefusal(t, http.StatusUnauthorized, want)
			}
			for _, c := range values {
				c.signIn(t, "okta.apps.read") // A new one can be had.
			}
		})
	}
}

func TestExpiresIn(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(acme)
	org.TokenLifetime = 90 * time.Second
	c := newService(t, org, oktafake.ServiceApp{Scopes: []string{"okta.apps.read"}, DPoP: oktafake.DPoPOff})
	var body struct {
		ExpiresIn int `json:"expires_in"`
	}
	send(t, org, c.request(t, c.form(t, "okta.apps.read"))).decode(t, &body)
	if body.ExpiresIn != 90 {
		t.Errorf("got expires_in %d, want 90", body.ExpiresIn)
	}
}

package oktafake_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// rejected are changes that make a proof invalid, wherever it is sent.
type rejected struct {
	name   string
	change func(*testing.T, *unsigned)
	want   string
}

func rejectedProofs() []rejected {
	claim := func(name string, value any) func(*testing.T, *unsigned) {
		return func(_ *testing.T, j *unsigned) { j.claims[name] = value }
	}
	without := func(name string) func(*testing.T, *unsigned) {
		return func(_ *testing.T, j *unsigned) { delete(j.claims, name) }
	}
	header := func(name string, value any) func(*testing.T, *unsigned) {
		return func(_ *testing.T, j *unsigned) { j.header[name] = value }
	}
	// url changes the URL in the proof.
	url := func(change func(string) string) func(*testing.T, *unsigned) {
		return func(_ *testing.T, j *unsigned) { j.claims["htu"] = change(fmt.Sprint(j.claims["htu"])) }
	}
	at := func(d time.Duration) int64 { return created.AddDate(0, 0, 3).Add(d).Unix() }
	const (
		typ       = "'typ' must be 'dpop+jwt' in the DPoP proof JWT."
		algorithm = "The DPoP proof JWT signature algorithm is invalid."
		parse     = "The DPoP proof JWT cannot be parsed."
		htu       = "'htu' claim in the DPoP proof JWT is invalid."
	)
	return []rejected{
		{"no type", func(_ *testing.T, j *unsigned) { delete(j.header, "typ") }, typ},
		{"type of any JWT", header("typ", "JWT"), typ},
		{"shared secret", func(_ *testing.T, j *unsigned) {
			j.key = jose.SigningKey{Algorithm: jose.HS256, Key: []byte(strings.Repeat("s", 32))}
		}, algorithm},
		{"PS256", func(t *testing.T, j *unsigned) {
			j.key = newKey(t, jose.RS256)
			j.key.Algorithm = jose.PS256
			j.header["jwk"] = public(j.key, "")
		}, algorithm},
		{"no key", func(_ *testing.T, j *unsigned) { delete(j.header, "jwk") }, "The DPoP proof JWT is invalid."},
		{"private key", func(_ *testing.T, j *unsigned) { j.header["jwk"] = jose.JSONWebKey{Key: j.key.Key} }, parse},
		{"claims that are none", claim("htm", 7), parse},
		{"other key", func(t *testing.T, j *unsigned) { j.key = newKey(t, jose.ES256) }, "The DPoP proof JWT signature is invalid."},
		{"other method", claim("htm", "PUT"), "'htm' claim in the DPoP proof JWT is invalid."},
		{"method in lower case", func(_ *testing.T, j *unsigned) {
			j.claims["htm"] = strings.ToLower(fmt.Sprint(j.claims["htm"]))
		}, "'htm' claim in the DPoP proof JWT is invalid."},
		{"no method", without("htm"), "'htm' claim in the DPoP proof JWT is invalid."},
		{"query", url(func(s string) string { return s + "?limit=1" }), htu},
		{"fragment", url(func(s string) string { return s + "#top" }), htu},
		{"two slashes", url(func(s string) string { return strings.Replace(s, origin, origin+"/", 1) }), htu},
		{"other scheme", url(func(s string) string { return strings.Replace(s, "http:", "https:", 1) }), htu},
		{"other endpoint", claim("htu", origin+"/api/v1/apps/0oa2/tokens"), htu},
		{"no URL", without("htu"), htu},
		{"no time", without("iat"), "'iat' claim in the DPoP proof JWT is invalid."},
		{"issued in a second", claim("iat", at(time.Second)), "The DPoP proof JWT is issued in the future."},
		{"issued too long ago", claim("iat", at(-5*time.Minute-time.Second)), "The DPoP proof JWT is issued more than five minutes in the past."},
		{"expired", claim("exp", at(0)), "The DPoP proof JWT is expired."},
		{"no ID", without("jti"), "'jti' claim in the DPoP proof JWT is invalid."},
		{"empty ID", claim("jti", ""), "'jti' claim in the DPoP proof JWT is invalid."},
	}
}

func TestProofIsCheckedAtTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	for _, tc := range append(rejectedProofs(),
		rejected{"as old as it may be", func(_ *testing.T, j *unsigned) {
			j.claims["iat"] = created.AddDate(0, 0, 3).Add(-5 * time.Minute).Unix()
		}, ""},
	) {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newService(t, oktafake.New(t, acme).Org, oktafake.ServiceApp{Scopes: []string{"okta.apps.read"}})
			proof := c.nonced(t)
			tc.change(t, &proof)
			got := send(t, c.org, c.request(t, c.form(t, "okta.apps.read"), proof.sign(t)))
			if tc.want == "" {
				if got.status != http.StatusOK {
					t.Errorf("got %d with %s, want 200", got.status, got.body)
				}
				return
			}
			if want := [2]string{"invalid_dpop_proof", tc.want}; got.status != http.StatusBadRequest || got.oauthError(t) != want {
				t.Errorf("got %d %q, want 400 %q", got.status, got.oauthError(t), want)
			}
			if len(c.org.SignIns()) > 0 {
				t.Error("an access token was issued")
			}
		})
	}
}

func TestProofIsCheckedOnCalls(t *testing.T) {
	t.Parallel()
	const ath = "'ath' claim in the DPoP proof does not match the presented access_token."
	for _, tc := range append(rejectedProofs(),
		rejected{"no hash of the token", func(_ *testing.T, j *unsigned) { delete(j.claims, "ath") }, ath},
		rejected{"hash of another token", func(_ *testing.T, j *unsigned) {
			j.claims["ath"] = "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"
		}, ath},
		rejected{"key of another token", func(t *testing.T, j *unsigned) {
			j.key = newKey(t, jose.ES256)
			j.header["jwk"] = public(j.key, "")
		}, "The access_token is not bound to the provided DPoP proof."},
		rejected{"as old as it may be", func(_ *testing.T, j *unsigned) {
			j.claims["iat"] = created.AddDate(0, 0, 3).Add(-5 * time.Minute).Unix()
		}, ""},
		rejected{"nonce that was not asked for", func(_ *testing.T, j *unsigned) { j.claims["nonce"] = "stale" }, ""},
	) {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newService(t, oktafake.New(t, acme).Org, oktafake.ServiceApp{Scopes: []string{"okta.apps.manage"}})
			_, value := c.signIn(t, "okta.apps.manage")
			proof := c.bound(value, http.MethodDelete, oneToken)
			tc.change(t, &proof)
			got := c.call(t, "DPoP "+value, http.MethodDelete, oneToken, proof.sign(t))
			if tc.want == "" {
				if got.status != http.StatusNoContent {
					t.Errorf("got %d with %s, want 204", got.status, got.header.Get("WWW-Authenticate"))
				}
				return
			}
			got.wantRefusal(t, http.StatusBadRequest, dpopChallenge("okta.apps.manage", oneToken, "invalid_dpop_proof", tc.want))
			if revoked := c.org.RevokedIDs(); len(revoked) > 0 {
				t.Errorf("revoked %v, want nothing", revoked)
			}
		})
	}
}

func TestMalformedProofs(t *testing.T) {
	t.Parallel()
	c := newService(t, oktafake.NewOrg(acme), oktafake.ServiceApp{Scopes: []string{"okta.apps.read"}})
	_, value := c.signIn(t, "okta.apps.read")
	first, second := c.bound(value, http.MethodGet, allTokens).sign(t), c.bound(value, http.MethodGet, allTokens).sign(t)
	const (
		missing  = "The DPoP proof JWT header is missing."
		multiple = "Multiple DPoP proof JWT headers are not allowed."
		parse    = "The DPoP proof JWT cannot be parsed."
	)
	for _, tc := range []struct {
		name   string
		proofs []string
		want   string
	}{
		{"none", nil, missing},
		{"two", []string{first, second}, multiple},
		{"two in one line", []string{first + ", " + second}, parse},
		{"empty", []string{""}, parse},
		{"no JWT", []string{"x"}, parse},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := c.call(t, "DPoP "+value, http.MethodGet, allTokens, tc.proofs...)
			got.wantRefusal(t, http.StatusBadRequest, dpopChallenge("okta.apps.read", allTokens, "invalid_dpop_proof", tc.want))
			got = send(t, c.org, c.request(t, c.form(t, "okta.apps.read"), tc.proofs...))
			if want := [2]string{"invalid_dpop_proof", tc.want}; got.status != http.StatusBadRequest || got.oauthError(t) != want {
				t.Errorf("token endpoint: got %d %q, want 400 %q", got.status, got.oauthError(t), want)
			}
		})
	}
}

func TestProofKeyIsNotTheAppsKey(t *testing.T) {
	t.Parallel()
	c := newService(t, oktafake.NewOrg(acme), oktafake.ServiceApp{Scopes: []string{"okta.apps.read"}})
	c.proofKey = c.key
	got := send(t, c.org, c.request(t, c.form(t, "okta.apps.read"), c.nonced(t).sign(t)))
	if want := [2]string{"invalid_dpop_proof", "The DPoP proof JWT is invalid."}; got.status != http.StatusBadRequest || got.oauthError(t) != want {
		t.Errorf("got %d %q, want 400 %q", got.status, got.oauthError(t), want)
	}
}

// Each kind of access token has its own scheme, and Okta has a text for each way to mix them up.
func TestSchemesOfAccessTokens(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(acme)
	c := newService(t, org, oktafake.ServiceApp{Scopes: []string{"okta.apps.read"}})
	_, bound := c.signIn(t, "okta.apps.read")
	plain := newService(t, org, oktafake.ServiceApp{Scopes: []string{"okta.apps.read"}, DPoP: oktafake.DPoPOff})
	_, bearer := plain.signIn(t, "okta.apps.read")
	challenge := func(code, description string) string {
		return dpopChallenge("okta.apps.read", allTokens, code, description)
	}
	proof := func(value string) []string { return []string{c.bound(value, http.MethodGet, allTokens).sign(t)} }
	for _, tc := range []struct {
		name, authorization string
		proofs              []string
		wantStatus          int
		want                string
	}{
		{"bound", "DPoP " + bound, proof(bound), 200, ""},
		{"bearer", "Bearer " + bearer, nil, 200, ""},
		{"bearer with a proof", "Bearer " + bearer, proof(bearer), 200, ""},
		{"bound as bearer", "Bearer " + bound, nil, 400, challenge("invalid_request", "The resource request requires a DPoP proof.")},
		{"bound as bearer with a proof", "Bearer " + bound, proof(bound), 400, challenge("invalid_request", "The resource request must use the DPoP authentication scheme when using a DPoP bound token.")},
		{"bearer as bound", "DPoP " + bearer, proof(bearer), 401, challenge("invalid_token", "The presented access_token is not DPoP bound.")},
		{"unknown", "DPoP x", proof("x"), 401, challenge("invalid_token", "The access token is invalid.")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := c.call(t, tc.authorization, http.MethodGet, allTokens, tc.proofs...)
			if tc.wantStatus != http.StatusOK {
				got.wantRefusal(t, tc.wantStatus, tc.want)
			} else if got.status != http.StatusOK {
				t.Errorf("got %d with %s, want 200", got.status, got.header.Get("WWW-Authenticate"))
			}
		})
	}
}

// Okta accepts no proof twice, even if a limit or a hook answered the first request.
func TestProofsAreUsedUp(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		set   func(*oktafake.Org)
		first int
	}{
		{"by a success", func(*oktafake.Org) {}, 204},
		{"by a hook", func(o *oktafake.Org) {
			o.Intercept = oktafake.Once(oktafake.On("", ""), oktafake.Fail(503, "E0000181", "Unavailable"))
		}, 503},
		{"by a rate limit", func(o *oktafake.Org) {
			o.RateLimit = 1
			ask(t, o, http.MethodGet, allTokens)
		}, 429},
		{"by an effect without an answer", func(o *oktafake.Org) {
			o.AfterEffect = oktafake.Once(oktafake.On("", ""), oktafake.Fail(500, "E0000009", "Internal Server Error"))
		}, 500},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newService(t, oktafake.NewOrg(acme), oktafake.ServiceApp{Scopes: []string{"okta.apps.manage"}})
			_, value := c.signIn(t, "okta.apps.manage")
			proof := c.bound(value, http.MethodDelete, oneToken)
			line := proof.sign(t)
			tc.set(c.org)
			if got := c.call(t, "DPoP "+value, http.MethodDelete, oneToken, line); got.status != tc.first {
				t.Errorf("got %d, want %d", got.status, tc.first)
			}
			used := dpopChallenge("okta.apps.manage", oneToken, "invalid_dpop_proof", "The DPoP proof JWT has already been used.")
			c.call(t, "DPoP "+value, http.MethodDelete, oneToken, line).wantRefusal(t, http.StatusBadRequest, used)
			// A new signature does not make it a new proof.
			c.call(t, "DPoP "+value, http.MethodDelete, oneToken, proof.sign(t)).wantRefusal(t, http.StatusBadRequest, used)
			id, _ := proof.claims["jti"].(string)
			replay := "DPoP proof " + id + " on DELETE " + oneToken
			if diff := cmp.Diff([]string{replay, replay}, c.org.Replays()); diff != "" {
				t.Errorf("replays (-want +got):\n%s", diff)
			}
		})
	}
}

func TestProofsAreUsedUpAtTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	c := newService(t, oktafake.NewOrg(acme), oktafake.ServiceApp{Scopes: []string{"okta.apps.read"}})
	proof := c.nonced(t).sign(t)
	if got := send(t, c.org, c.request(t, c.form(t, "okta.apps.read"), proof)); got.status != http.StatusOK {
		t.Errorf("got %d with %s, want 200", got.status, got.body)
	}
	got := send(t, c.org, c.request(t, c.form(t, "okta.apps.read"), proof))
	if want := [2]string{"invalid_dpop_proof", "The DPoP proof JWT has already been used."}; got.status != http.StatusBadRequest || got.oauthError(t) != want {
		t.Errorf("got %d %q, want 400 %q", got.status, got.oauthError(t), want)
	}
}

// An org that serves for days forgets proofs once they are no longer valid.
func TestUsedProofsAreForgottenInTime(t *testing.T) {
	t.Parallel()
	now := created
	org := oktafake.NewOrg(acme)
	org.Now = func() time.Time { return now }
	c := newService(t, org, oktafake.ServiceApp{Scopes: []string{"okta.apps.read"}})
	line := c.proof(http.MethodGet, allTokens).sign(t)
	for _, step := range []struct {
		at          time.Duration
		same        bool // send the same proof again, not a new one
		wantReplays int
	}{
		{0, false, 0},
		{29 * time.Minute, true, 0},
		{31 * time.Minute, false, 0},
		{62 * time.Minute, false, 0},
		{80 * time.Minute, true, 1},
		{124 * time.Minute, false, 1},
		{185 * time.Minute, false, 1},
		{186 * time.Minute, true, 1},
	} {
		now = created.Add(step.at)
		sent := line
		if !step.same {
			sent = c.proof(http.MethodGet, allTokens).sign(t)
		}
		c.call(t, "DPoP x", http.MethodGet, allTokens, sent)
		if got := org.Replays(); len(got) != step.wantReplays {
			t.Errorf("after %v: got replays %q, want %d", step.at, got, step.wantReplays)
		}
	}
}

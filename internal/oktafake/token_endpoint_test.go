package oktafake_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

func TestFormIsChecked(t *testing.T) {
	t.Parallel()
	const (
		noGrantType = "The token request must specify a 'grant_type'. Valid values: [client_credentials]"
		grantType   = "The authorization grant type is not supported by the authorization server. Configured grant types: [client_credentials]."
		otherMethod = "Client Credentials requests to the Org Authorization Server must use the private_key_jwt token_endpoint_auth_method."
	)
	set := func(name string, values ...string) func(*http.Request, url.Values) {
		return func(_ *http.Request, form url.Values) { form[name] = values }
	}
	for _, tc := range []struct {
		name       string
		change     func(*http.Request, url.Values)
		wantStatus int
		want       [2]string
	}{
		{"no grant type", set("grant_type", ""), 400, [2]string{"invalid_request", noGrantType}},
		{"other grant type", set("grant_type", "authorization_code"), 400, [2]string{"unsupported_grant_type", grantType}},
		{"two scopes parameters", set("scope", "okta.apps.read", "okta.users.read"), 400, [2]string{"invalid_request", "The request contained multiple parameters with the same name."}},
		{"no assertion", func(_ *http.Request, form url.Values) { form.Del("client_assertion") }, 401, [2]string{"invalid_client", "No client credentials found."}},
		{"no assertion type", set("client_assertion_type"), 400, [2]string{"invalid_request", "The client_assertion_type is invalid."}},
		{"other assertion type", set("client_assertion_type", "jwt-bearer"), 400, [2]string{"invalid_request", "The client_assertion_type is invalid."}},
		{"client secret", set("client_secret", "x"), 401, [2]string{"invalid_client", otherMethod}},
		{"basic credentials", func(r *http.Request, _ url.Values) { r.SetBasicAuth("0oasvc", "x") }, 401, [2]string{"invalid_client", otherMethod}},
		{"other client ID", set("client_id", "0oa1"), 401, [2]string{"invalid_client", "Invalid value for 'client_id' parameter."}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newService(t, oktafake.New(t, acme).Org, oktafake.ServiceApp{ClientID: "0oasvc", Scopes: []string{"okta.apps.read"}, DPoP: oktafake.DPoPOff})
			form := c.form(t, "okta.apps.read")
			header := c.request(t, form)
			tc.change(header, form)
			r := c.request(t, form)
			r.Header = header.Header
			got := send(t, c.org, r)
			if got.status != tc.wantStatus || got.oauthError(t) != tc.want {
				t.Errorf("got %d %q, want %d %q", got.status, got.oauthError(t), tc.wantStatus, tc.want)
			}
		})
	}
}

func TestMalformedForms(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(acme)
	for name, tc := range map[string]struct{ contentType, body, want string }{
		"JSON":          {"application/json", `{"grant_type":"client_credentials"}`, `"errorCode":"E0000021"`},
		"no type":       {"", "grant_type=client_credentials", `"errorCode":"E0000021"`},
		"bad escape":    {"application/x-www-form-urlencoded; charset=utf-8", "grant_type=client_credentials&scope=%zz", `"error_description":"Invalid request"`},
		"empty":         {"application/x-www-form-urlencoded", "", "must specify a 'grant_type'"},
		"broken escape": {"application/x-www-form-urlencoded", "%", `"error_description":"Invalid request"`},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, origin+tokenPath, strings.NewReader(tc.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", tc.contentType)
		if got := send(t, org, r); got.status != http.StatusBadRequest || !strings.Contains(string(got.body), tc.want) {
			t.Errorf("%s: got %d with %s, want 400 with %s", name, got.status, got.body, tc.want)
		}
	}
}

func TestAssertionIsChecked(t *testing.T) {
	t.Parallel()
	claim := func(name string, value any) func(*testing.T, *unsigned) {
		return func(_ *testing.T, j *unsigned) { j.claims[name] = value }
	}
	without := func(name string) func(*testing.T, *unsigned) {
		return func(_ *testing.T, j *unsigned) { delete(j.claims, name) }
	}
	now := created.AddDate(0, 0, 3)
	at := func(d time.Duration) int64 { return now.Add(d).Unix() }
	const audience = "The audience claim for client_assertion must be the endpoint invoked for the request."
	for _, tc := range []struct {
		name   string
		change func(*testing.T, *unsigned)
		want   string // empty for an access token
	}{
		{"no change", func(*testing.T, *unsigned) {}, ""},
		{"other key", func(t *testing.T, j *unsigned) { j.key = newKey(t, jose.ES256) }, "The client_assertion signature is invalid."},
		{"other kind of key", func(t *testing.T, j *unsigned) { j.key = newKey(t, jose.RS256) }, "The client_assertion signature is invalid."},
		{"shared secret", func(_ *testing.T, j *unsigned) {
			j.key = jose.SigningKey{Algorithm: jose.HS256, Key: []byte(strings.Repeat("s", 32))}
		}, "The client_assertion JWT signature algorithm is invalid."},
		{"PS256", func(t *testing.T, j *unsigned) {
			j.key = newKey(t, jose.RS256)
			j.key.Algorithm = jose.PS256
		}, "The client_assertion JWT signature algorithm is invalid."},
		{"claims that are none", claim("aud", 7), "The parsing of the client_assertion failed."},
		{"unknown issuer", claim("iss", "0oa9"), "The issuer claim for client_assertion is not a valid client_id."},
		{"issuer of no service app", claim("iss", "0oa1"), "The issuer claim for client_assertion is not a valid client_id."},
		{"no issuer", without("iss"), "The issuer claim for client_assertion is not a valid client_id."},
		{"other subject", claim("sub", "0oa1"), "The subject claim for client_assertion is not a valid client_id."},
		{"no subject", without("sub"), "The subject claim for client_assertion is not a valid client_id."},
		{"unknown key", func(_ *testing.T, j *unsigned) { j.header = map[string]any{"kid": "k9"} }, "The client_assertion JWT kid is invalid."},
		{"audience is the issuer", claim("aud", origin), audience},
		{"audience with two slashes", claim("aud", origin+"/"+tokenPath), audience},
		{"audience of another scheme", claim("aud", "https://org.test"+tokenPath), audience},
		{"two audiences", claim("aud", []string{origin + tokenPath, origin}), audience},
		{"list of one audience", claim("aud", []string{origin + tokenPath}), ""},
		{"no audience", without("aud"), audience},
		{"no expiry", without("exp"), "The client_assertion must contain the 'exp' claim as seconds since epoch."},
		{"expires now", claim("exp", at(0)), "The client_assertion token is expired."},
		{"expires in a second", claim("exp", at(time.Second)), ""},
		{"expires in an hour", claim("exp", at(time.Hour)), ""},
		{"expires later", claim("exp", at(time.Hour+time.Second)), "The client_assertion token has an expiration too far into the future."},
		{"in milliseconds", claim("exp", now.UnixMilli()), "The client_assertion token has an expiration too far into the future."},
		{"issued in a second", claim("iat", at(time.Second)), "The client_assertion token must be issued before the current time."},
		{"no time of issue", without("iat"), ""},
		{"no ID", without("jti"), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newService(t, oktafake.New(t, acme).Org, oktafake.ServiceApp{ClientID: "0oasvc", Scopes: []string{"okta.apps.read"}, DPoP: oktafake.DPoPOff})
			assertion := c.assertion()
			tc.change(t, &assertion)
			c.checkAssertion(t, assertion.sign(t), tc.want)
		})
	}
}

// checkAssertion sends an assertion. If want is not empty, it must be refused with that text.
func (c service) checkAssertion(t *testing.T, assertion, want string) {
	t.Helper()
	form := c.form(t, "okta.apps.read")
	form.Set("client_assertion", assertion)
	got := send(t, c.org, c.request(t, form))
	if want == "" {
		if got.status != http.StatusOK {
			t.Errorf("got %d with %s, want 200", got.status, got.body)
		}
		return
	}
	if want := [2]string{"invalid_client", want}; got.status != http.StatusUnauthorized || got.oauthError(t) != want {
		t.Errorf("got %d %q, want 401 %q", got.status, got.oauthError(t), want)
	}
}

func TestMalformedAssertions(t *testing.T) {
	t.Parallel()
	c := newService(t, oktafake.NewOrg(acme), oktafake.ServiceApp{DPoP: oktafake.DPoPOff})
	for _, assertion := range []string{"", "x", "e30.e30.", c.assertion().sign(t) + "."} {
		want := "The parsing of the client_assertion failed."
		if strings.HasPrefix(assertion, "e30") { // A header without an algorithm.
			want = "The client_assertion JWT signature algorithm is invalid."
		}
		c.checkAssertion(t, assertion, want)
	}
}

func TestKeysAreChosenByTheirID(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(acme)
	first, second := newKey(t, jose.ES256), newKey(t, jose.RS256)
	several := newService(t, org, oktafake.ServiceApp{
		Keys: []jose.JSONWebKey{public(first, "k1"), public(second, "k2")}, Scopes: []string{"okta.apps.read"}, DPoP: oktafake.DPoPOff,
	})
	one := newService(t, org, oktafake.ServiceApp{Keys: []jose.JSONWebKey{public(first, "k1")}, Scopes: []string{"okta.apps.read"}, DPoP: oktafake.DPoPOff})
	none := newService(t, org, oktafake.ServiceApp{Keys: []jose.JSONWebKey{}, DPoP: oktafake.DPoPOff})
	for _, tc := range []struct {
		name string
		app  service
		key  jose.SigningKey
		id   string
		want string
	}{
		{"first of several", several, first, "k1", ""},
		{"second of several", several, second, "k2", ""},
		{"the ID of another", several, first, "k2", "The client_assertion signature is invalid."},
		{"several and no ID", several, first, "", "The client_assertion JWT kid is invalid."},
		{"several and an unknown ID", several, first, "k3", "The client_assertion JWT kid is invalid."},
		{"one and its ID", one, first, "k1", ""},
		{"one and no ID", one, first, "", ""},
		{"one and an unknown ID", one, first, "k2", "The client_assertion JWT kid is invalid."},
		{"none", none, first, "", "The client does not have a JWKSet configured, but the client_assertion requires one."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			assertion := tc.app.assertion()
			assertion.key = tc.key
			if tc.id != "" {
				assertion.header = map[string]any{"kid": tc.id}
			}
			tc.app.checkAssertion(t, assertion.sign(t), tc.want)
		})
	}
}

func TestScopesAreGranted(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(acme)
	newService(t, org, oktafake.ServiceApp{Scopes: []string{"okta.logs.read"}})
	c := newService(t, org, oktafake.ServiceApp{Scopes: []string{"okta.apps.read", "okta.users.manage"}, DPoP: oktafake.DPoPOff})
	const unknown = "One or more scopes are not configured for the authorization server resource."
	for _, tc := range []struct {
		asked, granted  string
		wantCode, wants string
	}{
		{"okta.apps.read", "okta.apps.read", "", ""},
		{"okta.users.manage okta.apps.read", "okta.users.manage okta.apps.read", "", ""},
		{"okta.apps.manage okta.apps.read okta.logs.read", "okta.apps.read", "", ""},
		{"okta.apps.manage", "", "consent_required", "You are not allowed any of the requested scopes."},
		// Managing includes reading in an API call, but the scope itself must be granted.
		{"okta.users.read okta.logs.read", "", "consent_required", "You are not allowed any of the requested scopes."},
		{"okta.apps.read okta.app.read", "", "invalid_scope", unknown},
		{"okta.apps.read,okta.users.manage", "", "invalid_scope", unknown},
		{" ", "", "invalid_scope", "The authorization server resource does not have any configured default scopes, 'scope' must be provided."},
	} {
		got := send(t, org, c.request(t, c.form(t, tc.asked)))
		var body struct{ Scope string }
		got.decode(t, &body)
		if tc.wantCode == "" {
			if got.status != http.StatusOK || body.Scope != tc.granted {
				t.Errorf("%q: got %d and scope %q, want 200 and %q", tc.asked, got.status, body.Scope, tc.granted)
			}
		} else if want := [2]string{tc.wantCode, tc.wants}; got.status != http.StatusBadRequest || got.oauthError(t) != want {
			t.Errorf("%q: got %d %q, want 400 %q", tc.asked, got.status, got.oauthError(t), want)
		}
	}
}

// Okta accepts no assertion twice, even if a limit or a hook answered the first request.
func TestAssertionsAreUsedUp(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		set   func(*oktafake.Org)
		reset func(*oktafake.Org)
		first int
	}{
		{"by a success", func(*oktafake.Org) {}, func(*oktafake.Org) {}, 200},
		{"by a hook", func(o *oktafake.Org) {
			o.Intercept = oktafake.Once(oktafake.On(http.MethodPost, tokenPath), oktafake.Fail(503, "E0000181", "Unavailable"))
		}, func(*oktafake.Org) {}, 503},
		{"by a rate limit", func(o *oktafake.Org) {
			o.RateLimit = 1
			ask(t, o, http.MethodPost, tokenPath)
		}, func(o *oktafake.Org) { o.RateLimit = 0 }, 429},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.NewOrg(acme)
			c := newService(t, org, oktafake.ServiceApp{Scopes: []string{"okta.apps.read"}, DPoP: oktafake.DPoPOff})
			assertion := c.assertion()
			form := c.form(t, "okta.apps.read")
			form.Set("client_assertion", assertion.sign(t))
			tc.set(org)
			if got := send(t, org, c.request(t, form)); got.status != tc.first {
				t.Errorf("got %d with %s, want %d", got.status, got.body, tc.first)
			}
			tc.reset(org)
			got := send(t, org, c.request(t, form))
			if want := [2]string{"invalid_client", "The client_assertion token has already been used."}; got.status != 401 || got.oauthError(t) != want {
				t.Errorf("got %d %q, want 401 %q", got.status, got.oauthError(t), want)
			}
			id, _ := assertion.claims["jti"].(string)
			if diff := cmp.Diff([]string{"client assertion " + id + " on POST " + tokenPath}, org.Replays()); diff != "" {
				t.Errorf("replays (-want +got):\n%s", diff)
			}
			c.signIn(t, "okta.apps.read") // A new one is accepted.
		})
	}
}

func TestTokenEndpointHasABucket(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(acme)
	c := newService(t, org, oktafake.ServiceApp{Scopes: []string{"okta.apps.read"}, DPoP: oktafake.DPoPOff})
	org.RateLimit = 2
	for i, want := range []int{200, 200, 429} {
		got := send(t, org, c.request(t, c.form(t, "okta.apps.read")))
		if got.status != want || got.header.Get("X-Rate-Limit-Limit") != "2" {
			t.Errorf("request %d: got %d and limit %s, want %d and 2", i, got.status, got.header.Get("X-Rate-Limit-Limit"), want)
		}
		if want == http.StatusTooManyRequests {
			if code, _ := got.errorOf(t); code != "E0000047" {
				t.Errorf("got code %s, want E0000047", code)
			}
		}
	}
	if got := ask(t, org, http.MethodGet, "/api/v1/authorizationServers"); got.status != http.StatusOK {
		t.Errorf("got %d for another bucket, want 200", got.status)
	}
}

func TestTokenEndpointAcceptsOnlyPOST(t *testing.T) {
	t.Parallel()
	got := askAs(t, oktafake.NewOrg(acme), "", http.MethodGet, tokenPath)
	if code, _ := got.errorOf(t); got.status != http.StatusMethodNotAllowed || code != "E0000022" {
		t.Errorf("got %d %s, want 405 E0000022", got.status, code)
	}
}

func TestServiceAppsNeedUsableKeys(t *testing.T) {
	t.Parallel()
	key := newKey(t, jose.ES256)
	private := jose.JSONWebKey{Key: key.Key}
	for name, keys := range map[string][]jose.JSONWebKey{
		"private key":     {private},
		"shared secret":   {{Key: []byte("secret")}},
		"no ID for two":   {public(key, "k1"), public(key, "")},
		"one ID for two":  {public(key, "k1"), public(key, "k1")},
		"nothing for key": {{}},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: added without a panic", name)
				}
			}()
			oktafake.NewOrg().AddServiceApp(oktafake.ServiceApp{Keys: keys})
		}()
	}
}

package okta

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// wantNoSecret fails the test when a verb prints a value with the credential.
// Hexadecimal is the same text in other digits.
func wantNoSecret(t *testing.T, value any) {
	t.Helper()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t"} {
		text := fmt.Sprintf(verb, value)
		for _, form := range []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret)} {
			if strings.Contains(text, form) {
				t.Errorf("%s of %T prints the credential: %s", verb, value, text)
			}
		}
	}
}

func TestCredentialDoesNotPrint(t *testing.T) {
	t.Parallel()
	for _, credential := range []Credential{APIToken(secret), AccessToken(secret)} {
		cfg := testConfig()
		cfg.Credential = credential
		c := newClient(cfg, play(anything))
		wantNoSecret(t, credential)
		wantNoSecret(t, cfg)
		wantNoSecret(t, &cfg)
		wantNoSecret(t, c)
		wantNoSecret(t, *c)
	}
}

func TestAuthorizerSetsItsHeaders(t *testing.T) {
	t.Parallel()
	for want, credential := range map[string]Credential{
		"SSWS " + secret: APIToken(secret), "Bearer " + secret: AccessToken(secret),
	} {
		network := play(anything)
		c := testClient(network, func(cfg *Config) { cfg.Credential = credential })
		if _, err := c.RefreshToken(t.Context(), App("0oa1"), "oar1"); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{
			"Authorization": want, "Accept": "application/json", "User-Agent": "terraform-provider-oktatokens/1.2.3",
		} {
			if got := network.sent[0].Header.Values(name); len(got) != 1 || got[0] != want {
				t.Errorf("%s: got %q, want only %q", name, got, want)
			}
		}
	}
}

func TestAuthorizerLeavesTheRequestAsItWas(t *testing.T) {
	t.Parallel()
	cfg := testConfig()
	a := &authorizer{next: play(anything), origin: cfg.OrgURL, credential: cfg.Credential.bind(tokenEndpoint{})}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, "https://acme.okta.com"+tokenPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := a.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if len(req.Header) != 0 {
		t.Errorf("the caller's request got the header %v, want it untouched", req.Header)
	}
}

func TestCredentialGoesToTheOrgOnly(t *testing.T) {
	t.Parallel()
	origin := &url.URL{Scheme: "https", Host: "acme.okta.com"}
	for _, target := range []string{
		"https://acme-admin.okta.com" + tokenPath, "http://acme.okta.com" + tokenPath, "https://acme.okta.com:8443" + tokenPath,
		"https://acme.okta.com.example.com" + tokenPath, "https://okta.com" + tokenPath,
	} {
		network := play(anything)
		a := &authorizer{next: network, origin: origin, credential: APIToken(secret).bind(tokenEndpoint{})}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := a.RoundTrip(req)
		if err == nil {
			resp.Body.Close()
			t.Errorf("%s was answered, want a refusal", target)
		}
		wantRequests(t, network)
	}
}

// unready is a credential that is not available.
type unready struct{ header }

func (u unready) bind(tokenEndpoint) boundCredential { return u }

var errUnready = errors.New("no access token")

func (unready) authorize(*http.Request) error { return errUnready }

func TestRequestWithoutCredentialIsNotSent(t *testing.T) {
	t.Parallel()
	network := play(anything)
	c := testClient(network, once, func(cfg *Config) { cfg.Credential = unready{} })
	err := c.RevokeAllRefreshTokens(t.Context(), App("0oa1"))
	if !errors.Is(err, errUnready) || IsUncertain(err) {
		t.Errorf("got %v, uncertain %t, want %v and certainty: nothing was sent", err, IsUncertain(err), errUnready)
	}
	wantRequests(t, network)
}

// A credential is data. Two clients with the same one do not affect each other.
func TestOneServiceAppServesTwoClients(t *testing.T) {
	t.Parallel()
	app := must(ServiceApp(serviceID, serviceKey(), "", Scopes(false)))
	use := func(cfg *Config) { cfg.Credential = app }
	first, second := serviceOrg(t, 1), serviceOrg(t, 1)
	one, other := testClient(first, use), testClient(second, use)
	for range 2 {
		wantError(t, list(t, one), "")
		wantError(t, list(t, other), "")
	}
	wantSignIns(t, first, 3, 1)
	wantSignIns(t, second, 3, 1)
}

package okta

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Okta knows a host in lower case and without the default port. A signature for any
// other spelling has the wrong audience.
func TestOriginHasOneSpelling(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"https://acme.okta.com":           "https://acme.okta.com",
		"HTTPS://Acme.OKTA.com":           "https://acme.okta.com",
		"https://acme.okta.com:443":       "https://acme.okta.com",
		"https://ACME.okta.com:8443":      "https://acme.okta.com:8443",
		"http://LocalHost:80":             "http://localhost",
		"http://127.0.0.1:443":            "http://127.0.0.1:443",
		"https://[2001:DB8::443]":         "https://[2001:db8::443]",
		"https://Acme.okta.com/api?x#y":   "https://acme.okta.com",
		"https://user:pass@ACME.okta.com": "https://acme.okta.com",
	} {
		c := testClient(play(anything), func(cfg *Config) { cfg.OrgURL = must(url.Parse(given)) })
		if got := c.OrgURL(); got != want {
			t.Errorf("%s: got %s, want %s", given, got, want)
		}
	}
}

func TestHostsAreSignedInLowerCase(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		org := serviceOrg(t, 3)
		org.PageSize = 2
		var audiences []string
		c := serviceClient(roundTripFunc(func(req *http.Request) (*http.Response, error) {
			if req.URL.Host != "acme.okta.com" {
				t.Errorf("got a request to %s, want acme.okta.com", req.URL.Host)
			}
			if req.Method == http.MethodPost {
				audiences = append(audiences, audienceOf(t, req))
			}
			return org.RoundTrip(req)
		}), func(cfg *Config) { cfg.OrgURL = &url.URL{Scheme: "https", Host: "ACME.okta.com:443"} })
		wantError(t, list(t, c), "") // two pages
		if audiences = slices.Compact(audiences); len(audiences) != 1 || audiences[0] != "https://acme.okta.com"+signInPath {
			t.Errorf("got the audiences %q, want the token endpoint of acme.okta.com", audiences)
		}
		proofs := 0
		for _, r := range org.Requests() {
			if len(r.Header.Values("DPoP")) == 0 {
				continue
			}
			proofs++
			if got, _ := proofOf(t, r.Header); must(url.Parse(got.URL)).Host != "acme.okta.com" {
				t.Errorf("got a proof for %s, want acme.okta.com", got.URL)
			}
		}
		if proofs == 0 {
			t.Error("got no proofs")
		}
	})
}

// audienceOf is the audience of the assertion in a token request, which can still
// be sent.
func audienceOf(t *testing.T, req *http.Request) string {
	t.Helper()
	body := must(io.ReadAll(req.Body))
	req.Body = io.NopCloser(strings.NewReader(string(body)))
	form := must(url.ParseQuery(string(body)))
	assertion := must(jwt.ParseSigned(form.Get("client_assertion"), []jose.SignatureAlgorithm{jose.ES256, jose.RS256}))
	var claims jwt.Claims
	if err := assertion.UnsafeClaimsWithoutVerification(&claims); err != nil || len(claims.Audience) != 1 {
		t.Fatalf("got the audience %q, %v, want one", claims.Audience, err)
	}
	return claims.Audience[0]
}

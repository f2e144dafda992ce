package okta

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The challenges of Okta's that okta-sdk-golang#145 and
// terraform-provider-okta#2392 have on record.
const (
	bearerChallenge = `Bearer authorization_uri="http://acme.okta.com/oauth2/v1/authorize", realm="http://acme.okta.com", ` +
		`scope="okta.apps.read", error="insufficient_scope", ` +
		`error_description="The access token provided does not contain the required scopes.", resource="/api/v1/apps/0oa1/tokens"`
	dpopChallenge = `DPoP algs="RS256 RS384 RS512 ES256 ES384 ES512", authorization_uri="http://acme.okta.com/oauth2/v1/authorize", ` +
		`realm="http://acme.okta.com", scope="okta.apps.read", error="invalid_dpop_proof", ` +
		`error_description="The DPoP proof JWT has already been used.", resource="/api/v1/apps/0oa1/tokens"`
)

func TestParseChallenge(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]Challenge{
		bearerChallenge: {
			Scheme: "Bearer", Code: "insufficient_scope", Scope: "okta.apps.read",
			Description: "The access token provided does not contain the required scopes.",
		},
		dpopChallenge: {
			Scheme: "DPoP", Code: "invalid_dpop_proof", Scope: "okta.apps.read",
			Description: "The DPoP proof JWT has already been used.",
		},
		"":                                       {},
		"Bearer":                                 {Scheme: "Bearer"},
		"Bearer ":                                {Scheme: "Bearer"},
		"Bearer error":                           {Scheme: "Bearer"},
		"Bearer error=":                          {Scheme: "Bearer"},
		"Bearer error=invalid_token":             {Scheme: "Bearer", Code: "invalid_token"},
		"Bearer error=invalid_token, scope=a":    {Scheme: "Bearer", Code: "invalid_token", Scope: "a"},
		`Bearer error="x",scope="a b"`:           {Scheme: "Bearer", Code: "x", Scope: "a b"},
		`Bearer ERROR="x", Scope="a"`:            {Scheme: "Bearer", Code: "x", Scope: "a"},
		`Bearer realm="a, error=\"b\"", scope=c`: {Scheme: "Bearer", Scope: "c"},
		`Bearer error="a\"b\\c"`:                 {Scheme: "Bearer", Code: `a"b\c`},
		`Bearer error="open`:                     {Scheme: "Bearer", Code: "open"},
		`Bearer error="open\`:                    {Scheme: "Bearer", Code: "open"},
		`Bearer error="", scope="a"`:             {Scheme: "Bearer", Scope: "a"},
	} {
		if diff := cmp.Diff(want, parseChallenge(header)); diff != "" {
			t.Errorf("parseChallenge of %q (-want +got):\n%s", header, diff)
		}
	}
}

func FuzzParseChallenge(f *testing.F) {
	f.Add(bearerChallenge)
	f.Add(dpopChallenge)
	f.Add(`Bearer error="a\"b\`)
	f.Add(`=,="=`)
	f.Fuzz(func(t *testing.T, header string) {
		c := parseChallenge(header)
		for _, value := range []string{c.Scheme, c.Code, c.Description, c.Scope} {
			// Except for the backslashes of quoted strings, every value is a part of the header.
			if !strings.Contains(strings.ReplaceAll(header, `\`, ""), strings.ReplaceAll(value, `\`, "")) {
				t.Errorf("parseChallenge of %q: got %q, which is no part of it", header, value)
			}
		}
	})
}

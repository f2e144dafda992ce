package acceptance

import (
	"maps"
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// canary is in every secret of a configuration that a CLI is about to complain about.
const canary = "00BcAnArY"

// secretMistakes are provider blocks with a secret in them, and with a mistake.
var secretMistakes = []struct {
	name    string
	block   string
	env     map[string]string
	summary string
}{
	{"its scheme before a token", "  api_token = \"SSWS " + canary + "\"\n  parallelism = 1\n", nil, "Invalid Okta Credentials"},
	{"its scheme before a token, alone", "  api_token = \"SSWS " + canary + "\"\n", nil, "Invalid Okta Credentials"},
	{"its scheme before a token, in one line", ` access_token = "Bearer ` + canary + `" `, nil, "Invalid Okta Credentials"},
	{"a heredoc with two lines", "  api_token = <<-EOT\n    " + canary + "\n    " + canary + "\n  EOT\n  parallelism = 1\n", nil, "Invalid Okta Credentials"},
	{"two tokens", "  api_token = \"" + canary + "\"\n  access_token = \"" + canary + "\"\n", nil, "Conflicting Okta Credentials"},
	{"a token and a key", "  api_token = \"" + canary + "\"\n  private_key = <<-EOT\n    -----BEGIN PRIVATE KEY-----\n    " + canary + "\n    -----END PRIVATE KEY-----\n  EOT\n", nil, "Conflicting Okta Credentials"},
	{"a token and a client", "  api_token = \"" + canary + "\"\n  client_id = \"0oa1\"\n", nil, "Conflicting Okta Credentials"},
	{"a key that lost a line", "  client_id = \"0oa1\"\n  private_key = <<-EOT\n    -----BEGIN PRIVATE KEY-----\n    " + canary + "\n    -----END PRIVATE KEY-----\n  EOT\n", nil, "Invalid Private Key"},
	{"a key without its client", "  parallelism = 1\n  private_key = \"" + canary + "\"\n", nil, "Missing Okta Credentials"},
	{"a key without its client, in one line", ` private_key = "` + canary + `" `, nil, "Missing Okta Credentials"},
	{"a key in place of its ID", "  client_id = \"0oa1\"\n  private_key = \"x\"\n  private_key_id = <<-EOT\n    -----BEGIN PRIVATE KEY-----\n    " + canary + "\n  EOT\n", nil, "Invalid Okta Credentials"},
	{"a proxy that is none", "  http_proxy = \"user:" + canary + "@proxy.example\"\n  parallelism = 1\n", nil, "Invalid Proxy URL"},
	{"a proxy that is none, in one line", ` http_proxy = "user:` + canary + `@proxy.example" `, nil, "Invalid Proxy URL"},
	{"a proxy that is not known yet", "  http_proxy = \"http://user:" + canary + "@${terraform_data.later.id}\"\n  parallelism = 1\n", nil, "Unknown Provider Configuration"},
	{"a token that is not known yet, in one line", ` api_token = "` + canary + `${terraform_data.later.id}" `, nil, "Unknown Provider Configuration"},
	{"a password in the URL", "  org_url = \"https://admin:" + canary + "@acme.okta.com\"\n", nil, "Invalid Org URL"},
	{"a token for the URL", ` org_url = "` + canary + `" `, nil, "Invalid Org URL"},
	{"a password in the name", "  org_name = \"admin:" + canary + "@acme\"\n", nil, "Invalid Org Name"},
	{"a password in the base", "  org_name = \"acme\"\n  base_url = \"admin:" + canary + "@okta.com\"\n", nil, "Invalid Base URL"},
	{"a good token without an org, in one line", ` api_token = "` + canary + `" `, map[string]string{"OKTA_ORG_URL": ""}, "Missing Org URL"},
	{"a good token beside junk in the environment", ` api_token = "` + canary + `" `, map[string]string{"OKTA_MAX_API_CAPACITY": "half"}, "Invalid API Capacity"},
	{"a good token that Okta refuses", ` api_token = "` + canary + `" `, nil, "Okta Rejected the Credentials"},
	{"a good token beside another mistake", "  api_token = \"" + canary + "\"\n  parallelism = 0\n  org_url = \"https://acme.okta.com\"\n", nil, "Invalid Attribute Value"},
}

// A CLI shows the source of what an error is about: the line, or a whole heredoc.
// That must be no line with a secret, in words for people or for machines.
func TestAccCLIShowsNoSourceOfASecret(t *testing.T) {
	t.Parallel()
	for _, tc := range secretMistakes {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			between := map[bool]string{true: "\n", false: ""}[strings.Contains(tc.block, "\n")]
			c := newCLI(t, oktafake.New(t), `resource "terraform_data" "later" {}`+"\n"+
				`provider "oktatokens" {`+between+tc.block+"}\n"+data("clients", attributes{"user_id": "00u1"}))
			c.env["OKTA_API_TOKEN"] = map[bool]string{true: "fake-api-token"}[strings.Contains(tc.summary, "Org") || strings.Contains(tc.summary, "Base")]
			maps.Copy(c.env, tc.env)
			for _, args := range [][]string{{"plan"}, {"plan", "-json"}} {
				o := c.do(1, args...)
				if !strings.Contains(o.stdout+o.stderr, tc.summary) {
					t.Errorf("%v: got %s, want the error %s", args, o, tc.summary)
				}
				if strings.Contains(o.stdout+o.stderr, canary) {
					t.Errorf("%v: the secret is in %s", args, o)
				}
				// Or else the CLI shows no source at all, and this test shows nothing.
				if shown := strings.Contains(o.stdout+o.stderr, "parallelism = 0"); tc.summary == "Invalid Attribute Value" && !shown {
					t.Errorf("%v: got %s, want the source of what it is about", args, o)
				}
			}
		})
	}
}

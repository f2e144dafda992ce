package acceptance

import (
	"archive/zip"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/tfcore"
)

func TestAccCLIPreview(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t, func(org *oktafake.Org) { org.PageSize = 200 })
	org.AddTokens(held, oktafake.IDs("oar", 1200)...)
	org.AddTokens(oktafake.Token{AuthServerID: "aus1", ClientID: "0oa2", UserID: "00u1"}, "oar1", "oar2")
	org.AddTokens(oktafake.Token{AuthServerID: "aus1", ClientID: "0oa2", UserID: "00u2"}, "oar3")
	c := newCLI(t, org, revoking(attributes{"auth_server_id": "aus1", "client_id": "0oa2", "all": true}))
	diff(t, "warnings", tfcore.Summaries(c.do(0, "plan", "-json").diagnostics(t)),
		[]string{atOrg(org, c.revokes()+" 3 refresh tokens of client 0oa2 of authorization server aus1 at ORG: 2 users, issued 2026-03-01")})

	org.ResetRequests()
	c.configure(revoking(allOfClient))
	diff(t, "warnings of a large set", tfcore.Summaries(c.do(0, "plan", "-json").diagnostics(t)),
		[]string{atOrg(org, c.revokes()+" at least 1,000 refresh tokens of client 0oa1 of authorization server aus1 at ORG: at least 1 user")})
	if got, want := len(org.Requests()), 5; got != want {
		t.Errorf("got %d requests, want %d", got, want)
	}
	org.WantReads(t)
	if got := c.do(0, "plan").stdout; !strings.Contains(got, "Warning: "+c.revokes()+" at least 1,000 refresh tokens") {
		t.Errorf("got %s\nwant the warning in it", got)
	}
}

// future are the words of what is yet to come.
var future = regexp.MustCompile(`(?i)\b(will|shall|going to|about to)\b`)

// OpenTofu plans again while it applies, and prints the warnings of that after the deed;
// Terraform says that it applies, and gets none. So none speaks of what is yet to come.
func TestAccCLISaysNothingOfTheFutureAfterTheDeed(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]string{
		"revocation":    revoking(ofClient.With(attributes{"filter": attributes{"user_ids": list("00u1")}})),
		"refresh_token": adopting(adopted.With(attributes{"revoke": true})),
		"nothing":       revoking(ofClient.With(attributes{"filter": attributes{"user_ids": list("00u2")}})),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			org.AddTokens(held, "oar1", "oar2")
			c := newCLI(t, org, config)
			c.do(0, "plan", "-out=plan.bin")
			got := c.do(0, "apply", "-json", "plan.bin").diagnostics(t)
			if !strings.HasPrefix(c.version(), "OpenTofu") {
				diff(t, "warnings", tfcore.Summaries(got), []string{})
			}
			for _, d := range got {
				if text := d.Summary + "\n" + d.Detail; future.MatchString(text) {
					t.Errorf("got %q after the deed", text)
				}
			}
		})
	}
}

// A replacement takes what is under ignore_changes anew. The warning of the plan does
// not count what it has before, and the guards judge what it will have.
func TestAccCLIReplacementUnderIgnoreChanges(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t, func(org *oktafake.Org) { org.PageSize = 200 })
	org.AddTokens(held, "oar1")
	c := newCLI(t, org, `
variable "wave" {}
variable "max_tokens" {}

data "oktatokens_refresh_tokens" "client" {
  auth_server_id = "aus1"
  client_id      = "0oa1"
}

resource "oktatokens_revocation" "test" {
  auth_server_id = "aus1"
  client_id      = "0oa1"
  token_ids      = data.oktatokens_refresh_tokens.client.token_ids
  max_tokens     = var.max_tokens
  triggers       = { wave = var.wave }

  lifecycle {
    ignore_changes = [token_ids]
  }
}
`)
	c.set("wave=1")
	c.set("max_tokens=2")
	c.do(0, "apply", "-auto-approve")
	org.AddTokens(held, "oar2", "oar3", "oar4")
	c.set("wave=2")
	o := c.do(1, "plan")
	if !strings.Contains(o.stderr, "Too Many Refresh Tokens") {
		t.Errorf("got %s\nwant the bound", o)
	}
	c.set("max_tokens=3")
	org.ResetRequests()
	o = c.do(0, "plan", "-out=plan.bin")
	want := c.revokes() + " the refresh tokens in token_ids of client 0oa1 of authorization server aus1 at "
	if !wrapped(want).MatchString(o.stdout) || strings.Contains(o.stdout, c.revokes()+" at most") || !strings.Contains(o.stdout, `+ "oar4"`) {
		t.Errorf("got %s\nwant %q, and the tokens in the plan", o, want)
	}
	if got := len(org.Requests()); got != 2 {
		t.Errorf("got the requests %v, want that of the data source and that of the guard", org.Requests())
	}
	c.do(0, "apply", "plan.bin")
	org.WantRevoked(t, "oar1", "oar2", "oar3", "oar4")
	diff(t, "revoked_token_ids", stringsIn(t, c.state()["revoked_token_ids"]), []string{"oar2", "oar3", "oar4"})

	// With -replace, a CLI keeps no warning at all.
	org.AddTokens(held, "oar5")
	o = c.do(0, "plan", "-replace=oktatokens_revocation.test")
	if strings.Contains(o.stdout, c.revokes()) || !strings.Contains(o.stdout, `+ "oar5"`) {
		t.Errorf("got %s\nwant no warning, as the documentation has it, and the token in the plan", o)
	}
}

func TestAccCLIAppearedTokens(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t, func(org *oktafake.Org) {
		org.AfterEffect = oktafake.Once(oktafake.On(http.MethodDelete, allTokens), func(http.ResponseWriter, *http.Request) bool {
			org.AddToken(oktafake.Token{ID: "oar3", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1"})
			return false
		})
	})
	org.AddTokens(held, "oar1", "oar2")
	c := newCLI(t, org, revoking(allOfClient))
	c.do(0, "plan", "-out=plan.bin")
	got := tfcore.Summaries(c.do(0, "apply", "-json", "plan.bin").diagnostics(t))
	if want := "1 refresh token of client 0oa1 of authorization server aus1 appeared during the revocation"; !slices.Contains(got, want) {
		t.Errorf("got the warnings %q, want %q among them", got, want)
	}
	diff(t, "revoked_token_ids", stringsIn(t, c.state()["revoked_token_ids"]), []string{"oar1", "oar2"})
}

// What was reviewed is what is revoked, whatever was issued since.
func TestAccCLISavedPlan(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.AddTokens(held, "oar1", "oar2")
	c := newCLI(t, org, data("refresh_tokens", ofClient)+
		revoking(ofClient.With(attributes{"token_ids": expression(tokensAddress + ".token_ids")})))
	c.do(2, "plan", "-detailed-exitcode", "-out=plan.bin")
	org.AddTokens(held, "oar3", "oar4")
	org.RemoveToken("oar1")
	c.do(0, "apply", "plan.bin")
	org.WantRevoked(t, "oar2")
	diff(t, "tokens that live", org.TokenIDs(), []string{"oar3", "oar4"})
	if got := fmt.Sprint(c.state()["already_gone_count"]); got != "1" {
		t.Errorf("got already_gone_count %s, want 1", got)
	}
}

func TestAccCLIQuietPlanAndDestroy(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.AddTokens(held, "oar1")
	c := newCLI(t, org, revoking(allOfClient))
	c.do(2, "plan", "-detailed-exitcode")
	c.do(0, "apply", "-auto-approve")
	org.ResetRequests()
	c.do(0, "plan", "-detailed-exitcode")
	diff(t, "warnings", tfcore.Summaries(c.do(0, "plan", "-destroy", "-json").diagnostics(t)), []string{"Revoked Tokens Stay Revoked"})
	c.do(0, "destroy", "-auto-approve")
	org.WantNoRequests(t)
}

func TestAccCLIForEachClient(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	var clients, want, warnings []string
	for i := range 5 {
		client := fmt.Sprintf("0oa%d", i)
		clients = append(clients, client)
		org.AddTokens(oktafake.Token{AuthServerID: "aus1", ClientID: client, UserID: "00u1"}, "oar"+client+"a", "oar"+client+"b")
		want = append(want, "/api/v1/authorizationServers/aus1/clients/"+client+"/tokens")
		warnings = append(warnings, atOrg(org, " 2 refresh tokens of client "+client+" of authorization server aus1 at ORG: user 00u1, issued 2026-03-01"))
	}
	org.AddTokens(oktafake.Token{AuthServerID: "aus1", ClientID: "0oa9", UserID: "00u1"}, "oar9")
	c := newCLI(t, org, fmt.Sprintf(`
resource "oktatokens_revocation" "test" {
  for_each       = toset(%s)
  auth_server_id = "aus1"
  client_id      = each.key
  all            = true
}`, configuration.Value(list(clients...))))
	// Each instance has a warning of its own, which Terraform does not fold.
	shown := c.do(0, "plan", "-out=plan.bin").stdout
	for _, warning := range warnings {
		if !strings.Contains(shown, "Warning: "+c.revokes()+warning) {
			t.Errorf("got the plan\n%s\nwithout the warning %q", shown, warning)
		}
	}
	c.do(0, "apply", "plan.bin")
	org.WantDeletes(t, want...)
	diff(t, "tokens that live", org.TokenIDs(), []string{"oar9"})
	c.do(0, "plan", "-detailed-exitcode")
}

// Okta's words reach the terminal.
func TestAccCLIErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		hook    oktafake.Responder
		summary string
		want    string
	}{
		{"401", oktafake.Fail(401, "E0000011", "Invalid token provided"), "Okta Rejected the Credentials", "401 E0000011: Invalid token provided [error ID oae1, request ID req1]"},
		{"403", oktafake.InsufficientScope("okta.authorizationServers.read"), "Missing Okta Permission", "403 Forbidden: insufficient_scope: The access token provided does not contain the required scopes. [request ID req1]"},
		{"404", nil, "Parent Not Found", "404 E0000007: Not found: Resource not found: 0oa1 (PublicClientApp) [error ID oae1, request ID req1]"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t, func(org *oktafake.Org) { org.Intercept = tc.hook })
			org.AddAuthorizationServer(oktafake.AuthorizationServer{ID: "aus1"})
			c := newCLI(t, org, revoking(allOfClient))
			got := c.do(1, "plan", "-json").diagnostics(t)
			diff(t, "errors", tfcore.Summaries(got), []string{tc.summary})
			if got := sameIDs(got[0].Detail); !strings.HasSuffix(got, "\n\nTo GET "+allTokens+", Okta said: "+tc.want) {
				t.Errorf("got the detail %q, want Okta's words %q at its end", got, tc.want)
			}
		})
	}
}

var (
	errorID   = regexp.MustCompile(`error ID [^],]+`)
	requestID = regexp.MustCompile(`request ID [^]]+`)
)

// sameIDs is a detail with the IDs of an error and a request fixed.
func sameIDs(detail string) string {
	return requestID.ReplaceAllString(errorID.ReplaceAllString(detail, "error ID oae1"), "request ID req1")
}

// No credential is in any log, plan or state: neither what was configured nor what
// was sent.
func TestAccCLILeaksNoCredential(t *testing.T) {
	t.Parallel()
	const apiToken, accessToken, password = "00Bs3cret-api-token", "eyJs3cret-access-token", "s3cret-proxy-password"
	const serviceID = "0oaservice"
	key, keyText := oktafake.NewServiceKey()
	for name, env := range map[string]map[string]string{
		"API token":    {"OKTA_API_TOKEN": apiToken},
		"access token": {"OKTA_API_TOKEN": "", "OKTA_ACCESS_TOKEN": accessToken},
		"service app":  {"OKTA_API_TOKEN": "", "OKTA_API_CLIENT_ID": serviceID, "OKTA_API_PRIVATE_KEY": keyText},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t, func(org *oktafake.Org) { org.APIToken, org.AccessToken = apiToken, accessToken })
			org.AddServiceApp(oktafake.ServiceApp{ClientID: serviceID, Scopes: okta.Scopes(false), Keys: []jose.JSONWebKey{{Key: key.Public()}}})
			org.AddTokens(held, "oar1")
			proxy, asked := oktafake.RefusingProxy(t, http.StatusForbidden)
			c := newCLI(t, org, data("refresh_tokens", ofClient)+revoking(allOfClient))
			maps.Copy(c.env, env)
			c.env["OKTA_HTTP_PROXY"] = strings.Replace(proxy, "http://", "http://user:"+password+"@", 1)
			c.env["TF_LOG"], c.env["TF_LOG_PATH"] = "TRACE", "trace.log"
			c.do(0, "plan", "-out=plan.bin")
			c.do(0, "apply", "plan.bin")

			texts := unzip(t, filepath.Join(c.dir, "plan.bin"))
			texts["trace.log"], texts["terraform.tfstate"], texts["plan.json"] = c.read("trace.log"), c.read("terraform.tfstate"), c.show("plan.bin")
			secrets := []string{
				apiToken, accessToken, password, base64.StdEncoding.EncodeToString([]byte("user:" + password)),
				strings.Split(keyText, "\n")[1],
			}
			for _, r := range org.Requests() {
				for _, name := range []string{"Authorization", "DPoP"} {
					if sent := strings.Fields(r.Header.Get(name)); len(sent) > 0 {
						secrets = append(secrets, sent[len(sent)-1])
					}
				}
			}
			for file, text := range texts {
				for _, secret := range secrets {
					if strings.Contains(text, secret) {
						t.Errorf("%s holds %q", file, secret)
					}
				}
			}
			// Or else nothing was looked at.
			if !strings.Contains(texts["trace.log"], "Request to Okta answered") || !strings.Contains(texts["terraform.tfstate"], "oar1") {
				t.Error("the log or the state saw nothing of the revocation")
			}
			diff(t, "requests at the proxy", asked(), []string{})
			org.WantRevoked(t, "oar1")
		})
	}
}

// unzip are the files in an archive.
func unzip(t *testing.T, path string) map[string]string {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }() // it was only read
	texts := map[string]string{}
	for _, file := range archive.File {
		content, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(content)
		if err != nil {
			t.Fatal(err)
		}
		texts[file.Name] = string(text)
		_ = content.Close() // it was only read
	}
	return texts
}

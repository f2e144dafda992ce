package acceptance

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/tfcore"
)

// newQueryCLI is a CLI that has queries, or the test is skipped.
func newQueryCLI(t *testing.T, org *oktafake.Server) *cli {
	t.Helper()
	c := newCLI(t, org, "")
	c.needTerraform(14)
	return c
}

// query runs a query of this list block.
func (c *cli) query(block string, args ...string) outcome {
	c.t.Helper()
	c.write("audit.tfquery.hcl", block)
	return c.run(append([]string{"query", "-no-color"}, args...)...)
}

// succeed fails the test unless a command has ended well.
func (o outcome) succeed(t *testing.T) outcome {
	t.Helper()
	if o.status != 0 {
		t.Fatalf("got %s\nwant exit status 0", o)
	}
	return o
}

// everyClient finds the tokens of every client of the usual server.
var everyClient = attributes{"auth_server_id": "aus1", "all_clients": true}

// The way from a query over a reviewed file to a revocation, as the page of the
// list resource describes it.
func TestAccCLIQueryGenerateImportRevoke(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.AddClient(oktafake.App{ID: "0oa1", ClientID: "till_1.v2", Name: "Till"})
	org.AddUser(oktafake.User{ID: "00u1", Name: "Amara Abara"})
	org.AddTokens(oktafake.Token{AuthServerID: "aus1", ClientID: "till_1.v2", UserID: "00u1"}, "oar1")
	org.AddTokens(oktafake.Token{AuthServerID: "aus1", ClientID: "till_1.v2", UserID: "00u1"}, "oar2", "oar3")
	org.AddTokens(oktafake.Token{AuthServerID: "aus1", ClientID: "0oa9", UserID: "00u2"}, "oar8", "oar9")
	c := newQueryCLI(t, org)
	shown := c.query(finding(everyClient.With(attributes{"filter": attributes{"user_ids": list("00u1")}})), "-generate-config-out=tokens.tf").succeed(t).stdout
	if want := "app_id=<null>,auth_server_id=aus1,client_id=till_1.v2,token_id=oar1,user_id=<null>   Amara Abara, Till, created 2026-03-01T08:00:00Z"; !strings.Contains(shown, want) {
		t.Errorf("got %s\nwant %q in it", shown, want)
	}
	if got, want := c.do(0, "plan", "-out=plan.bin").stdout, "Plan: 3 to import, 0 to add, 0 to change, 0 to destroy."; !strings.Contains(got, want) {
		t.Errorf("got the plan\n%s\nwant %q", got, want)
	}
	c.do(0, "apply", "plan.bin")
	c.do(0, "plan", "-detailed-exitcode")
	org.UseToken("oar3")
	c.do(0, "plan", "-detailed-exitcode")
	org.WantReads(t)

	// What a review changes in the file.
	blocks := strings.SplitAfter(c.read("tokens.tf"), "\n}\n")
	for i, block := range blocks {
		if strings.Contains(block, "resource") && strings.Contains(block, `"oar2"`) {
			blocks[i] = strings.Replace(block, "revoke            = null", "revoke = true", 1)
		}
	}
	c.write("tokens.tf", strings.Join(blocks, ""))
	diff(t, "warnings", tfcore.Summaries(c.do(0, "plan", "-json", "-out=plan.bin").diagnostics(t)),
		[]string{c.revokes() + " refresh token oar2 of client till_1.v2 of authorization server aus1, held by user 00u1 (Amara Abara)"})
	c.do(0, "apply", "plan.bin")
	org.WantRevoked(t, "oar2")
	c.do(0, "plan", "-detailed-exitcode")

	// Forgotten by Terraform, the others live on.
	c.write("tokens.tf", "")
	diff(t, "warnings", slices.Compact(tfcore.Summaries(c.do(0, "plan", "-json").diagnostics(t))), []string{"Refresh Token Stays Alive"})
	c.do(0, "apply", "-auto-approve")
	diff(t, "tokens that live", org.TokenIDs(), []string{"oar1", "oar3", "oar8", "oar9"})
	org.WantRevoked(t, "oar2")
}

// A query that shows a part says so, though Terraform reads no further than its
// limit.
func TestAccCLIQueryLimit(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t, func(org *oktafake.Org) { org.PageSize = 200 })
	org.AddTokens(held, oktafake.IDs("oar", 150)...)
	c := newQueryCLI(t, org)
	for _, tc := range []struct {
		settings string
		want     []string
		found    int
	}{
		{"", []string{"Shows 100 of 150 refresh tokens"}, 100}, // Terraform's default
		{"limit = 1", []string{"Shows 1 of 150 refresh tokens"}, 1},
		{"limit = 150", nil, 150},
		{"limit = 1000\ninclude_resource = true", nil, 150},
	} {
		o := c.query(finding(ofClient, tc.settings), "-json").succeed(t)
		diff(t, "warnings with "+tc.settings, tfcore.Summaries(o.diagnostics(t)), tc.want)
		if got := strings.Count(o.stdout, `"type":"list_resource_found"`); got != tc.found {
			t.Errorf("%s: got %d tokens, want %d", tc.settings, got, tc.found)
		}
	}
	org.WantReads(t)
}

func TestAccCLIQueryFails(t *testing.T) {
	t.Parallel()
	org := newAdoptionOrg(t)
	c := newQueryCLI(t, org)
	o := c.query(finding(attributes{"auth_server_id": "aus9", "all_clients": true}), "-json")
	if o.status == 0 {
		t.Errorf("got %s\nwant another exit status", o)
	}
	diff(t, "errors", tfcore.Summaries(o.diagnostics(t)), []string{"Parent Not Found"})
}

// What an interrupted query has shown is not all, and it does not end as if it
// were.
func TestAccCLIQueryInterrupted(t *testing.T) {
	t.Parallel()
	stop := &interrupter{at: 3, method: http.MethodGet}
	org := oktafake.New(t, stop.intercept)
	org.AddTokens(held, oktafake.IDs("oar", 10)...)
	c := newQueryCLI(t, org)
	c.write("audit.tfquery.hcl", finding(ofClient))
	o := stop.interruptCommand(c, "query", "-no-color")
	if o.status == 0 || !strings.Contains(o.stderr, "Interrupted") {
		t.Errorf("got %s\nwant another exit status and an error that tells of the interrupt", o)
	}
}

// terraform import takes the ID, in every CLI.
func TestAccCLIImport(t *testing.T) {
	t.Parallel()
	org := newAdoptionOrg(t)
	c := newCLI(t, org, adopting(adoptedForNow))
	c.do(0, "import", adoptedAddress, "auth_server_id/aus1/0oa1/oar1")
	if got := c.stateOf(adoptedAddress)["status"]; got != "ACTIVE" {
		t.Errorf("got the status %v, want ACTIVE", got)
	}
	for id, want := range map[string]string{
		"aus1/0oa1/oar1":                "is none of these",
		"auth_server_id/aus1/0oa1/oar9": "Refresh Token Not Found",
	} {
		c.configure(strings.ReplaceAll(adopting(adopted), `"test"`, `"other"`))
		if got := c.do(1, "import", "oktatokens_refresh_token.other", id).stderr; !strings.Contains(got, want) {
			t.Errorf("got %s\nwant %q in it", got, want)
		}
	}
	c.configure(adopting(adoptedForNow))
	org.WantReads(t)

	// revoke_on_destroy is not in the state yet, so that it does not count.
	diff(t, "warnings", tfcore.Summaries(c.do(0, "plan", "-destroy", "-json").diagnostics(t)), []string{"Refresh Token Stays Alive"})
	c.do(0, "apply", "-auto-approve")
	diff(t, "warnings", tfcore.Summaries(c.do(0, "plan", "-destroy", "-json").diagnostics(t)),
		[]string{"Destroying revokes refresh token oar1 of client 0oa1 of authorization server aus1, held by user 00u1 (Amara Abara)"})
	org.WantReads(t)
	c.do(0, "destroy", "-auto-approve")
	org.WantRevoked(t, "oar1")
}

// A destroy that fails keeps the token in the state, and the next one revokes it.
func TestAccCLIFailedDestroyKeepsTheToken(t *testing.T) {
	t.Parallel()
	org := newAdoptionOrg(t, func(org *oktafake.Org) {
		org.Intercept = oktafake.Once(oktafake.On(http.MethodDelete, oneToken),
			oktafake.Fail(http.StatusForbidden, "E0000006", "You do not have permission to perform the requested action"))
	})
	c := newCLI(t, org, noRetries+adopting(adoptedForNow))
	c.do(0, "apply", "-auto-approve")
	c.do(0, "plan", "-destroy", "-out=plan.bin")
	c.do(1, "apply", "plan.bin")
	org.WantRevoked(t)
	if got := c.stateOf(adoptedAddress)["status"]; got != "ACTIVE" {
		t.Errorf("got the status %v, want ACTIVE", got)
	}
	c.do(0, "destroy", "-auto-approve")
	org.WantRevoked(t, "oar1")
}

// What another org does not know is not revoked, and a revocation there would be
// none.
func TestAccCLIRefreshTokenOfAnotherOrg(t *testing.T) {
	t.Parallel()
	org := newAdoptionOrg(t)
	other := newAdoptionOrg(t)
	other.RemoveToken("oar1")
	c := newCLI(t, org, adopting(adoptedForNow))
	c.do(0, "apply", "-auto-approve")
	c.do(0, "plan", "-destroy", "-out=plan.bin")
	here := c.env["OKTA_ORG_URL"]
	c.env["OKTA_ORG_URL"] = other.URL
	for _, args := range [][]string{{"plan"}, {"apply", "plan.bin"}, {"destroy", "-refresh=false", "-auto-approve"}} {
		if got := c.do(1, args...).stderr; !strings.Contains(got, "Refresh Token of Another Org") {
			t.Errorf("%s: got %s\nwant the error Refresh Token of Another Org", args, got)
		}
	}
	c.configure(adopting(revokeAdopted))
	c.do(1, "apply", "-refresh=false", "-auto-approve")
	other.WantReads(t)
	if got := c.stateOf(adoptedAddress)["status"]; got != "ACTIVE" {
		t.Errorf("got the status %v, want ACTIVE", got)
	}

	// An org that has moved and still knows the token is the same org.
	other.AddTokens(held, "oar1")
	c.do(0, "apply", "-auto-approve")
	other.WantRevoked(t, "oar1")
	org.WantRevoked(t)
	c.env["OKTA_ORG_URL"] = here
	c.do(0, "plan")
}

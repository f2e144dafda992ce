package acceptance

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// What the examples name. An example that keeps to these IDs is tested without a
// change here.
const (
	exampleServer  = "aus8k2lmq4RtXw7Zn5d7"
	exampleClient  = "0oa3f9hbc6JyPs1Qv5d7"
	exampleUser    = "00u6t4vnd2KgLe8Hx5d7"
	exampleToken   = "oar1c7wpz5MbUr3Fj5d7" // old, idle, never expires
	shopsTill      = "0oa9p2kfx4ZtWd7Rm5d7"
	breakGlassUser = "00u2r8syb5QwEc9Nk5d7"
)

// What else the org of the examples holds.
const (
	otherServer = "aus5n1hrt7YcVb3Km5d7"
	otherClient = "0oa7d1rgv8HmTa4Xw5d7"
	otherUser   = "00u8w3xpe7SfGh2Jk5d7"

	recentToken      = "oar2d8xqa6NcVs4Gk5d7"
	leakedWriteToken = "oar3e9yrb7PdWt5Hm5d7" // issued after the leak, may write orders
	leakedReadToken  = "oar4f1zsc8QeXu6Jn5d7" // issued after the leak, may not
	otherClientToken = "oar5g2atd9RfYv7Kp5d7"
	idleOtherToken   = "oar6h3bue1SgZw8Lq5d7" // of the other client, idle, never expires
	orgServerToken   = "oar7j4cvf2ThAx9Mr5d7" // of no custom authorization server
	otherServerToken = "oar8k5dwg3UjBy1Ns5d7"
	tillToken        = "oar9m6exh4VkCz2Pt5d7"
)

// exampleNow is the time at the examples' org: the day after the leak.
var exampleNow = time.Date(2026, time.March, 15, 12, 0, 0, 0, time.UTC)

func newExampleOrg(t *testing.T, seeds ...oktafake.Seed) *oktafake.Server {
	t.Helper()
	at := func(text string) time.Time {
		instant, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return instant
	}
	next := exampleNow.Add(time.Hour)
	write, read := []string{"offline_access", "orders:write"}, []string{"offline_access", "orders:read"}
	all := []oktafake.Seed{
		func(org *oktafake.Org) { org.Now = func() time.Time { return exampleNow } },
		func(org *oktafake.Org) { org.AddUser(oktafake.User{ID: exampleUser, Login: "amara.abara@example.com"}) },
		oktafake.Tokens(
			oktafake.Token{ID: exampleToken, AuthServerID: exampleServer, ClientID: exampleClient, UserID: exampleUser, Scopes: write, Created: at("2025-09-01T08:00:00Z"), LastUpdated: at("2025-10-01T08:00:00Z")},
			oktafake.Token{ID: recentToken, AuthServerID: exampleServer, ClientID: exampleClient, UserID: otherUser, Scopes: write, Created: at("2026-03-01T08:00:00Z"), ExpiresAt: &next},
			oktafake.Token{ID: leakedWriteToken, AuthServerID: exampleServer, ClientID: exampleClient, UserID: exampleUser, Scopes: write, Created: at("2026-03-14T03:00:00Z"), ExpiresAt: &next},
			oktafake.Token{ID: leakedReadToken, AuthServerID: exampleServer, ClientID: exampleClient, UserID: otherUser, Scopes: read, Created: at("2026-03-14T05:00:00Z"), ExpiresAt: &next},
			oktafake.Token{ID: otherClientToken, AuthServerID: exampleServer, ClientID: otherClient, UserID: exampleUser, Scopes: write, Created: at("2026-03-14T06:00:00Z"), ExpiresAt: &next},
			oktafake.Token{ID: idleOtherToken, AuthServerID: exampleServer, ClientID: otherClient, UserID: otherUser, Scopes: read, Created: at("2025-08-01T08:00:00Z")},
			oktafake.Token{ID: orgServerToken, ClientID: exampleClient, UserID: otherUser, Scopes: read, Created: at("2026-03-02T08:00:00Z"), ExpiresAt: &next},
			oktafake.Token{ID: otherServerToken, AuthServerID: otherServer, ClientID: exampleClient, UserID: otherUser, Scopes: read, Created: at("2026-03-03T08:00:00Z"), ExpiresAt: &next},
			oktafake.Token{ID: tillToken, AuthServerID: otherServer, ClientID: shopsTill, UserID: breakGlassUser, Scopes: read, Created: at("2026-03-04T08:00:00Z"), ExpiresAt: &next},
		),
	}
	return oktafake.New(t, append(all, seeds...)...)
}

// revokedByExample is what the examples of the resource and the action say that
// they revoke. A resource's that is not named here is only held to its own state.
var revokedByExample = map[string][]string{
	"resource.tf":             {leakedWriteToken, leakedReadToken},
	"resource_token.tf":       {exampleToken},
	"resource_filter.tf":      {leakedWriteToken},
	"resource_all.tf":         {exampleToken, recentToken, leakedWriteToken, leakedReadToken},
	"resource_evidence.tf":    {exampleToken, recentToken, leakedWriteToken, leakedReadToken},
	"resource_app.tf":         {exampleToken, recentToken, leakedWriteToken, leakedReadToken, orgServerToken, otherServerToken},
	"resource_user.tf":        {exampleToken, leakedWriteToken, otherClientToken},
	"resource_triggers.tf":    {exampleToken, idleOtherToken},
	"resource_dry_run.tf":     {},
	"resource_on_reappear.tf": {exampleToken, leakedWriteToken},

	"action.tf":          {leakedWriteToken, leakedReadToken},
	"action_all.tf":      {exampleToken, recentToken, leakedWriteToken, leakedReadToken},
	"action_user.tf":     {exampleToken, leakedWriteToken, otherClientToken},
	"action_for_each.tf": {exampleToken, idleOtherToken},
	"action_trigger.tf":  {exampleToken, recentToken, leakedWriteToken},
}

// TestAccExamples applies every example on its own, at an org that has what it
// names, plans it again and destroys it.
func TestAccExamples(t *testing.T) {
	for kind, pattern := range map[string]string{
		"data-sources": "data-sources/*/*.tf", "functions": "functions/*/*.tf", "resources": "resources/oktatokens_revocation/*.tf",
	} {
		for _, file := range exampleFiles(t, pattern) {
			name := filepath.Base(file)
			t.Run(filepath.Base(filepath.Dir(file))+"/"+name, func(t *testing.T) {
				org := newExampleOrg(t)
				deletes := 0
				apply := accept
				if kind == "functions" {
					apply = acceptFunction
				}
				apply(t, org,
					resource.TestStep{
						// No two plans have the same instant, and so none after the first would be empty.
						Config:            strings.ReplaceAll(readExample(t, file), "plantimestamp()", `"2026-03-15T12:00:00Z"`),
						ConfigStateChecks: []statecheck.StateCheck{exampleCheck{org}},
						PostApplyFunc: func() {
							if want, ok := revokedByExample[name]; ok || kind != "resources" {
								org.WantRevoked(t, want...)
							}
							deletes = len(org.RequestsOf(http.MethodDelete))
						},
					},
					// The test framework's own destroy does not know for_each.
					resource.TestStep{Config: "locals {}"},
				)
				if name == "resource_user.tf" {
					diff(t, "ended sessions", org.EndedSessions(), []oktafake.EndedSession{{UserID: exampleUser, OAuthTokens: true, ForgetDevices: true}})
				}
				if got := len(org.RequestsOf(http.MethodDelete)); got != deletes {
					t.Errorf("got %d DELETE requests after the destroy, want the %d before", got, deletes)
				}
			})
		}
	}
}

// TestAccActionExamples invokes every action of the examples, as its text says. The
// test framework cannot.
func TestAccActionExamples(t *testing.T) {
	t.Parallel()
	for _, file := range exampleFiles(t, "actions/*/*.tf") {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := newExampleOrg(t)
			config := readExample(t, file)
			c := newActionCLI(t, org, config)
			command := []string{"apply", "-auto-approve"}
			if !strings.Contains(config, "action_trigger") {
				command = append(command, "-invoke=action.oktatokens_revoke.example")
			}
			c.do(0, command...)
			org.WantRevoked(t, revokedByExample[name]...)
			if ended := len(org.EndedSessions()); ended != strings.Count(config, "end_sessions = true") {
				t.Errorf("got %d sessions ended", ended)
			}
		})
	}
}

// TestAccModuleForBothCLIs uses the module that revokes with the action on
// Terraform, and with the resource on OpenTofu.
func TestAccModuleForBothCLIs(t *testing.T) {
	t.Parallel()
	org := newExampleOrg(t)
	source, err := filepath.Abs("../../examples/modules/revoke-client")
	if err != nil {
		t.Fatal(err)
	}
	configuration := func(wave string) string {
		return fmt.Sprintf("module \"leak\" {\nsource = %q\nauth_server_id = %q\nclient_id = %q\nwave = %q\n}\n", source, exampleServer, exampleClient, wave)
	}
	c := newCLI(t, org, configuration("INC-1042"))
	if !strings.HasPrefix(c.version(), "OpenTofu") {
		c.needTerraform(14)
	}
	if o := c.run("get"); o.status != 0 {
		t.Fatalf("get: got %s", o)
	}
	c.do(2, "plan", "-detailed-exitcode")
	org.WantReads(t)
	c.do(0, "apply", "-auto-approve")
	org.WantRevoked(t, exampleToken, recentToken, leakedWriteToken, leakedReadToken)
	c.do(0, "plan", "-detailed-exitcode")

	org.AddToken(oktafake.Token{ID: "oar0q9wker8Ty7Ui6Op1", AuthServerID: exampleServer, ClientID: exampleClient, UserID: exampleUser})
	c.do(0, "plan", "-detailed-exitcode")
	c.configure(configuration("INC-1043"))
	c.do(0, "apply", "-auto-approve")
	org.WantRevoked(t, exampleToken, recentToken, leakedWriteToken, leakedReadToken, "oar0q9wker8Ty7Ui6Op1")
}

// exampleCheck holds the state of an example against what happened at the org,
// and makes sure that the example shows something.
type exampleCheck struct{ org *oktafake.Server }

func (c exampleCheck) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	revoked := slices.Sorted(slices.Values(c.org.RevokedIDs()))
	for _, object := range req.State.Values.RootModule.Resources {
		if object.Mode != "managed" || object.AttributeValues["evidence"] == "none" {
			continue
		}
		var claimed []string
		ids, _ := object.AttributeValues["revoked_token_ids"].([]any)
		for _, id := range ids {
			claimed = append(claimed, fmt.Sprint(id))
		}
		if diff := cmp.Diff(revoked, claimed, cmpopts.EquateEmpty()); diff != "" {
			resp.Error = fmt.Errorf("revoked_token_ids against what was revoked (-org +state):\n%s", diff)
		}
	}
	for name, output := range req.State.Values.Outputs {
		value, err := json.Marshal(output.Value)
		if err != nil {
			resp.Error = err
		}
		if slices.Contains([]string{"null", "[]", "{}", "0", `""`}, string(value)) {
			resp.Error = fmt.Errorf("output %s is %s, want the example to find something: if the examples' org lacks it, add it in newExampleOrg", name, value)
		}
	}
}

// TestAccOnReappearExampleRevokesAgain follows the example to what its text says
// of the plans after the first.
func TestAccOnReappearExampleRevokesAgain(t *testing.T) {
	org := newExampleOrg(t)
	config := readExample(t, exampleFiles(t, "resources/oktatokens_revocation/resource_on_reappear.tf")[0])
	accept(t, org,
		resource.TestStep{Config: config, PostApplyFunc: func() {
			org.AddToken(oktafake.Token{ID: "oar0q9wker8Ty7Ui6Op1", AuthServerID: otherServer, ClientID: exampleClient, UserID: exampleUser})
		}},
		resource.TestStep{Config: config, ConfigPlanChecks: updatesExample()},
	)
	org.WantRevoked(t, exampleToken, leakedWriteToken, "oar0q9wker8Ty7Ui6Op1")
}

// TestAccDryRunExampleRevokesWhenEnforced follows the example to the change that
// its text describes.
func TestAccDryRunExampleRevokesWhenEnforced(t *testing.T) {
	org := newExampleOrg(t)
	config := readExample(t, exampleFiles(t, "resources/oktatokens_revocation/resource_dry_run.tf")[0])
	accept(t, org,
		resource.TestStep{Config: config, PostApplyFunc: func() { org.WantReads(t) }},
		resource.TestStep{
			Config:           strings.Replace(config, "= true\n\n", "= false\n\n", 1),
			ConfigPlanChecks: updatesExample(),
		},
	)
	org.WantRevoked(t, exampleToken, idleOtherToken)
}

func updatesExample() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectResourceAction("oktatokens_revocation.example", plancheck.ResourceActionUpdate),
	}}
}

// TestAccProviderExamples uses each provider block, and looks for the refusal
// that its text promises.
func TestAccProviderExamples(t *testing.T) {
	refused := map[string]string{
		"provider_audit.tf":     "Provider Is Read-Only",
		"provider_protected.tf": "Protected Tokens",
	}
	clients := readExample(t, exampleFiles(t, "data-sources/oktatokens_clients/data-source.tf")[0])
	for _, file := range exampleFiles(t, "provider/*.tf") {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			org := newExampleOrg(t)
			// The test framework says itself where the provider comes from.
			_, block, _ := strings.Cut(readExample(t, file), "provider \"oktatokens\"")
			block = "provider \"oktatokens\"" + strings.ReplaceAll(block, "https://acme.okta.com", org.URL)
			steps := []resource.TestStep{{Config: block + clients}}
			for _, parent := range []string{
				fmt.Sprintf("app_id = %q", shopsTill),
				fmt.Sprintf("user_id = %q\nall_clients = true", breakGlassUser),
			} {
				step := resource.TestStep{Config: block + "resource \"oktatokens_revocation\" \"test\" {\n" + parent + "\nall = true\n}\n", PlanOnly: true, ExpectNonEmptyPlan: true}
				if summary, ok := refused[name]; ok {
					step.ExpectError = wrapped(summary)
				}
				steps = append(steps, step)
			}
			accept(t, org, steps...)
			org.WantReads(t)
		})
	}
}

// exampleFiles are the examples that match, of which there must be some.
func exampleFiles(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob("../../examples/" + pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("got no examples/%s, and the error %v", pattern, err)
	}
	return files
}

var exampleID = regexp.MustCompile(`"(?:aus|0oa|00u|oar)\w{17}"`)

// readExample reads an example and refuses one that names what the org lacks.
func readExample(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	known := []string{exampleServer, exampleClient, exampleUser, exampleToken, shopsTill, breakGlassUser}
	for _, id := range exampleID.FindAllString(string(text), -1) {
		if !slices.Contains(known, strings.Trim(id, `"`)) {
			t.Errorf("%s names %s, want one of %v, which the test's org has", file, id, known)
		}
	}
	return string(text)
}

// TestAccHTMLReportOfAnInventory does what the documentation says, with a real
// inventory and to the file.
func TestAccHTMLReportOfAnInventory(t *testing.T) {
	t.Parallel()
	org := newExampleOrg(t)
	c := newCLI(t, org, readExample(t, exampleFiles(t, "functions/html_report/function.tf")[0]))
	c.needFunctions()
	c.do(0, "apply", "-auto-approve")
	page := c.run("output", "-raw", "report").stdout
	for _, want := range []string{
		"<!doctype html>\n<html lang=\"en\">", "<h1>Refresh tokens of Acme</h1>", org.URL, "<b>Complete</b>", "<dt>Refresh tokens</dt><dd>8</dd>",
		"<dd>every custom one</dd>", "less than 1 day: 0 tokens; 1 to 6 days: 3 tokens;", exampleServer, exampleClient, exampleUser, "As of <b><time datetime=",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if !strings.HasSuffix(page, "</html>\n") {
		t.Errorf("the page ends in %q", page[max(0, len(page)-20):])
	}
	org.WantReads(t)
}

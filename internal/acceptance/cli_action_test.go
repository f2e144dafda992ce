package acceptance

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/tfcore"
)

const (
	invokeTest = "-invoke=action.oktatokens_revoke.test"
	ofTest     = "client 0oa1 of authorization server aus1"
)

// newActionCLI is a CLI that has actions, or the test is skipped.
func newActionCLI(t *testing.T, org *oktafake.Server, config string) *cli {
	t.Helper()
	c := newCLI(t, org, config)
	c.needTerraform(14)
	return c
}

var tokenID = regexp.MustCompile(`\boar\d+\b`)

func TestAccCLIInvoke(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t, func(org *oktafake.Org) { org.PageSize = 200 })
	org.AddTokens(held, "oar1", "oar2", "oar3")
	c := newActionCLI(t, org, invoking(ofClient.With(attributes{"filter": attributes{"user_ids": list("00u1")}})))
	warning := atOrg(org, "Will revoke 3 refresh tokens of "+ofTest+" at ORG: user 00u1, issued 2026-03-01")
	plan := c.do(2, "plan", "-detailed-exitcode", invokeTest).stdout
	if !strings.Contains(plan, "Warning: "+warning) || !strings.Contains(plan, "Actions: 1 to invoke.") {
		t.Errorf("got the plan\n%s\nwant the action and the warning in it", plan)
	}
	diff(t, "warnings", tfcore.Summaries(c.do(0, "plan", "-json", invokeTest).diagnostics(t)), []string{warning})
	org.WantReads(t)

	applied := c.do(0, "apply", "-json", "-auto-approve", invokeTest)
	got := applied.progress(t)
	diff(t, "first and last line of progress", []string{got[0], got[len(got)-1]},
		[]string{"Revoking refresh tokens of " + ofTest + " at " + org.URL, "Revoked 3 refresh tokens of " + ofTest + " in all"})
	named := slices.Compact(slices.Sorted(slices.Values(tokenID.FindAllString(strings.Join(got, "\n"), -1))))
	diff(t, "tokens that the progress names", named, []string{"oar1", "oar2", "oar3"})
	org.WantRevoked(t, "oar1", "oar2", "oar3")

	again := c.do(0, "apply", "-auto-approve", invokeTest).stdout
	for _, want := range []string{
		"Action action.oktatokens_revoke.test (triggered by CLI): Revoked 0 refresh tokens of " + ofTest + " in all",
		"Actions: 1 invoked.",
	} {
		if !strings.Contains(again, want) {
			t.Errorf("got\n%s\nwant %q in it", again, want)
		}
	}
}

// Whoever is asked has seen what would be hit.
func TestAccCLIInvokeWarnsBeforeItAsks(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.AddTokens(held, "oar1", "oar2")
	c := newActionCLI(t, org, invoking(allOfClient))
	o := c.answer("no\n", "apply", "-no-color", invokeTest)
	warned, asked := strings.Index(o.stdout, "Warning: Will revoke 2 refresh tokens"), strings.Index(o.stdout, "Enter a value:")
	if o.status != 1 || warned < 0 || asked < warned {
		t.Errorf("got %s\nwant exit status 1, and the warning before the question", o)
	}
	org.WantReads(t)
}

// What was reviewed is what is revoked, whatever was issued since.
func TestAccCLIInvokeSavedPlan(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t, func(org *oktafake.Org) { org.PageSize = 200 })
	org.AddTokens(held, "oar1", "oar2", "oar3")
	c := newActionCLI(t, org, data("refresh_tokens", ofClient)+
		invoking(ofClient.With(attributes{"token_ids": expression(tokensAddress + ".token_ids")})))
	c.do(2, "plan", "-detailed-exitcode", "-out=plan.bin", invokeTest)
	if plan := c.show("plan.bin"); !strings.Contains(plan, `"token_ids":["oar1","oar2","oar3"]`) {
		t.Errorf("got the plan\n%s\nwant the token IDs in it", plan)
	}
	org.AddTokens(held, "oar4", "oar5")
	org.RemoveToken("oar1")
	org.ResetRequests()
	got := c.do(0, "apply", "-json", "plan.bin").progress(t)
	org.WantRevoked(t, "oar2", "oar3")
	diff(t, "tokens that live", org.TokenIDs(), []string{"oar4", "oar5"})
	diff(t, "last line", got[len(got)-1], "Revoked 2 refresh tokens of "+ofTest+" in all; already gone: 1")
	diff(t, "lists", org.PathsOf("GET"), []string{allTokens}) // the second look, and none before
}

func TestAccCLIInvokeForEachClient(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	var clients, want []string
	for i := range 50 {
		client := fmt.Sprintf("0oa%02d", i)
		clients = append(clients, client)
		org.AddTokens(oktafake.Token{AuthServerID: "aus1", ClientID: client, UserID: "00u1"}, "oar"+client)
		want = append(want, "/api/v1/authorizationServers/aus1/clients/"+client+"/tokens")
	}
	org.AddTokens(oktafake.Token{AuthServerID: "aus1", ClientID: "0oa99", UserID: "00u1"}, "oar99")
	c := newActionCLI(t, org, fmt.Sprintf(`
action "oktatokens_revoke" "test" {
  for_each = toset(%s)
  config {
    auth_server_id = "aus1"
    client_id      = each.key
    all            = true
  }
}`, configuration.Value(list(clients...))))
	// Each instance has a warning of its own, which Terraform does not fold.
	shown := c.do(0, "plan", "-out=plan.bin", invokeTest).stdout
	for _, client := range clients {
		if warning := atOrg(org, "Warning: Will revoke 1 refresh token of client "+client+" of authorization server aus1 at ORG: user 00u1, issued 2026-03-01"); !strings.Contains(shown, warning) {
			t.Errorf("got the plan\n%s\nwithout the warning %q", shown, warning)
		}
	}
	org.ResetRequests()
	if o := c.do(0, "apply", "plan.bin"); !strings.Contains(o.stdout, "Actions: 50 invoked.") {
		t.Errorf("got %s\nwant 50 actions invoked", o)
	}
	org.WantDeletes(t, want...)
	diff(t, "tokens that live", org.TokenIDs(), []string{"oar99"})
	if got := len(org.Requests()); got != 100 {
		t.Errorf("got %d requests, want 100: one to revoke and one to look again for each client", got)
	}
}

// Two resources trigger the action, and a second one is for the same client.
func TestAccCLITwoTriggersForOneClient(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.AddTokens(held, "oar1", "oar2")
	c := newActionCLI(t, org, invoking(allOfClient)+
		strings.ReplaceAll(invoking(ofClient.With(attributes{"token_ids": list("oar1", "oar2")})), `"test"`, `"other"`)+
		triggering("1")+strings.NewReplacer(`"wave"`, `"second"`, "revoke.test", "revoke.other").Replace(triggering("1"))+
		strings.ReplaceAll(triggering("1"), `"wave"`, `"third"`))
	if o := c.do(0, "apply", "-auto-approve"); !strings.Contains(o.stdout, "Actions: 3 invoked.") {
		t.Errorf("got %s\nwant 3 actions invoked", o)
	}
	org.WantRevoked(t, "oar1", "oar2")
	c.do(0, "plan", "-detailed-exitcode")
}

// What cannot be done is an error of the plan.
func TestAccCLIInvokeIsRefusedAtPlan(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, provider, want string
		arguments            attributes
	}{
		{"unknown client", "", "Parent Not Found", attributes{"auth_server_id": "aus1", "client_id": "0oa9", "all": true}},
		{"too many", "", "Too Many Refresh Tokens", allOfClient.With(attributes{"max_tokens": 1})},
		{"protected", `protected_user_ids = ["00u1"]`, "Protected Tokens", allOfClient},
		{"read-only", "read_only = true", "Provider Is Read-Only", allOfClient},
		{"no selection", "", "Missing Selection", ofClient},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			org.AddTokens(held, "oar1", "oar2")
			c := newActionCLI(t, org, fmt.Sprintf("provider \"oktatokens\" {\n%s\n}\n", tc.provider)+invoking(tc.arguments))
			for _, command := range [][]string{{"plan", "-json", invokeTest}, {"apply", "-json", "-auto-approve", invokeTest}} {
				diff(t, command[0], tfcore.Summaries(tfcore.Errors(c.do(1, command...).diagnostics(t))), []string{tc.want})
			}
			org.WantReads(t)
		})
	}
}

// The trap of actions: one that fails after its resource was created is done with
// as far as Terraform is concerned, one that fails before is not.
func TestAccCLIActionThatFails(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		event, onFailure string
		minor            int // of Terraform's version
		status           int // of the apply that fails
		next             int // of the plan that follows, 2 when there is something to do
	}{
		{"before_create", "", 14, 1, 2},
		{"after_create", "", 14, 1, 0},
		{"after_create", "on_failure = taint", 16, 1, 2},
		{"before_create", "on_failure = continue", 16, 0, 0},
	} {
		t.Run(tc.event+tc.onFailure, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t, func(org *oktafake.Org) { org.Intercept = oktafake.FailToRevoke("oar2") })
			org.AddTokens(held, "oar1", "oar2")
			c := newCLI(t, org, noRetries+invoking(ofClient.With(attributes{"token_ids": list("oar1", "oar2")}))+
				strings.NewReplacer("before_create", tc.event, "actions", tc.onFailure+"\nactions").Replace(triggering("1")))
			c.needTerraform(tc.minor)
			o := c.do(tc.status, "apply", "-auto-approve")
			for _, want := range []string{"Revoked: 1 refresh token of " + ofTest + ".", "The revoked tokens: oar1", "(oar2)"} {
				if !wrapped(want).MatchString(o.stdout + o.stderr) {
					t.Errorf("got %s\nwant %q in it", o, want)
				}
			}
			org.WantRevoked(t, "oar1")
			c.do(tc.next, "plan", "-detailed-exitcode")
		})
	}
}

// An interrupted action is a failure, every time, and names what was revoked.
func TestAccCLIInterruptOfAnAction(t *testing.T) {
	t.Parallel()
	for run := range 3 {
		t.Run(fmt.Sprint(run), func(t *testing.T) {
			t.Parallel()
			stop := &interrupter{at: 100}
			org := oktafake.New(t, stop.intercept, func(org *oktafake.Org) { org.PageSize, org.Latency = 200, 10*time.Millisecond })
			ids := oktafake.IDs("oar", 200)
			org.AddTokens(held, ids...)
			c := newActionCLI(t, org, "provider \"oktatokens\" { parallelism = 4 }\n"+invoking(ofClient.With(attributes{"token_ids": list(ids...)})))
			o := stop.interrupt(c, "-json", invokeTest)
			if o.status == 0 {
				t.Errorf("got %s\nwant another exit status", o)
			}
			revoked := slices.Sorted(slices.Values(org.RevokedIDs()))
			if len(revoked) < 90 || len(revoked) == len(ids) {
				t.Fatalf("got %d tokens revoked, want some and not all", len(revoked))
			}
			wantInterrupted(t, o, revoked, org.TokenIDs())
		})
	}
}

// wantInterrupted fails the test unless an error tells of the interrupt, and names
// what was revoked and what was not.
func wantInterrupted(t *testing.T, o outcome, revoked, left []string) {
	t.Helper()
	var text strings.Builder
	for _, d := range tfcore.Errors(o.diagnostics(t)) {
		text.WriteString(d.Summary + "\n" + d.Detail + "\n")
	}
	for _, want := range []string{
		fmt.Sprintf("Revoked: %s of %s.", prose.Count(len(revoked), "refresh token"), ofTest),
		"Not revoked, as far as is known: " + counted(left) + ".",
		"The revoked tokens:\n" + inLines(revoked),
		"The apply was interrupted before it finished.",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("got %s\nwant %q in an error", o, want)
		}
	}
}

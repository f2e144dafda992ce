package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// newModule puts a root module of the examples into the directory of a CLI.
func newModule(t *testing.T, c *cli, module string) *cli {
	t.Helper()
	// What newCLI wrote, which CopyFS does not overwrite.
	if err := os.Remove(filepath.Join(c.dir, "main.tf")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(c.dir, os.DirFS(filepath.Join("../../examples", module))); err != nil {
		t.Fatal(err)
	}
	return c
}

// outputs are the outputs in the state.
func (c *cli) outputs() attributes {
	c.t.Helper()
	o := c.run("output", "-json")
	var outputs map[string]struct{ Value any }
	if err := json.Unmarshal([]byte(o.stdout), &outputs); err != nil {
		c.t.Fatalf("%v in %s", err, o)
	}
	values := attributes{}
	for name, output := range outputs {
		values[name] = output.Value
	}
	return values
}

func TestAccAuditOfAnOrg(t *testing.T) {
	t.Parallel()
	org := newExampleOrg(t)
	c := newModule(t, newCLI(t, org, ""), "audits/org")
	c.do(0, "apply", "-auto-approve")
	got := c.outputs()
	diff(t, "total", got["total"], map[string]any{"tokens": 8.0, "clients": 3.0, "users": 3.0})
	diff(t, "ages", got["ages"], list(
		"0 to 1 days: 0", "1 to 7 days: 3", "7 to 30 days: 3", "30 to 90 days: 0", "90 to 180 days: 0", "180 to 365 days: 2", "365 days and more: 0",
	))
	diff(t, "complete", got["complete"], true)
	clients := stringsIn(t, got["clients"])
	if len(clients) != 4 || !strings.HasPrefix(clients[3], "      4 tokens of 2 users, oldest of 2025-09-01T08:00:00.000Z: ") {
		t.Errorf("got the clients %q, want four, the one with most tokens last", clients)
	}
	org.WantReads(t)
}

func TestAccAuditOfATeam(t *testing.T) {
	t.Parallel()
	org := newExampleOrg(t)
	c := newModule(t, newCLI(t, org, ""), "audits/team")
	c.do(0, "apply", "-auto-approve", `-var=client_ids=["`+exampleClient+`","`+shopsTill+`"]`)
	got := c.outputs()
	diff(t, "total", got["total"], map[string]any{"tokens": 6.0, "users": 3.0})
	users, ok := got["tokens_by_user"].(map[string]any)
	if !ok || len(users) != 3 || !strings.HasSuffix(fmt.Sprint(users[otherUser]), ": 3 tokens at 1 clients") {
		t.Errorf("got the users %v, want three", got["tokens_by_user"])
	}
	if o := c.do(1, "plan", "-var=client_ids=[]"); !strings.Contains(o.stderr, "Name at least one client") {
		t.Errorf("got %s\nwant the reason", o)
	}
	org.WantReads(t)
}

// What breaks the policy warns, or fails the plan.
func TestAccPolicy(t *testing.T) {
	t.Parallel()
	org := newExampleOrg(t)
	c := newModule(t, newCLI(t, org, ""), "audits/policy")
	broken := []string{"2 refresh tokens are older than 90 days.", "Refresh tokens never expire:", "Clients that may not hold refresh tokens do: " + otherClient}
	allowed := `-var=allowed_client_ids=["` + exampleClient + `","` + shopsTill + `"]`
	warned, failed := c.do(0, "plan", allowed), c.do(1, "plan", allowed, "-var=enforce=true")
	for _, words := range broken {
		if !wrapped(words).MatchString(warned.stdout) || !strings.Contains(warned.stdout, "Check block assertion failed") {
			t.Errorf("got %s\nwant a warning with %q in it", warned, words)
		}
		if !wrapped(words).MatchString(failed.stderr) {
			t.Errorf("got %s\nwant an error with %q in it", failed, words)
		}
	}
	for _, id := range []string{exampleToken, idleOtherToken, otherClientToken} {
		org.RemoveToken(id)
	}
	kept := c.do(0, "plan", allowed, "-var=enforce=true")
	if strings.Contains(kept.stdout, "Check block") {
		t.Errorf("got %s\nwant no warning once the policy is kept", kept)
	}
	org.WantReads(t)
}

// A part that Terraform dropped would make another rule of it, so the guard names
// it, wherever the rule comes from.
func TestAccDriftGuardRefusesMisspeltParts(t *testing.T) {
	t.Parallel()
	const rules = `{ payroll = { any_scopes = ["payroll:write"], cleint_ids = ["` + exampleClient + `"], created_aftr = "2026-03-14T06:00:00Z" } }`
	org := newExampleOrg(t)
	c := newModule(t, newCLI(t, org, ""), "audits/drift-guard")
	c.write("forbidden.tfvars", "forbidden = "+rules)
	o := []outcome{c.do(1, "plan", "-var-file=forbidden.tfvars"), c.do(1, "plan", "-var=forbidden="+rules)}
	c.set("forbidden=" + rules)
	for _, o := range append(o, c.do(1, "plan")) {
		if !wrapped("The rule payroll has the unknown part cleint_ids, created_aftr. Parts of a rule are auth_server_ids, client_ids,").MatchString(o.stderr) {
			t.Errorf("got %s\nwant the rule and its parts", o)
		}
	}
	org.WantNoRequests(t)
}

// Terraform drops the keys that an object type does not name, so no variable of
// what is to be copied may have one.
func TestNoVariableOfAnExampleIsAnObject(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"*/*/*.tf", "*/*/*/*.tf"} {
		for _, file := range exampleFiles(t, pattern) {
			if text := string(readFile(t, file)); strings.Contains(text, "tfcore.ObjectOf(") {
				t.Errorf("%s has an object type, which drops a misspelt key without a word", file)
			}
		}
	}
}

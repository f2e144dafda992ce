package acceptance

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// TestAccRunbooks follows each runbook's README: look, plan, apply. What it says
// it did is held against what the org knows.
func TestAccRunbooks(t *testing.T) {
	t.Parallel()
	for _, rc := range runbookCases {
		t.Run(rc.name, func(t *testing.T) {
			t.Parallel()
			c, org := rc.newRunbook(t)
			c.do(0, "apply", "-refresh-only", "-auto-approve")
			got := c.outputs()
			diff(t, "before_csv of the look", idsIn(t, got["before_csv"]), sorted(rc.found))
			diff(t, "verdict of the look", got["verdict"], rc.noVerdict())
			diff(t, "revoked of the look", got["revoked"], nil)
			c.do(0, "plan", "-out=revoke.tfplan")
			org.WantReads(t)

			rc.between(org)
			before := org.Tokens()
			c.do(0, "apply", "revoke.tfplan")
			rc.wantRevoked(t, org, before)
			got = c.outputs()
			rc.check(t, got)

			// Once more, nothing is sent that is not a GET, and the record stays.
			org.ResetRequests()
			c.do(0, "apply", "-auto-approve")
			org.WantReads(t)
			again := c.outputs()
			diff(t, "revoked_csv after another apply", again["revoked_csv"], got["revoked_csv"])
			diff(t, "verdict after another apply", again["verdict"], got["verdict"])

			// A token that is alive although the record has it as revoked is an error.
			back := rc.revoked[0]
			org.AddToken(before[slices.IndexFunc(before, func(token oktafake.Token) bool { return token.ID == back })])
			if o := c.do(1, "plan"); !wrapped("These tokens were revoked but are still alive: " + back + ".").MatchString(o.stderr) {
				t.Errorf("got %s\nwant the token that is alive", o)
			}
			org.WantReads(t)
		})
	}
}

// noVerdict is the verdict before the apply. A resource that is not in the state and has no
// for_each is unknown in a look, and Terraform stores unknown outputs as null.
func (rc runbookCase) noVerdict() any {
	if rc.name == "compromised-client" || rc.name == "compromised-user" {
		return nil
	}
	return "No verdict yet: the state has no record of a revocation."
}

// wantRevoked fails the test unless the org has lost what the runbook is to revoke,
// and nothing else.
func (rc runbookCase) wantRevoked(t *testing.T, org *oktafake.Server, before []oktafake.Token) {
	t.Helper()
	org.WantRevoked(t, rc.revoked...)
	var spared []string
	for _, token := range before {
		if !slices.Contains(rc.revoked, token.ID) {
			spared = append(spared, token.ID)
		}
	}
	diff(t, "tokens that live", org.TokenIDs(), spared)
	diff(t, "ended sessions", org.EndedSessions(), rc.sessions)
}

// check holds what the runbook says it did against what it did.
func (rc runbookCase) check(t *testing.T, got attributes) {
	t.Helper()
	diff(t, "before_csv", idsIn(t, got["before_csv"]), sorted(rc.found))
	diff(t, "revoked_csv", idsIn(t, got["revoked_csv"]), sorted(rc.revoked))
	diff(t, "found", dig(got, "found", "tokens"), any(float64(len(rc.found))))
	diff(t, "found by client", dig(got, "found", "by_client"), any(rc.byClient))
	diff(t, "revoked", dig(got, "revoked", "tokens"), any(float64(len(rc.revoked))))
	diff(t, "left", len(stringsIn(t, got["left"])), rc.left)
	opening := "Done. "
	if rc.left > 0 && rc.name != "stale-tokens" {
		opening = "Look closer. "
	}
	if verdict := fmt.Sprint(got["verdict"]); !strings.HasPrefix(verdict, fmt.Sprintf("%sTokens revoked: %d", opening, len(rc.revoked))) {
		t.Errorf("got the verdict %q, want it to begin with %q and to count %d", verdict, opening, len(rc.revoked))
	}
	if verdict := fmt.Sprint(got["verdict"]); strings.Contains(verdict, " 1 that were") || strings.Contains(verdict, " 1 tokens") {
		t.Errorf("got the verdict %q, want its nouns to fit any number", verdict)
	}
	for _, page := range []string{"before_html", "after_html"} {
		if !strings.Contains(fmt.Sprint(got[page]), "INC-1042: a test") {
			t.Errorf("%s does not say why", page)
		}
	}
}

// A runbook that would hit more than it may, or that names what is not there,
// stops at its plan. A look is allowed all the same.
func TestAccRunbooksRefuse(t *testing.T) {
	t.Parallel()
	for _, rc := range runbookCases {
		t.Run(rc.name, func(t *testing.T) {
			t.Parallel()
			c, org := rc.newRunbook(t)
			c.set(fmt.Sprintf("max_tokens=%d", len(rc.found)-1))
			c.do(0, "apply", "-refresh-only", "-auto-approve")
			if o := c.do(1, "plan"); !strings.Contains(o.stderr, "max_tokens") {
				t.Errorf("got %s\nwant the bound", o)
			}
			c.set(fmt.Sprintf("max_tokens=%d", len(rc.found)))
			c.set(rc.unknown)
			if o := c.do(1, "plan"); !strings.Contains(o.stderr, "0000000000000000") || strings.Contains(o.stderr, "max_tokens") {
				t.Errorf("got %s\nwant what is not there", o)
			}
			org.WantReads(t)

			c, org = rc.newRunbook(t)
			c.set(fmt.Sprintf("max_tokens=%d", len(rc.found)))
			tokens := org.Tokens()
			hit := tokens[slices.IndexFunc(tokens, func(token oktafake.Token) bool { return token.ID == rc.found[0] })]
			for name, id := range map[string]string{"protected_client_ids": hit.ClientID, "protected_user_ids": hit.UserID} {
				c.set(fmt.Sprintf("%s=[%q]", name, id))
				if o := c.do(1, "plan"); !strings.Contains(o.stderr, "Protected Tokens") {
					t.Errorf("got %s\nwant that %s is protected", o, id)
				}
				c.set(name + "=[]")
			}
			org.WantReads(t)
		})
	}
}

// Terraform ignores a variable of the environment that no module has. Misspelt, the
// clients that a runbook is narrowed to must not turn into every client.
func TestAccRunbooksWantTheirClientsNamed(t *testing.T) {
	t.Parallel()
	for _, rc := range runbookCases {
		if !slices.Contains(rc.vars, everyClientOfRunbook) {
			continue
		}
		t.Run(rc.name, func(t *testing.T) {
			t.Parallel()
			c, org := rc.newRunbook(t)
			delete(c.env, "TF_VAR_client_ids")
			c.set(`cleint_ids=["` + exampleClient + `"]`)
			if o := c.do(1, "plan"); !strings.Contains(o.stderr, "No value for required variable") || !strings.Contains(o.stderr, `"client_ids"`) {
				t.Errorf("got %s\nwant it to ask for client_ids", o)
			}
			org.WantNoRequests(t)
		})
	}
}

// The bound is one of the apply too: what is issued after the plan cannot make a
// runbook that takes it hit more than it may.
func TestAccRunbooksAreBoundWhenTheyApply(t *testing.T) {
	t.Parallel()
	for _, rc := range runbookCases {
		if rc.flood.ClientID == "" {
			continue
		}
		t.Run(rc.name, func(t *testing.T) {
			t.Parallel()
			c, org := rc.newRunbook(t)
			c.set(fmt.Sprintf("max_tokens=%d", len(rc.found)))
			c.do(0, "plan", "-out=revoke.tfplan")
			var flood []string
			for range len(rc.found) + 1 {
				flood = append(flood, org.AddToken(rc.flood).ID)
			}
			if o := c.do(1, "apply", "revoke.tfplan"); !strings.Contains(o.stderr, "max_tokens") {
				t.Errorf("got %s\nwant the bound", o)
			}
			alive := org.TokenIDs()
			for _, id := range flood {
				if !slices.Contains(alive, id) {
					t.Errorf("%s was revoked above the bound", id)
				}
			}
			if got := org.EndedSessions(); len(got) > 0 {
				t.Errorf("got the ended sessions %v, want none", got)
			}
		})
	}
}

// What Okta refuses to revoke once, the next apply revokes. One record has both halves,
// with an untaint in between or without.
func TestAccRunbooksGoOnAfterAFailure(t *testing.T) {
	t.Parallel()
	for _, untaint := range []bool{false, true} {
		for _, rc := range runbookCases {
			if rc.flood.ClientID != "" {
				continue // does not keep to what a plan showed
			}
			t.Run(fmt.Sprintf("%s, untaint %t", rc.name, untaint), func(t *testing.T) {
				t.Parallel()
				refused := rc.found[len(rc.found)-1]
				c, org := rc.newRunbook(t, func(org *oktafake.Org) {
					org.Intercept = oktafake.Once(oktafake.On(http.MethodDelete, "/api/v1/authorizationServers/*/clients/*/tokens/"+refused),
						oktafake.Fail(http.StatusForbidden, "E0000006", "You do not have permission to perform the requested action"))
				})
				c.do(1, "apply", "-auto-approve")
				org.WantRevoked(t, without(rc.found, refused)...)
				if untaint {
					label := map[string]string{"stolen-window": "window", "stale-tokens": "stale"}[rc.name]
					if o := c.run("untaint", fmt.Sprintf("oktatokens_revocation.%s[%q]", label, exampleServer)); o.status != 0 {
						t.Fatalf("got %s", o)
					}
				}
				c.do(0, "apply", "-auto-approve")
				org.WantRevoked(t, rc.found...)
				diff(t, "revoked_csv", idsIn(t, c.outputs()["revoked_csv"]), sorted(rc.found))
			})
		}
	}
}

// Names are what people outside can choose. They must not write on the responder's
// terminal, nor break out of a file.
func TestAccRunbooksWithHostileNames(t *testing.T) {
	t.Parallel()
	const hostile = "Eve\n\x1b[2J\u202e=1+1\u2028<script>"
	for _, tc := range []struct {
		module string
		vars   []string
		args   []string
		status int
	}{
		{"runbooks/compromised-client", []string{"app_id=" + exampleClient}, []string{"apply", "-refresh-only", "-auto-approve"}, 0},
		{"runbooks/compromised-user", []string{"user_id=" + exampleUser}, []string{"apply", "-refresh-only", "-auto-approve"}, 0},
		{"audits/drift-guard", []string{`forbidden={ rule = { never_expires = true } }`}, []string{"plan"}, 1},
	} {
		t.Run(tc.module, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t, func(org *oktafake.Org) {
				org.AddUser(oktafake.User{ID: exampleUser, Name: hostile})
				org.AddClient(oktafake.App{ID: exampleClient, Name: hostile})
				org.AddToken(oktafake.Token{AuthServerID: exampleServer, ClientID: exampleClient, UserID: exampleUser})
			})
			c := newModule(t, newCLI(t, org, ""), tc.module)
			for _, variable := range append(tc.vars, "reason=a test") {
				c.set(variable)
			}
			o := c.do(tc.status, tc.args...)
			shown := o.stdout + o.stderr
			if strings.ContainsAny(shown, "\x1b\u202e\u2028") || strings.Contains(shown, "Eve\n") || !strings.Contains(shown, "Eve??[2J") {
				t.Errorf("got %q\nwant the name without what cannot be printed", shown)
			}
			if tc.status != 0 {
				return
			}
			got := c.outputs()
			diff(t, "tokens in before_csv", len(idsIn(t, got["before_csv"])), 1)
			if strings.Contains(fmt.Sprint(got["before_html"]), "=1+1\u2028<script>") {
				t.Error("the page has a name as markup")
			}
		})
	}
}

var invocation = regexp.MustCompile(`-invoke=\S+`)

// The action's face of a runbook revokes what the resource's does. It is a file that
// one opts into, beside which OpenTofu goes on as before.
func TestAccActionsOfRunbooks(t *testing.T) {
	t.Parallel()
	for _, rc := range runbookCases {
		t.Run(rc.name, func(t *testing.T) {
			t.Parallel()
			c, org := rc.newRunbook(t)
			if err := os.CopyFS(c.dir, os.DirFS(filepath.Join(c.dir, "action"))); err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(c.version(), "OpenTofu") {
				c.do(0, "plan")
				return
			}
			c.needTerraform(14)
			c.do(0, "plan", invocation.FindString(c.read("actions.tf")), "-out=revoke.tfplan")
			org.WantReads(t)
			rc.between(org)
			before := org.Tokens()
			c.do(0, "apply", "revoke.tfplan")
			rc.wantRevoked(t, org, before)
		})
	}
}

// idsIn are the token IDs in an output that is CSV, sorted.
func idsIn(t *testing.T, output any) []string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(fmt.Sprint(output))).ReadAll()
	if err != nil || len(records) == 0 {
		t.Fatalf("got the error %v in %q", err, output)
	}
	column := slices.Index(records[0], "id")
	var ids []string
	for _, record := range records[1:] {
		ids = append(ids, record[column])
	}
	return sorted(ids)
}

// dig is a member of an output that is an object.
func dig(outputs attributes, output, member string) any {
	object, _ := outputs[output].(map[string]any)
	return object[member]
}

func sorted(ids []string) []string { return slices.Sorted(slices.Values(ids)) }

// without are the IDs but for one.
func without(ids []string, id string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(other string) bool { return other == id })
}

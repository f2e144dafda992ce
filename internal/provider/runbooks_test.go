package provider

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// rehearsalOrg is the org that the suites of runbooks and audits name: the command
// oktafake's, in its default size.
func rehearsalOrg(t *testing.T) *oktafake.Server {
	t.Helper()
	return oktafake.New(t, func(org *oktafake.Org) {
		org.PageSize = 200
		oktafake.Populate(org, oktafake.Population{Servers: 2, Clients: 5, Tokens: 20, Users: 50, Seed: 1})
	})
}

// TestAccSuites runs the tests that come with runbooks and audits, each at an org
// of its own. What the environment says must not matter to them.
func TestAccSuites(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"runbooks", "audits"} {
		for _, dir := range exampleFiles(t, kind+"/*") {
			module := kind + "/" + filepath.Base(dir)
			t.Run(module, func(t *testing.T) {
				t.Parallel()
				org := rehearsalOrg(t)
				c := newModule(t, newCLI(t, org, ""), module)
				c.env["OKTA_ORG_URL"] = "http://127.0.0.1:1"
				for _, suite := range c.files("tests/*.tftest.hcl") {
					text := c.read(suite)
					if !strings.Contains(text, `org_url   = "`+rehearsalURL+`"`) {
						t.Fatalf("%s does not say that it tests at %s", suite, rehearsalURL)
					}
					c.write(suite, strings.ReplaceAll(text, rehearsalURL, org.URL))
				}
				if o := c.run("test", "-no-color"); o.status != 0 {
					t.Errorf("got %s\nwant every test to pass", o)
				}
				if kind == "audits" {
					wantReads(t, org)
				} else if len(org.RevokedIDs()) == 0 {
					t.Error("the suite has revoked nothing")
				}
			})
		}
	}
}

// rehearsalURL is where oktafake serves unless it is told otherwise.
const rehearsalURL = "http://127.0.0.1:8080"

// runbookCase is a runbook at the org of the examples.
type runbookCase struct {
	name string
	vars []string
	// users is the list in users.csv.
	users string
	// before is done to the org first, between after the plan was made.
	before, between func(*oktafake.Server)
	found           []string // what the plan shows
	revoked         []string // what the apply revokes
	left            int      // how many tokens the second look finds
	unknown         string   // a variable that names what is not there
	// flood is what tokens look like that a runbook takes even if they were issued
	// after its plan. It has no client where there are no such tokens.
	flood oktafake.Token
	sessions        []oktafake.EndedSession
}

const newToken = "oar0q9wker8Ty7Ui6Op1"

// issue is something that happens at the org: another token.
func issue(like oktafake.Token) func(*oktafake.Server) {
	return func(org *oktafake.Server) {
		if like.ID == "" {
			like.ID = newToken
		}
		org.AddToken(like)
	}
}

// used moves the last use of a token to now.
func used(id string) func(*oktafake.Server) {
	return func(org *oktafake.Server) {
		i := slices.IndexFunc(org.Tokens(), func(token oktafake.Token) bool { return token.ID == id })
		token := org.Tokens()[i]
		org.RemoveToken(id)
		token.LastUpdated = exampleNow.Add(-time.Minute)
		org.AddToken(token)
	}
}

func both(events ...func(*oktafake.Server)) func(*oktafake.Server) {
	return func(org *oktafake.Server) {
		for _, event := range events {
			event(org)
		}
	}
}

const bothServers = `auth_server_ids=["` + exampleServer + `","` + otherServer + `"]`

var runbookCases = []runbookCase{
	{
		name:    "compromised-client",
		vars:    []string{"app_id=" + exampleClient},
		between: issue(oktafake.Token{AuthServerID: otherServer, ClientID: exampleClient, UserID: breakGlassUser}),
		found:   []string{exampleToken, recentToken, leakedWriteToken, leakedReadToken, orgServerToken, otherServerToken},
		revoked: []string{exampleToken, recentToken, leakedWriteToken, leakedReadToken, orgServerToken, otherServerToken, newToken},
		unknown: "app_id=0oa0000000000000000",
		flood:   oktafake.Token{ClientID: exampleClient, UserID: breakGlassUser},
	},
	{
		name:     "compromised-user",
		vars:     []string{"user_id=" + exampleUser},
		between:  issue(oktafake.Token{ClientID: shopsTill, UserID: exampleUser}),
		found:    []string{exampleToken, leakedWriteToken, otherClientToken},
		revoked:  []string{exampleToken, leakedWriteToken, otherClientToken, newToken},
		unknown:  "user_id=00u0000000000000000",
		flood:    oktafake.Token{ClientID: shopsTill, UserID: exampleUser},
		sessions: []oktafake.EndedSession{{UserID: exampleUser, OAuthTokens: true, ForgetDevices: true}},
	},
	{
		// What was used before the plan may have been used in the window; what is used
		// for the first time after it was not.
		name:    "stolen-window",
		vars:    []string{bothServers, "since=2026-03-14T02:30:00Z", "until=2026-03-14T05:30:00Z"},
		before:  used(exampleToken),
		between: both(used(recentToken), used(leakedReadToken)),
		found:   []string{exampleToken, leakedWriteToken, leakedReadToken},
		revoked: []string{exampleToken, leakedWriteToken, leakedReadToken},
		left:    1,
		unknown: `auth_server_ids=["aus0000000000000000"]`,
	},
	{
		name: "risky-scope",
		vars: []string{bothServers, `scopes=["orders:write"]`},
		between: both(
			issue(oktafake.Token{AuthServerID: otherServer, ClientID: shopsTill, UserID: otherUser, Scopes: []string{"orders:write"}}),
			issue(oktafake.Token{ID: "oar0unconcerned", AuthServerID: otherServer, ClientID: shopsTill, UserID: otherUser, Scopes: []string{"orders:read"}}),
		),
		found:   []string{exampleToken, recentToken, leakedWriteToken, otherClientToken},
		revoked: []string{exampleToken, recentToken, leakedWriteToken, otherClientToken, newToken},
		unknown: `auth_server_ids=["aus0000000000000000"]`,
		flood:   oktafake.Token{AuthServerID: otherServer, ClientID: shopsTill, UserID: otherUser, Scopes: []string{"orders:write"}},
	},
	{
		// What is used meanwhile is spared, and what has not been seen is not hit.
		name: "stale-tokens",
		vars: []string{bothServers, "idle_days=90"},
		between: both(
			used(exampleToken),
			issue(oktafake.Token{AuthServerID: otherServer, ClientID: shopsTill, UserID: otherUser, Created: exampleNow.AddDate(-1, 0, 0)}),
		),
		found:   []string{exampleToken, idleOtherToken},
		revoked: []string{idleOtherToken},
		left:    1,
		unknown: `auth_server_ids=["aus0000000000000000"]`,
	},
	{
		name:    "offboarding",
		users:   "\ufeffuser_id,name\r\n" + otherUser + ",A\r\n\r\n " + exampleUser + " ,B\r\n,\r\n" + otherUser + ",A\r\n",
		vars:    []string{"users_csv=users.csv"},
		between: issue(oktafake.Token{AuthServerID: otherServer, ClientID: shopsTill, UserID: otherUser}),
		found:   []string{exampleToken, recentToken, leakedWriteToken, leakedReadToken, otherClientToken, idleOtherToken, orgServerToken, otherServerToken},
		revoked: []string{exampleToken, recentToken, leakedWriteToken, leakedReadToken, otherClientToken, idleOtherToken, orgServerToken, otherServerToken, newToken},
		unknown: "users_csv=unknown.csv",
		flood:   oktafake.Token{ClientID: shopsTill, UserID: otherUser},
	},
}

// newRunbook is a copy of the runbook, filled in, at an org in which its story has
// begun.
func (rc runbookCase) newRunbook(t *testing.T) (*cli, *oktafake.Server) {
	t.Helper()
	org := newExampleOrg(t)
	if rc.before != nil {
		rc.before(org)
	}
	c := newModule(t, newCLI(t, org, ""), "runbooks/"+rc.name)
	c.write("users.csv", rc.users)
	c.write("unknown.csv", "user_id\n00u0000000000000000\n"+exampleUser+"\n")
	for _, variable := range append(rc.vars, "reason=INC-1042: a test") {
		c.set(variable)
	}
	return c, org
}

// set sets a variable of the module to a value.
func (c *cli) set(variable string) {
	name, value, _ := strings.Cut(variable, "=")
	c.env["TF_VAR_"+name] = value
}

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
			diff(t, "verdict of the look", got["verdict"], nil)
			c.do(0, "plan", "-out=revoke.tfplan")
			wantReads(t, org)

			rc.between(org)
			before := org.Tokens()
			c.do(0, "apply", "revoke.tfplan")
			rc.wantRevoked(t, org, before)
			got = c.outputs()
			rc.check(t, got)

			// Once more, nothing is sent that is not a GET, and the record stays.
			org.ResetRequests()
			c.do(0, "apply", "-auto-approve")
			wantReads(t, org)
			diff(t, "revoked_csv after another apply", c.outputs()["revoked_csv"], got["revoked_csv"])

			// A token that is alive although the record has it as revoked is an error.
			back := rc.revoked[0]
			org.AddToken(before[slices.IndexFunc(before, func(token oktafake.Token) bool { return token.ID == back })])
			if o := c.do(1, "plan"); !wrapped("These tokens were revoked, and are alive: " + back + ".").MatchString(o.stderr) {
				t.Errorf("got %s\nwant the token that is alive", o)
			}
			wantReads(t, org)
		})
	}
}

// wantRevoked fails the test unless the org has lost what the runbook is to revoke,
// and nothing else.
func (rc runbookCase) wantRevoked(t *testing.T, org *oktafake.Server, before []oktafake.Token) {
	t.Helper()
	wantRevoked(t, org, rc.revoked...)
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
	diff(t, "revoked", dig(got, "revoked", "tokens"), any(float64(len(rc.revoked))))
	diff(t, "left", len(stringsIn(t, got["left"])), rc.left)
	opening := "Done. "
	if rc.left > 0 && rc.name != "stale-tokens" {
		opening = "Look closer. "
	}
	if verdict := fmt.Sprint(got["verdict"]); !strings.HasPrefix(verdict, fmt.Sprintf("%sTokens revoked: %d", opening, len(rc.revoked))) {
		t.Errorf("got the verdict %q, want it to begin with %q and to count %d", verdict, opening, len(rc.revoked))
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
			wantReads(t, org)
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

var invocation = regexp.MustCompile(`-invoke=\S+`)

// The action's face of a runbook revokes what the resource's does. It is a file that
// one opts into, beside which OpenTofu goes on as before.
func TestAccRunbooksAsActions(t *testing.T) {
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
			wantReads(t, org)
			rc.between(org)
			before := org.Tokens()
			c.do(0, "apply", "revoke.tfplan")
			rc.wantRevoked(t, org, before)
		})
	}
}

// files are the names of the files that match, of which there must be some.
func (c *cli) files(pattern string) []string {
	c.t.Helper()
	paths, err := filepath.Glob(filepath.Join(c.dir, pattern))
	if err != nil || len(paths) == 0 {
		c.t.Fatalf("got no %s, and the error %v", pattern, err)
	}
	names := make([]string, len(paths))
	for i, path := range paths {
		if names[i], err = filepath.Rel(c.dir, path); err != nil {
			c.t.Fatal(err)
		}
	}
	return names
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

package acceptance

import (
	"path/filepath"
	"strings"
	"testing"

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
					org.WantReads(t)
				} else if len(org.RevokedIDs()) == 0 {
					t.Error("the suite has revoked nothing")
				}
			})
		}
	}
}

// rehearsalURL is where oktafake serves unless it is told otherwise.
const rehearsalURL = "http://127.0.0.1:8080"

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

package acceptance

import (
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// With revoke_on_destroy, a replacement revokes the token that it is to adopt again. No way to one
// does that without a word, and what only destroys still revokes.
func TestAccCLIReplacementOfAnAdoptedToken(t *testing.T) {
	t.Parallel()
	const address = "oktatokens_refresh_token.test"
	const refused = "Replacement Would Revoke the Token"
	for _, tc := range []struct {
		name    string
		run     func(t *testing.T, c *cli)
		revoked bool
	}{
		{"replace", func(t *testing.T, c *cli) {
			wantError(t, c.do(1, "plan", "-replace="+address), refused)
		}, false},
		{"replace, to be revoked", func(_ *testing.T, c *cli) {
			c.configure(adoptedToken("revoke = true", ""))
			c.do(0, "apply", "-auto-approve", "-replace="+address)
		}, true},
		{"replace_triggered_by", func(t *testing.T, c *cli) {
			c.configure(adoptedToken("", "2"))
			wantError(t, c.do(1, "plan"), refused)
		}, false},
		{"taint", func(t *testing.T, c *cli) {
			c.run("taint", address).succeed(t)
			o := c.do(1, "apply", "-auto-approve")
			wantError(t, o, refused)
			wantError(t, o, "terraform untaint ADDRESS")
			c.run("untaint", address).succeed(t)
			c.do(0, "plan", "-detailed-exitcode")
		}, false},
		{"taint, then destroy", func(t *testing.T, c *cli) {
			c.run("taint", address).succeed(t)
			c.do(0, "destroy", "-auto-approve")
		}, true},
		{"destroy", func(_ *testing.T, c *cli) { c.do(0, "destroy", "-auto-approve") }, true},
		{"removed from the configuration", func(_ *testing.T, c *cli) {
			c.configure("")
			c.do(0, "apply", "-auto-approve")
		}, true},
		{"a change in place, then destroy", func(_ *testing.T, c *cli) {
			c.configure(adoptedToken("timeouts {\n read = \"5m\"\n}", ""))
			c.do(0, "apply", "-auto-approve")
			c.do(0, "plan", "-detailed-exitcode")
			c.do(0, "destroy", "-auto-approve")
		}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			org.AddTokens(held, "oar1")
			c := newCLI(t, org, adoptedToken("", "1"))
			c.do(0, "apply", "-auto-approve")
			tc.run(t, c)
			if tc.revoked {
				org.WantRevoked(t, "oar1")
			} else {
				org.WantReads(t)
			}
		})
	}
}

// adoptedToken is the configuration of a token that is revoked on destroy, and replaced with
// another trigger if there is one.
func adoptedToken(more, trigger string) string {
	lifecycle := ""
	if trigger != "" {
		lifecycle = "lifecycle {\n  replace_triggered_by = [terraform_data.trigger]\n}\n"
	}
	return `resource "terraform_data" "trigger" { input = "` + trigger + `" }
resource "oktatokens_refresh_token" "test" {
  auth_server_id    = "aus1"
  client_id         = "0oa1"
  token_id          = "oar1"
  revoke_on_destroy = true
` + more + "\n" + lifecycle + "}\n"
}

// wantError fails the test unless this is in the errors of a command.
func wantError(t *testing.T, o outcome, want string) {
	t.Helper()
	if !wrapped(want).MatchString(o.stderr) {
		t.Errorf("got %s\nwant %q in an error", o, want)
	}
}

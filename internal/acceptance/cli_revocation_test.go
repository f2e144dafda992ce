package acceptance

import (
	"net/http"
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// A real CLI deletes and creates what it has tainted in one process, and so keeps one record.
// With create_before_destroy, untaint does.
func TestAccCLIFailedCreateGoesOn(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		lifecycle string
		untaint   bool
	}{
		"tainted":               {},
		"untainted":             {untaint: true},
		"create_before_destroy": {lifecycle: "lifecycle {\n  create_before_destroy = true\n}\n", untaint: true},
		"prevent_destroy":       {lifecycle: "lifecycle {\n  prevent_destroy = true\n}\n", untaint: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ids := oktafake.IDs("oar", 6)
			broken := oktafake.FailToRevoke(ids[2:]...)
			org := oktafake.New(t, func(org *oktafake.Org) {
				org.Intercept = func(w http.ResponseWriter, r *http.Request) bool { return broken(w, r) }
			})
			org.AddTokens(held, ids...)
			c := newCLI(t, org, noRetries+revoking(ofClient.With(attributes{"token_ids": list(ids...)}), tc.lifecycle))
			o := c.do(1, "apply", "-auto-approve")
			if want := "terraform untaint"; !strings.Contains(o.stderr, want) || !strings.Contains(o.stderr, revocationAddress) {
				t.Errorf("got %s\nwant %q and the address", o, want)
			}
			broken = oktafake.FailToRevoke()
			org.ResetRequests()
			if tc.untaint {
				if o := c.run("untaint", revocationAddress); o.status != 0 {
					t.Fatalf("untaint: got %s", o)
				}
			}
			o = c.do(0, "plan", "-out=plan.bin")
			if got := wrapped("The last apply stopped half-way, with 2 refresh tokens of").MatchString(o.stdout); got == tc.untaint {
				t.Errorf("got %s\nwant that the record goes on only where the plan looks like a loss", o)
			}
			c.do(0, "apply", "plan.bin")
			org.WantDeletes(t, pathsOf(ids[2:]...)...)
			state := c.state()
			diff(t, "revoked_token_ids", stringsIn(t, state["revoked_token_ids"]), ids)
			diff(t, "counts", []any{state["revoked_count"], state["already_gone_count"]}, []any{6.0, 0.0})
			if tokens := stringsIn(t, state["revoked_tokens"]); len(tokens) != 6 {
				t.Errorf("got %d revoked_tokens, want 6", len(tokens))
			}
			c.do(0, "plan", "-detailed-exitcode")

			// The record is complete now: to replace it by hand starts a new one.
			org.AddTokens(held, "oar7")
			c.configure(noRetries + revoking(ofClient.With(attributes{"token_ids": list("oar7")})))
			c.do(0, "apply", "-auto-approve", "-replace="+revocationAddress)
			diff(t, "revoked_token_ids", stringsIn(t, c.state()["revoked_token_ids"]), []string{"oar7"})
		})
	}
}

// A saved plan is applied with another OKTA_ORG_URL. Terraform and OpenTofu find out before
// they ask for the revocation.
func TestAccCLISavedPlanAtAnotherOrg(t *testing.T) {
	t.Parallel()
	here, there := oktafake.New(t), oktafake.New(t)
	here.AddTokens(held, "oar1")
	there.AddTokens(held, "oar2")
	c := newCLI(t, here, revoking(allOfClient))
	c.do(0, "plan", "-out=plan.bin")
	c.env["OKTA_ORG_URL"], c.env["OKTA_API_TOKEN"] = there.URL, there.APIToken
	o := c.do(1, "apply", "plan.bin")
	for _, want := range []string{"org_url", here.URL, there.URL} {
		if !strings.Contains(o.stderr, want) {
			t.Errorf("got %s\nwant %q in the error", o, want)
		}
	}
	there.WantReads(t)
	there.WantRevoked(t)
	here.WantRevoked(t)

	// In place, where the state names its org, the provider has the word.
	c.env["OKTA_ORG_URL"], c.env["OKTA_API_TOKEN"] = here.URL, here.APIToken
	c.do(0, "apply", "-auto-approve")
	c.configure(revoking(allOfClient.With(attributes{"dry_run": true})))
	c.do(0, "plan", "-out=plan.bin")
	c.env["OKTA_ORG_URL"], c.env["OKTA_API_TOKEN"] = there.URL, there.APIToken
	there.ResetRequests()
	if o := c.do(1, "apply", "plan.bin"); !wrapped("Revocation of Another Org").MatchString(o.stderr) {
		t.Errorf("got %s\nwant the provider's own error", o)
	}
	there.WantNoRequests(t)
}

// With the state of another org, Terraform plans once more before it plans to destroy. So a
// destroy fails, unless it is told not to refresh. Taking out the block works.
func TestAccCLIDestroyAtAnotherOrg(t *testing.T) {
	t.Parallel()
	here, there := oktafake.New(t), oktafake.New(t)
	here.AddTokens(held, "oar1")
	there.AddTokens(held, "oar1")
	c := newCLI(t, here, revoking(allOfClient))
	c.do(0, "apply", "-auto-approve")
	c.env["OKTA_ORG_URL"], c.env["OKTA_API_TOKEN"] = there.URL, there.APIToken
	if o := c.do(1, "plan", "-destroy"); !wrapped("Revocation of Another Org").MatchString(o.stderr) {
		t.Errorf("got %s\nwant the provider's own error", o)
	}
	c.do(0, "plan", "-destroy", "-refresh=false")
	c.configure("")
	c.do(0, "apply", "-auto-approve")
	if got := c.run("state", "list").stdout; got != "" {
		t.Errorf("got the state %q, want it empty", got)
	}
	there.WantReads(t)
	there.WantRevoked(t)
}

package acceptance

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/tfcore"
)

const adoptExample = "resources/oktatokens_refresh_token/"

// TestAccRefreshTokenExamples applies every example on its own, plans it again and
// destroys it.
func TestAccRefreshTokenExamples(t *testing.T) {
	revokes := map[string]struct{ applied, destroyed []string }{
		"resource_revoke.tf":            {applied: []string{exampleToken}},
		"resource_revoke_on_destroy.tf": {destroyed: []string{exampleToken}},
	}
	for _, file := range exampleFiles(t, adoptExample+"resource*.tf") {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			org := newExampleOrg(t)
			accept(t, org,
				resource.TestStep{
					Config:        readExample(t, file),
					PostApplyFunc: func() { org.WantRevoked(t, revokes[name].applied...) },
				},
				resource.TestStep{Config: "locals {}"},
			)
			org.WantRevoked(t, append(revokes[name].applied, revokes[name].destroyed...)...)
		})
	}
}

// TestAccImportExamples imports the resource of the first example.
func TestAccImportExamples(t *testing.T) {
	config := readExample(t, exampleFiles(t, adoptExample+"resource.tf")[0])
	for _, file := range exampleFiles(t, adoptExample+"import-*.tf") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			var checks []tfversion.TerraformVersionCheck
			if strings.Contains(file, "identity") {
				checks = append(checks, tfversion.SkipBelow(tfversion.Version1_12_0))
			}
			org := newExampleOrg(t)
			resource.ParallelTest(t, resource.TestCase{
				ProtoV6ProviderFactories: factories(org),
				TerraformVersionChecks:   checks,
				Steps: []resource.TestStep{{
					Config: config + readExample(t, file),
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
						plancheck.ExpectResourceAction("oktatokens_refresh_token.example", plancheck.ResourceActionNoop),
					}},
				}},
			})
			org.WantReads(t)
		})
	}
}

func TestAccCLIImportExample(t *testing.T) {
	t.Parallel()
	imported := 0
	for line := range strings.Lines(readExample(t, exampleFiles(t, adoptExample+"import.sh")[0])) {
		args, found := strings.CutPrefix(line, "terraform import ")
		if !found {
			continue
		}
		imported++
		org := newExampleOrg(t)
		c := newCLI(t, org, readExample(t, exampleFiles(t, adoptExample+"resource.tf")[0]))
		c.do(0, append([]string{"import"}, strings.Fields(args)...)...)
		if got := c.stateOf("oktatokens_refresh_token.example")["status"]; got != "ACTIVE" {
			t.Errorf("after %s: got the status %v, want ACTIVE", line, got)
		}
		org.WantReads(t)
	}
	if imported != 3 {
		t.Errorf("got %d commands, want one for each parent", imported)
	}
}

// TestAccCLIListExamples runs each query, and plans the imports that it generates.
func TestAccCLIListExamples(t *testing.T) {
	t.Parallel()
	finds := map[string]int{"list-resource.tfquery.hcl": 1, "list-resource_all_clients.tfquery.hcl": 6, "list-resource_user.tfquery.hcl": 3}
	for _, file := range exampleFiles(t, "list-resources/*/*.tfquery.hcl") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			org := newExampleOrg(t)
			c := newQueryCLI(t, org)
			o := c.query(readExample(t, file), "-json", "-generate-config-out=tokens.tf").succeed(t)
			diff(t, "warnings", tfcore.Summaries(o.diagnostics(t)), []string{})
			want := finds[filepath.Base(file)]
			if got := strings.Count(o.stdout, `"type":"list_resource_found"`); got != want || want == 0 {
				t.Errorf("got %d tokens, want %d and not none", got, want)
			}
			plan := fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", want)
			if got := c.do(0, "plan").stdout; !strings.Contains(got, plan) {
				t.Errorf("got the plan\n%s\nwant %q", got, plan)
			}
			if got := org.RequestsOf(http.MethodDelete); len(got) > 0 {
				t.Errorf("got the requests %v, want no DELETE", got)
			}
		})
	}
}

package provider

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// ofClient is the parent of most tests, a client of an authorization server.
var ofClient = attributes{"auth_server_id": "aus1", "client_id": "0oa1"}

// Where the tokens of that parent are; oneToken is a pattern of the fake's hooks.
const (
	allTokens = "/api/v1/authorizationServers/aus1/clients/0oa1/tokens"
	oneToken  = allTokens + "/*"
)

// held is what a token of that parent looks like.
var held = oktafake.Token{AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1", Scopes: []string{"openid", "offline_access"}}

// noRetries is a provider block for tests in which Okta fails, so that they need
// not wait.
const noRetries = `provider "oktatokens" { max_retries = 0 }
`

// epoch is the day of the tokens whose instants a test looks at.
var epoch = oktafake.Epoch

// add gives an org tokens like this one, each a second younger than the one before.
func add(org *oktafake.Server, like oktafake.Token, ids ...string) { org.AddTokens(like, ids...) }

// numbered names n tokens, in the order of their age and of the alphabet.
func numbered(n int) []string { return oktafake.IDs("oar", n) }

// environment is that of a provider which finds an org with nothing configured.
func environment(org *oktafake.Server) map[string]string {
	return map[string]string{"OKTA_ORG_URL": org.URL, "OKTA_API_TOKEN": org.APIToken}
}

// newProvider is a provider in an environment of its own.
func newProvider(env map[string]string) *oktatokensProvider {
	return &oktatokensProvider{version: "test", getenv: func(name string) string { return env[name] }}
}

// factories serve a provider that finds an org with nothing configured.
func factories(org *oktafake.Server) map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"oktatokens": func() (tfprotov6.ProviderServer, error) { return newServer(newProvider(environment(org))), nil },
	}
}

// accept runs the steps of an acceptance test against an org.
func accept(t *testing.T, org *oktafake.Server, steps ...resource.TestStep) {
	t.Helper()
	resource.ParallelTest(t, resource.TestCase{ProtoV6ProviderFactories: factories(org), Steps: steps})
}

// answering is a hook that answers every request with this JSON.
func answering(body string) oktafake.Responder {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body)) // the client would complain
		return true
	}
}

const revocationAddress = "oktatokens_revocation.test"

// revocation is the configuration of a revocation, in lines of HCL.
func revocation(lines ...string) string {
	return "resource \"oktatokens_revocation\" \"test\" {\n" + strings.Join(lines, "\n") + "\n}\n"
}

// revoking is the configuration of a revocation with these arguments.
func revoking(arguments attributes) string { return revocation(hclLines(arguments)) }

// data is the configuration of a data source named test.
func data(kind string, arguments attributes) string {
	return configuration.Block(`data "oktatokens_`+kind+`" "test"`, arguments)
}

// later is a value that is not known until it is applied.
func later(v any) string {
	return fmt.Sprintf("resource \"terraform_data\" \"later\" { input = { value = %s } }\n", hcl(v))
}

// laterRef is the value of later.
const laterRef expression = "terraform_data.later.output.value"

// known is what a test expects of an object's attributes.
type known map[string]knownvalue.Check

// state checks attributes of an object in the state.
func (k known) state(address string) []statecheck.StateCheck {
	var checks []statecheck.StateCheck
	for name, check := range k {
		checks = append(checks, statecheck.ExpectKnownValue(address, tfjsonpath.New(name), check))
	}
	return checks
}

// record checks attributes of the revocation in the state.
func (k known) record() []statecheck.StateCheck { return k.state(revocationAddress) }

var (
	null  = knownvalue.Null()
	exact = knownvalue.StringExact
	count = knownvalue.Int64Exact
)

// listOf is exactly this list of strings.
func listOf(members ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, len(members))
	for i, member := range members {
		checks[i] = exact(member)
	}
	return knownvalue.ListExact(checks)
}

// planned expects an action on the revocation, and perhaps more of the plan.
func planned(action plancheck.ResourceActionType, more ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: append([]plancheck.PlanCheck{plancheck.ExpectResourceAction(revocationAddress, action)}, more...)}
}

// again is a step with the same configuration, in which nothing is to be done.
func again(config string) resource.TestStep {
	return resource.TestStep{
		Config:           config,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
	}
}

// wrapped matches text in the CLI's output, which breaks lines at the terminal
// width.
func wrapped(text string) *regexp.Regexp {
	return regexp.MustCompile(strings.ReplaceAll(regexp.QuoteMeta(text), " ", `[\s│]+`))
}

// requests are the lines of all requests, in the order of their arrival.
func requests(org *oktafake.Server) []string {
	var lines []string
	for _, r := range org.Requests() {
		lines = append(lines, r.String())
	}
	return lines
}

// failOnPageTwo is a hook for a list that breaks off after its first page.
func failOnPageTwo(w http.ResponseWriter, r *http.Request) bool {
	if !r.URL.Query().Has("after") {
		return false
	}
	return oktafake.Fail(http.StatusInternalServerError, "E0000009", "Internal Server Error")(w, r)
}

// wantDeletes fails the test unless the org got exactly these DELETEs, in any
// order.
func wantDeletes(t *testing.T, org *oktafake.Server, paths ...string) {
	t.Helper()
	org.WantDeletes(t, paths...)
}

// wantReads fails the test if a request was sent that is not a GET.
func wantReads(t *testing.T, org *oktafake.Server) { t.Helper(); org.WantReads(t) }

// wantNoRequests fails the test if the org got any.
func wantNoRequests(t *testing.T, org *oktafake.Server) { t.Helper(); org.WantNoRequests(t) }

// wantRevoked fails the test unless just these tokens were revoked, in any
// order.
func wantRevoked(t *testing.T, org *oktafake.Server, ids ...string) {
	t.Helper()
	org.WantRevoked(t, ids...)
}

// paths are the paths of tokens of the usual parent.
func paths(ids ...string) []string {
	paths := make([]string, len(ids))
	for i, id := range ids {
		paths[i] = allTokens + "/" + id
	}
	return paths
}

// diff compares; nothing and an empty list are the same.
func diff(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

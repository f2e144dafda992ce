package acceptance

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/protocol"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/provider"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/tfcore"
)

// The values of tests are those of package tfcore.
type (
	attributes = tfcore.Object
	expression = tfcore.Expression
	diagnostic = tfcore.Diagnostic
)

func list(members ...string) []any { return tfcore.List(members...) }

// Parents and tokens of most tests: a client of an authorization server.
const (
	allTokens = "/api/v1/authorizationServers/aus1/clients/0oa1/tokens"
	oneToken  = allTokens + "/*"
)

var (
	ofClient    = attributes{"auth_server_id": "aus1", "client_id": "0oa1"}
	allOfClient = ofClient.With(attributes{"all": true})
	held        = oktafake.Token{AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1", Scopes: []string{"openid", "offline_access"}}
)

// pathsOf are the paths of tokens of the usual parent.
func pathsOf(ids ...string) []string {
	paths := make([]string, len(ids))
	for i, id := range ids {
		paths[i] = allTokens + "/" + id
	}
	return paths
}

// noRetries is a provider block for tests in which Okta fails: they do not wait for retries.
const noRetries = `provider "oktatokens" { max_retries = 0 }
`

// configuration writes HCL for the provider.
var configuration = tfcore.HCL{Blocks: []string{"filter", "timeouts"}}

const (
	revocationTypeName = "oktatokens_revocation"
	revocationAddress  = revocationTypeName + ".test"
	tokensAddress      = "data.oktatokens_refresh_tokens.test"
	adoptedAddress     = "oktatokens_refresh_token.test"
)

// revoking is the configuration of a revocation with these arguments, and more lines.
func revoking(arguments attributes, more ...string) string {
	return configuration.Block(`resource "oktatokens_revocation" "test"`, arguments, more...)
}

// Configurations of an adopted token, the first of the usual parent's.
var (
	adopted       = ofClient.With(attributes{"token_id": "oar1"})
	revokeAdopted = adopted.With(attributes{"revoke": true})
	adoptedForNow = adopted.With(attributes{"revoke_on_destroy": true})
)

// adopting is the configuration of an adopted token with these arguments.
func adopting(arguments attributes) string {
	return configuration.Block(`resource "oktatokens_refresh_token" "test"`, arguments)
}

// data is the configuration of a data source named test.
func data(kind string, arguments attributes) string {
	return configuration.Block(`data "oktatokens_`+kind+`" "test"`, arguments)
}

// invoking is the configuration of an action named test with these arguments.
func invoking(arguments attributes) string {
	return "action \"oktatokens_revoke\" \"test\" {\nconfig {\n" + configuration.Body(arguments) + "\n}\n}\n"
}

// finding is the configuration of a list named test.
func finding(arguments attributes, settings ...string) string {
	return fmt.Sprintf("list \"oktatokens_refresh_token\" \"test\" {\nprovider = oktatokens\n%s\nconfig {\n%s\n}\n}\n",
		strings.Join(settings, "\n"), configuration.Body(arguments))
}

// newAdoptionOrg is an org with two tokens of the usual parent.
func newAdoptionOrg(t *testing.T, seeds ...oktafake.Seed) *oktafake.Server {
	t.Helper()
	org := oktafake.New(t, seeds...)
	org.AddUser(oktafake.User{ID: "00u1", Name: "Amara Abara"})
	org.AddTokens(held, "oar1", "oar2")
	return org
}

// environment is that of a provider which finds an org with nothing configured.
func environment(org *oktafake.Server) map[string]string {
	return map[string]string{"OKTA_ORG_URL": org.URL, "OKTA_API_TOKEN": org.APIToken}
}

// serving serves a provider that finds an org with nothing configured.
func serving(org *oktafake.Server, options ...provider.Option) func() protocol.Server {
	env := environment(org)
	options = append(options, provider.WithClock(func() time.Time { return org.Now() }), provider.WithEnvironment(func(name string) string { return env[name] }))
	return func() protocol.Server { return provider.NewServer("test", options...) }
}

// newCore is Terraform before a provider of an org, in memory.
func newCore(t *testing.T, org *oktafake.Server, config attributes) *tfcore.Resource {
	t.Helper()
	return tfcore.New(t, tfcore.Options{Serve: serving(org), Config: config}).Resource(revocationTypeName)
}

// schemas are the provider's.
func schemas(t *testing.T) *tfprotov6.GetProviderSchemaResponse {
	t.Helper()
	return newCore(t, oktafake.InMemory(t), nil).Schemas
}

func factories(org *oktafake.Server) map[string]func() (tfprotov6.ProviderServer, error) {
	serve := serving(org)
	return map[string]func() (tfprotov6.ProviderServer, error){
		"oktatokens": func() (tfprotov6.ProviderServer, error) { return serve(), nil },
	}
}

// accept runs the steps of an acceptance test against an org.
func accept(t *testing.T, org *oktafake.Server, steps ...resource.TestStep) {
	t.Helper()
	resource.ParallelTest(t, resource.TestCase{ProtoV6ProviderFactories: factories(org), Steps: steps})
}

// acceptFunction is accept, with a CLI that has functions.
func acceptFunction(t *testing.T, org *oktafake.Server, steps ...resource.TestStep) {
	t.Helper()
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(org),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)},
		Steps:                    steps,
	})
}

// atOrg is a text with the org's URL for ORG.
func atOrg(org *oktafake.Server, text string) string { return strings.ReplaceAll(text, "ORG", org.URL) }

// most is how many IDs a line names.
const most = 10

// counted are tokens as an error counts and names them.
func counted(ids []string) string {
	return fmt.Sprintf("%s (%s)", prose.Count(len(ids), "refresh token"), prose.List(ids, most))
}

// inLines are IDs, ten to a line.
func inLines(ids []string) string {
	var lines []string
	for some := range slices.Chunk(ids, most) {
		lines = append(lines, "  "+prose.List(some, most))
	}
	return strings.Join(lines, "\n")
}

// wrapped matches text in the CLI's output, which breaks lines at the terminal width.
func wrapped(text string) *regexp.Regexp {
	return regexp.MustCompile(strings.ReplaceAll(regexp.QuoteMeta(text), " ", `[\s│]+`))
}

// diff compares; nothing and an empty list are the same.
func diff(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// triggering is a resource that triggers that action before it is created. Another wave creates it
// again.
func triggering(wave string) string { return tfcore.Triggering("oktatokens_revoke.test", wave) }

package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/tfcore"
)

// The values of tests are those of package tfcore.
type (
	attributes = tfcore.Object
	unknown    = tfcore.Unknown
	expression = tfcore.Expression
	diagnostic = tfcore.Diagnostic
	row        = tfcore.Row
)

func list(members ...string) []any { return tfcore.List(members...) }

func value(t *testing.T, typ tftypes.Type, v any) tftypes.Value {
	t.Helper()
	return tfcore.Value(t, typ, v)
}

func members(t testing.TB, v tftypes.Value) map[string]tftypes.Value {
	t.Helper()
	return tfcore.Members(t, v)
}

func plain(t *testing.T, v tftypes.Value) any { t.Helper(); return tfcore.Plain(t, v) }

func object(t *testing.T, v tftypes.Value) attributes { t.Helper(); return tfcore.ObjectOf(t, v) }

func asObject(t *testing.T, v any) attributes { t.Helper(); return tfcore.AsObject(t, v) }

func each(t *testing.T, list any, name string) []any { t.Helper(); return tfcore.Each(t, list, name) }

func errorsOf(diags []diagnostic) []diagnostic { return tfcore.Errors(diags) }

func warningsOf(diags []diagnostic) []diagnostic { return tfcore.Warnings(diags) }

func summaries(diags []diagnostic) []string { return tfcore.Summaries(diags) }

func diagnosticsIn(rows []row) []diagnostic { return tfcore.RowDiagnostics(rows) }

// configuration writes HCL for this provider.
var configuration = tfcore.HCL{Blocks: []string{"filter", "timeouts"}}

func hcl(v any) string { return configuration.Value(v) }

func hclLines(arguments attributes) string { return configuration.Body(arguments) }

// splitDetail is a diagnostic's detail, and Okta's words at its end.
func splitDetail(d diagnostic) (detail, words string) {
	detail, words, _ = strings.Cut(d.Detail, "\n\n")
	return detail, words
}

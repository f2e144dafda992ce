package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// takenInventory is what the data source would pass on, in short.
var takenInventory = attributes{
	"org_url": "https://acme.okta.com", "complete": true, "token_count": 9223372036854775807, "on_error": "fail", "users": nil,
	"clients": []any{attributes{"client_id": "0oa1", "client_name": "<b>Till", "token_count": 2, "oldest_created": "2025-03-15T08:00:00Z"}},
}

func TestHTMLReportFunction(t *testing.T) {
	t.Parallel()
	page, failure := call(t, "html_report", literal(t, "Audit & more"), literal(t, takenInventory.With(attributes{"read_at": "2026-03-15T12:00:00Z"})))
	if failure != nil {
		t.Fatal(failure.Text)
	}
	for _, want := range []string{"<!doctype html>", "<h1>Audit &amp; more</h1>", "https://acme.okta.com", "9,223,372,036,854,775,807", "&lt;b&gt;Till", "2026-03-15 12:00 UTC", "365 days"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestHTMLReportFunctionRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name      string
		title     string
		inventory any
		argument  int64
		want      string
	}{
		{"no title", " ", takenInventory, 0, "a page needs a title"},
		{"null", "Audit", nil, 1, "want an inventory, got null"},
		{"a list", "Audit", []any{takenInventory}, 1, "want an inventory, got a list"},
		{"no inventory", "Audit", attributes{"tokens": []any{}, "token_count": 0}, 1, "this is no inventory, because it has no complete and no clients; " +
			"pass an oktatokens_inventory data source, or an object with at least complete, token_count and clients"},
		{"a part of another type", "Audit", takenInventory.With(attributes{"clients": "many"}), 1, "this is no inventory: clients is a string, want a list"},
		{"no instant", "Audit", takenInventory.With(attributes{"read_at": "today"}), 1, "read_at is not a time in RFC 3339, such as 2026-03-15T12:00:00Z"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, got := call(t, "html_report", literal(t, tc.title), literal(t, tc.inventory))
			wantFunctionError(t, got, tc.argument, tc.want)
		})
	}
}

func TestAccHTMLReport(t *testing.T) {
	taken := fmt.Sprintf("locals { taken = %s }\n", hcl(takenInventory))
	title := knownvalue.StringFunc(func(got string) error {
		if !strings.Contains(got, "<title>Audit</title>") || !strings.Contains(got, "2026-03-15 12:00 UTC") {
			return fmt.Errorf("got %.500q, want a page with its title and time", got)
		}
		return nil
	})
	acceptFunction(
		t, oktafake.New(t),
		resource.TestStep{
			Config:      `output "page" { value = provider::oktatokens::html_report("Audit", { tokens = [] }) }`,
			ExpectError: wrapped("this is no inventory, because it has no complete"),
		},
		resource.TestStep{
			Config:            taken + `output "page" { value = provider::oktatokens::html_report("Audit", merge(local.taken, { read_at = "2026-03-15T12:00:00Z" })) }`,
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("page", title)},
		},
		resource.TestStep{
			Config: later("2026-03-15T12:00:00Z") + taken +
				`output "page" { value = provider::oktatokens::html_report("Audit", merge(local.taken, { read_at = terraform_data.later.output.value })) }`,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownOutputValue("page"),
			}},
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("page", title)},
		},
	)
}

func BenchmarkHTMLReportFunction(b *testing.B) {
	users := make([]tftypes.Value, 100_000)
	for i := range users {
		users[i] = literal(b, attributes{"user_id": fmt.Sprintf("00u%017d", i), "user_name": "Amara Abara", "token_count": i % 100, "client_count": 3})
	}
	object := literal(b, takenInventory)
	all, types := members(b, object), map[string]tftypes.Type{}
	all["users"] = tftypes.NewValue(tftypes.List{ElementType: users[0].Type()}, users)
	for name, member := range all {
		types[name] = member.Type()
	}
	for b.Loop() {
		_, err := call(b, "html_report", literal(b, "Audit"), tftypes.NewValue(tftypes.Object{AttributeTypes: types}, all))
		if err != nil {
			b.Fatal(err.Text)
		}
	}
}

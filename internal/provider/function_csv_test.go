package provider

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

func TestCSVFunction(t *testing.T) {
	t.Parallel()
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String, "n": tftypes.Number}}
	rowOf := func(id any, n any) tftypes.Value {
		return tftypes.NewValue(object, map[string]tftypes.Value{"id": tftypes.NewValue(tftypes.String, id), "n": tftypes.NewValue(tftypes.Number, n)})
	}
	exact, _, err := big.ParseFloat("9223372036854775807.25", 10, 512, big.ToNearestEven)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		rows tftypes.Value
		want string
	}{
		{"a list", tftypes.NewValue(tftypes.List{ElementType: object}, []tftypes.Value{rowOf("b", 2), rowOf(nil, nil)}), "id,n\r\nb,2\r\n,\r\n"},
		{"a set", tftypes.NewValue(tftypes.Set{ElementType: object}, []tftypes.Value{rowOf("b", 2)}), "id,n\r\nb,2\r\n"},
		{"a list of maps", tftypes.NewValue(tftypes.List{ElementType: tftypes.Map{ElementType: tftypes.Bool}}, []tftypes.Value{
			tftypes.NewValue(tftypes.Map{ElementType: tftypes.Bool}, map[string]tftypes.Value{"x": tftypes.NewValue(tftypes.Bool, true)}),
		}), "x\r\ntrue\r\n"},
		{"objects of several types", literal(t, []any{attributes{"a": "x", "b": nil}, attributes{"b": true}}), "a,b\r\nx,\r\n,true\r\n"},
		{"numbers to the last digit", literal(t, []any{attributes{"a": exact, "b": int64(9223372036854775807), "c": -5}}), "a,b,c\r\n9223372036854775807.25,9223372036854775807,-5\r\n"},
		{"formulas", literal(t, []any{attributes{"a": "=1+1", "b": []any{"@x"}}}), "a,b\r\n'=1+1,'@x\r\n"},
		{"nested", literal(t, []any{attributes{"a": []any{attributes{"k": 1}}}}), "a\r\n\"[{\"\"k\"\":1}]\"\r\n"},
		{"no rows", literal(t, []any{}), ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, failure := call(t, "csv", tc.rows)
			if failure != nil {
				t.Fatal(failure.Text)
			}
			diff(t, "text", got, tc.want)
		})
	}
}

func TestCSVFunctionRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		rows any
		want string
	}{
		{"null", nil, "want a list of objects, got null; an inventory has tokens only with include_tokens = true, and users only with include_users = true"},
		{"a string", "x", "want a list of objects, got a string"},
		{"one object", attributes{"a": "x"}, "want a list of objects, got an object; put it in brackets for a single row, or take values(...) of a map of objects"},
		{"a string among objects", []any{attributes{"a": "x"}, "x"}, "want a list of objects, got a string as rows[1]"},
		{"null among objects", []any{nil, attributes{"a": "x"}}, "want a list of objects, got null as rows[0]"},
		{"objects without attributes", []any{attributes{}}, "no row has an attribute, so there is no column to write"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, got := call(t, "csv", literal(t, tc.rows))
			wantFunctionError(t, got, 0, tc.want)
		})
	}
}

func TestCSVFunctionColumns(t *testing.T) {
	t.Parallel()
	rows := []any{attributes{"id": "oar1", "created": "x", "status": nil}, attributes{"id": "oar2", "user_id": "00u1"}}
	for _, tc := range []struct {
		name    string
		rows    []any
		columns []string
		want    string
	}{
		{"in the order named", rows, []string{"user_id", "id"}, "user_id,id\r\n,oar1\r\n00u1,oar2\r\n"},
		{"one", rows, []string{"status"}, "status\r\n\"\"\r\n\"\"\r\n"},
		{"none", rows, nil, "created,id,status,user_id\r\nx,oar1,,\r\n,oar2,,00u1\r\n"},
		{"without rows", []any{}, []string{"user_id", "id"}, "user_id,id\r\n"},
	} {
		got, failure := call(t, "csv", csvArguments(t, tc.rows, tc.columns...)...)
		if failure != nil {
			t.Fatal(failure.Text)
		}
		diff(t, tc.name, got, tc.want)
	}
	_, got := call(t, "csv", csvArguments(t, rows, "id", "user")...)
	wantFunctionError(t, got, 2, `no row has the column "user"; did you mean "user_id"?`)
	_, got = call(t, "csv", csvArguments(t, rows, "id", "status", "id")...)
	wantFunctionError(t, got, 3, `the column "id" is named twice; remove one of them`)
}

func csvArguments(t *testing.T, rows []any, columns ...string) []tftypes.Value {
	t.Helper()
	arguments := []tftypes.Value{literal(t, rows)}
	for _, column := range columns {
		arguments = append(arguments, tftypes.NewValue(tftypes.String, column))
	}
	return arguments
}

// Each kind of token, client and user has an order of its own; any other object is written by name.
func TestCSVFunctionKnowsObjects(t *testing.T) {
	t.Parallel()
	const token = "id,status,client_id,user_id,issuer,created,last_updated,expires_at,scopes,auth_server_id,app_id,client_name,user_name,auth_server_name,app_name"
	for _, tc := range []struct {
		name string
		typ  types.ObjectType
		want string
	}{
		{"token", tokenType, token},
		{"token with scopes in full", detailedTokenFields(true).objectType(), token + ",scope_details"},
		{"client", clientFields.objectType(), "client_id,client_name,client_uri,logo_uri"},
		{"client of an inventory", inventoryClientFields.objectType(), "auth_server_id,auth_server_name,client_id,client_name,token_count,user_count,oldest_created,newest_created,oldest_last_updated,never_expires_count,scope_counts"},
		{"user", userFields.objectType(), "id,login,name,status"},
		{"user of an inventory", inventoryUserFields.objectType(), "user_id,user_name,token_count,client_count"},
		{"failure", failureFields.objectType(), "app_id,auth_server_id,client_id,error,tokens_seen,user_id"},
	} {
		typ := tftypes.List{ElementType: tc.typ.TerraformType(t.Context())}
		got, failure := call(t, "csv", value(t, typ, []any{attributes{}}))
		if failure != nil {
			t.Fatal(failure.Text)
		}
		header, _, _ := strings.Cut(got, "\r\n")
		diff(t, tc.name, header, tc.want)
	}
}

// OpenTofu sends nothing at all for a null argument.
func TestCSVFunctionTakesNothingForNull(t *testing.T) {
	t.Parallel()
	for name, argument := range map[string]*tfprotov6.DynamicValue{"empty": {}, "nil": nil} {
		req := &tfprotov6.CallFunctionRequest{Name: "csv", Arguments: []*tfprotov6.DynamicValue{argument}}
		resp, err := newServer(newProvider(nil)).CallFunction(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		if resp.Error == nil || !strings.HasPrefix(resp.Error.Text, "want a list of objects, got null;") {
			t.Errorf("%s: got %+v, want the error about null", name, resp.Error)
		}
	}
}

func TestAccCSV(t *testing.T) {
	org := oktafake.New(t)
	add(org, held, numbered(3)...)
	tokens := data("refresh_tokens", ofClient)
	acceptFunction(
		t, org,
		resource.TestStep{
			// Not null itself, which is unknown to OpenTofu when it has no type.
			Config:      `output "bad" { value = provider::oktatokens::csv(tolist(null)) }`,
			ExpectError: wrapped("want a list of objects, got null"),
		},
		resource.TestStep{
			Config:      `output "bad" { value = provider::oktatokens::csv([{ id = "oar1" }], "idd") }`,
			ExpectError: wrapped(`no row has the column "idd"; did you mean "id"?`),
		},
		resource.TestStep{
			Config: tokens + `
output "all" { value = provider::oktatokens::csv(data.oktatokens_refresh_tokens.test.tokens) }
output "some" { value = provider::oktatokens::csv([for t in data.oktatokens_refresh_tokens.test.tokens : { id = t.id, scopes = t.scopes, expires_at = t.expires_at, n = 1, none = null }]) }
output "named" { value = provider::oktatokens::csv(data.oktatokens_refresh_tokens.test.tokens, "status", ["id", "client_id"]...) }
output "none" { value = provider::oktatokens::csv([]) }
`,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("all", knownvalue.StringFunc(func(got string) error {
					if lines := strings.Split(got, "\r\n"); len(lines) != 5 || lines[4] != "" || !strings.HasPrefix(lines[0], "id,status,client_id,user_id,") {
						return fmt.Errorf("got %q, want a header and three tokens", got)
					}
					return nil
				})),
				statecheck.ExpectKnownOutputValue("some", exact("expires_at,id,n,none,scopes\r\n"+
					",oar0001,1,,offline_access openid\r\n,oar0002,1,,offline_access openid\r\n,oar0003,1,,offline_access openid\r\n")),
				statecheck.ExpectKnownOutputValue("named", exact("status,id,client_id\r\nACTIVE,oar0001,0oa1\r\nACTIVE,oar0002,0oa1\r\nACTIVE,oar0003,0oa1\r\n")),
				statecheck.ExpectKnownOutputValue("none", exact("")),
			},
		},
		resource.TestStep{
			Config: later("oar9") + "output \"later\" { value = provider::oktatokens::csv([{ id = terraform_data.later.output.value }]) }",
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownOutputValue("later"),
			}},
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("later", exact("id\r\noar9\r\n"))},
		},
	)
}

func BenchmarkCSVFunction(b *testing.B) {
	token := tokenType.TerraformType(b.Context())
	like := tftypes.NewValue(token, map[string]tftypes.Value{
		"id": tftypes.NewValue(tftypes.String, "oar1c7wpz5MbUr3Fj5d7"), "status": tftypes.NewValue(tftypes.String, "ACTIVE"),
		"client_id": tftypes.NewValue(tftypes.String, "0oa3f9hbc6JyPs1Qv5d7"), "user_id": tftypes.NewValue(tftypes.String, "00u6t4vnd2KgLe8Hx5d7"),
		"issuer":  tftypes.NewValue(tftypes.String, "https://acme.okta.com/oauth2/aus8k2lmq4RtXw7Zn5d7"),
		"created": tftypes.NewValue(tftypes.String, "2025-09-01T08:00:00.000Z"), "last_updated": tftypes.NewValue(tftypes.String, "2025-09-01T08:00:00.000Z"),
		"expires_at": tftypes.NewValue(tftypes.String, nil), "auth_server_id": tftypes.NewValue(tftypes.String, "aus8k2lmq4RtXw7Zn5d7"),
		"scopes":    tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, []tftypes.Value{tftypes.NewValue(tftypes.String, "openid")}),
		"app_id":    tftypes.NewValue(tftypes.String, "0oa3f9hbc6JyPs1Qv5d7"),
		"user_name": tftypes.NewValue(tftypes.String, "Amara Abara"), "client_name": tftypes.NewValue(tftypes.String, "Checkout Web"),
		"auth_server_name": tftypes.NewValue(tftypes.String, "default"), "app_name": tftypes.NewValue(tftypes.String, "Checkout Web"),
	})
	rows := make([]tftypes.Value, 100_000)
	each := make([]tftypes.Type, len(rows))
	for i := range rows {
		rows[i], each[i] = like, token
	}
	for name, value := range map[string]tftypes.Value{
		"list":  tftypes.NewValue(tftypes.List{ElementType: token}, rows),
		"tuple": tftypes.NewValue(tftypes.Tuple{ElementTypes: each}, rows),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := call(b, "csv", value); err != nil {
					b.Fatal(err.Text)
				}
			}
		})
	}
}

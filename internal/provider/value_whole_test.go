package provider

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// numbersOf are the numbers that can be configured in a schema.
func numbersOf(schema *tfprotov6.Schema) []string {
	var names []string
	for _, attribute := range schema.Block.Attributes {
		if (attribute.Optional || attribute.Required) && attribute.Type != nil && attribute.Type.Is(tftypes.Number) {
			names = append(names, attribute.Name)
		}
	}
	return names
}

func TestNumbersAreWhole(t *testing.T) {
	t.Parallel()
	c := newCore(t, oktafake.New(t), nil)
	validations := map[string]func(attributes) []diagnostic{}
	schemas := map[string]*tfprotov6.Schema{"provider": c.Schemas.Provider}
	validations["provider"] = func(config attributes) []diagnostic {
		_, diags := newCore(t, oktafake.New(t), config).configure()
		return diags
	}
	for name, schema := range c.Schemas.ResourceSchemas {
		schemas[name] = schema
		validations[name] = c.of(name[len("oktatokens_"):]).validate
	}
	for name, schema := range c.Schemas.DataSourceSchemas {
		schemas["data."+name] = schema
		validations["data."+name] = func(config attributes) []diagnostic { return c.validateData(name[len("oktatokens_"):], config) }
	}
	for name, schema := range c.Schemas.ActionSchemas {
		schemas["action."+name] = schema.Schema
		validations["action."+name] = c.validateAction
	}
	for name, schema := range c.Schemas.ListResourceSchemas {
		schemas["list."+name] = schema
		validations["list."+name] = c.of(name[len("oktatokens_"):]).ValidateList
	}
	found := 0
	for where, schema := range schemas {
		for _, name := range numbersOf(schema) {
			found++
			for fault, number := range map[string]any{
				"must be a whole number, not 49.5":                                             49.5,
				"must be a whole number, not -0.5":                                             -0.5,
				"must be a whole number, at most 9223372036854775807, not 1e+30":               1e30,
				"must be a whole number, at most 9223372036854775807, not 9223372036854775808": new(big.Float).SetUint64(math.MaxInt64 + 1),
				"must be a whole number, at least -9223372036854775808, not -1e+30":            -1e30,
			} {
				want := diagnostic{Summary: "Invalid Number", Attribute: name, Detail: name + " " + fault + "."}
				if got := errorsOf(validations[where](attributes{name: number})); !slices.Contains(got, want) {
					t.Errorf("%s: got the errors %+v, want %+v among them", where, got, want)
				}
			}
		}
	}
	if found < 7 {
		t.Errorf("found %d numbers, want at least 7", found)
	}
}

// A bound that is only known when an action is invoked is checked then.
func TestActionRefusesABoundThatIsNotWhole(t *testing.T) {
	t.Parallel()
	org := newSelectionOrg(t)
	_, diags := newCore(t, org, nil).invoke(allOfClient.With(attributes{"max_tokens": 49.5}))
	diff(t, "errors", summaries(diags), []string{"max_tokens: Invalid Number"})
	wantNoRequests(t, org)
}

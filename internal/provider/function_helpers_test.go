package provider

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// call calls a function as Terraform does: in a provider that is not configured.
func call(t testing.TB, name string, arguments ...tftypes.Value) (string, *tfprotov6.FunctionError) {
	t.Helper()
	server := newServer(newProvider(nil))
	functions, err := server.GetFunctions(t.Context(), &tfprotov6.GetFunctionsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	req := tfprotov6.CallFunctionRequest{Name: name}
	for i, argument := range arguments {
		// One of a dynamic type carries its own along.
		signature := functions.Functions[name]
		parameter := signature.VariadicParameter
		if i < len(signature.Parameters) {
			parameter = signature.Parameters[i]
		}
		encoded, err := tfprotov6.NewDynamicValue(parameter.Type, argument)
		if err != nil {
			t.Fatal(err)
		}
		req.Arguments = append(req.Arguments, &encoded)
	}
	resp, err := server.CallFunction(t.Context(), &req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Error != nil {
		return "", resp.Error
	}
	result, err := resp.Result.Unmarshal(tftypes.String)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	if err := result.As(&text); err != nil {
		t.Fatal(err)
	}
	return text, nil
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

// needFunctions skips a test where the CLI has no functions.
func (c *cli) needFunctions() {
	c.t.Helper()
	if about := c.version(); regexp.MustCompile(` v(0|1\.[0-7])\.`).MatchString(about) {
		c.t.Skipf("needs Terraform or OpenTofu 1.8, and the CLI is %s", about)
	}
}

// literal is a value of the type that Terraform gives to one that is written in a
// configuration: an object for braces, a tuple for brackets.
func literal(t testing.TB, v any) tftypes.Value {
	t.Helper()
	switch v := v.(type) {
	case nil:
		return tftypes.NewValue(tftypes.DynamicPseudoType, nil)
	case []any:
		values, types := make([]tftypes.Value, len(v)), make([]tftypes.Type, len(v))
		for i, element := range v {
			values[i] = literal(t, element)
			types[i] = values[i].Type()
		}
		return tftypes.NewValue(tftypes.Tuple{ElementTypes: types}, values)
	case attributes:
		values, types := map[string]tftypes.Value{}, map[string]tftypes.Type{}
		for name, member := range v {
			values[name] = literal(t, member)
			types[name] = values[name].Type()
		}
		return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, values)
	case string:
		return tftypes.NewValue(tftypes.String, v)
	case bool:
		return tftypes.NewValue(tftypes.Bool, v)
	default:
		return tftypes.NewValue(tftypes.Number, v)
	}
}

// wantFunctionError fails the test unless an argument was refused in these words.
func wantFunctionError(t *testing.T, got *tfprotov6.FunctionError, argument int64, text string) {
	t.Helper()
	if got == nil {
		t.Fatalf("got no error, want %q", text)
	}
	if got.Text != text || got.FunctionArgument == nil || *got.FunctionArgument != argument {
		t.Errorf("got the error %q about argument %v, want %q about %d", got.Text, got.FunctionArgument, text, argument)
	}
}

func TestFunctionsAreDescribed(t *testing.T) {
	t.Parallel()
	functions := newCore(t, oktafake.New(t), nil).Schemas.Functions
	for _, name := range []string{"csv", "html_report"} {
		f, ok := functions[name]
		if !ok {
			t.Fatalf("there is no function %s", name)
		}
		if f.Summary == "" || !strings.HasSuffix(f.Description, ".") {
			t.Errorf("%s is summed up as %q and described as %q, want a phrase and a sentence", name, f.Summary, f.Description)
		}
		for _, parameter := range f.Parameters {
			if !strings.HasSuffix(parameter.Description, ".") {
				t.Errorf("%s: %s is described as %q, want a sentence", name, parameter.Name, parameter.Description)
			}
			if parameter.AllowUnknownValues {
				t.Errorf("%s: %s is passed while it is unknown, which the function cannot use", name, parameter.Name)
			}
		}
	}
}

package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/tfcore"
)

// call calls a function of this provider.
func call(t testing.TB, name string, arguments ...tftypes.Value) (string, *tfprotov6.FunctionError) {
	t.Helper()
	result, failed := tfcore.Call(t, newServer(newProvider(nil)), name, arguments...)
	text, _ := result.(string)
	return text, failed
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

func literal(_ testing.TB, v any) tftypes.Value { return tfcore.Literal(v) }

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

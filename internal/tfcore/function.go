package tfcore

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Call calls a function as Terraform does: at a provider that is not configured.
func Call(t T, server tfprotov6.ProviderServer, name string, arguments ...tftypes.Value) (any, *tfprotov6.FunctionError) {
	t.Helper()
	functions, err := server.GetFunctions(t.Context(), &tfprotov6.GetFunctionsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	signature := functions.Functions[name]
	if signature == nil {
		t.Fatalf("there is no function %s", name)
	}
	req := tfprotov6.CallFunctionRequest{Name: name}
	for i, argument := range arguments {
		// One of a dynamic type carries its own along.
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
		return nil, resp.Error
	}
	result, err := resp.Result.Unmarshal(signature.Return.Type)
	if err != nil {
		t.Fatal(err)
	}
	return Plain(t, result), nil
}

package protocol

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// nullArguments encodes null arguments.
type nullArguments struct{ Server }

// CallFunction encodes the null arguments of OpenTofu 1.12, which sends an empty
// message for each. The framework reports that as a bug in the provider.
func (s nullArguments) CallFunction(ctx context.Context, req *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	null, err := tfprotov6.NewDynamicValue(tftypes.DynamicPseudoType, tftypes.NewValue(tftypes.DynamicPseudoType, nil))
	if err != nil {
		return nil, err
	}
	encoded := *req
	encoded.Arguments = slices.Clone(req.Arguments)
	for i, argument := range encoded.Arguments {
		if argument == nil || len(argument.MsgPack) == 0 && len(argument.JSON) == 0 {
			encoded.Arguments[i] = &null
		}
	}
	return s.Server.CallFunction(ctx, &encoded)
}

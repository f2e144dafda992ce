package protocol

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// nullArguments spells out null arguments.
type nullArguments struct{ Server }

// CallFunction spells out the null arguments of OpenTofu 1.12, which sends an
// empty message for one. The framework takes that for a fault of its own.
func (s nullArguments) CallFunction(ctx context.Context, req *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	null, err := tfprotov6.NewDynamicValue(tftypes.DynamicPseudoType, tftypes.NewValue(tftypes.DynamicPseudoType, nil))
	if err != nil {
		return nil, err
	}
	spelled := *req
	spelled.Arguments = slices.Clone(req.Arguments)
	for i, argument := range spelled.Arguments {
		if argument == nil || len(argument.MsgPack) == 0 && len(argument.JSON) == 0 {
			spelled.Arguments[i] = &null
		}
	}
	return s.Server.CallFunction(ctx, &spelled)
}

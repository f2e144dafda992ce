package provider

import (
	"context"
	"fmt"
	"math"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// wholeType is the type of every number that can be configured. The framework's own type
// answers 49.5 with an error about its conversion of values.
type wholeType struct{ basetypes.Int64Type }

// wholeValue is a whole number, or what was written in the place of one.
type wholeValue struct {
	basetypes.Int64Value
	fault string // such as "must be a whole number, not 49.5"; empty if there is none
}

var (
	_ basetypes.Int64Typable      = wholeType{}
	_ basetypes.Int64Valuable     = wholeValue{}
	_ xattr.ValidateableAttribute = wholeValue{}
)

func (wholeType) String() string { return "wholeType" }

func (wholeType) Equal(other attr.Type) bool {
	_, ok := other.(wholeType)
	return ok
}

func (wholeType) ValueType(context.Context) attr.Value { return wholeValue{} }

func (wholeType) ValueFromInt64(_ context.Context, in basetypes.Int64Value) (basetypes.Int64Valuable, diag.Diagnostics) {
	return wholeValue{Int64Value: in}, nil
}

// ValueFromTerraform takes any number: ValidateAttribute refuses those that are wrong,
// and can say where.
func (t wholeType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	if in.IsKnown() && !in.IsNull() {
		var number *big.Float
		if err := in.As(&number); err != nil {
			return nil, err
		}
		if fault := faultOf(number); fault != "" {
			// Unknown, because no other check can do anything with it.
			return wholeValue{basetypes.NewInt64Unknown(), fault}, nil
		}
	}
	value, err := t.Int64Type.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	whole, ok := value.(basetypes.Int64Value)
	if !ok {
		return nil, fmt.Errorf("got %T for a whole number", value)
	}
	return wholeValue{Int64Value: whole}, nil
}

// faultOf says why a number cannot be an int64, or "".
func faultOf(number *big.Float) string {
	_, accuracy := number.Int64()
	switch {
	case accuracy == big.Exact:
		return ""
	case !number.IsInt():
		return "must be a whole number, not " + number.Text('g', 10)
	case number.Sign() < 0:
		return fmt.Sprintf("must be a whole number, at least %d, not %s", math.MinInt64, number.Text('g', 20))
	default:
		return fmt.Sprintf("must be a whole number, at most %d, not %s", math.MaxInt64, number.Text('g', 20))
	}
}

func (wholeValue) Type(context.Context) attr.Type { return wholeType{} }

func (v wholeValue) Equal(other attr.Value) bool {
	o, ok := other.(wholeValue)
	return ok && v.fault == o.fault && v.Int64Value.Equal(o.Int64Value)
}

func (v wholeValue) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	v.refuseFault(req.Path, &resp.Diagnostics)
}

func (v wholeValue) refuseFault(at path.Path, diags *diag.Diagnostics) {
	if v.fault != "" {
		diags.AddAttributeError(at, "Invalid Number", fmt.Sprintf("%s %s.", argumentName(at), v.fault))
	}
}

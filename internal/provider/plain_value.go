package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// plainType is the type of a parameter that takes any value and reads it without
// the framework, which spends most of its time on 100,000 objects in making types
// and values of its own for each.
type plainType struct{ basetypes.DynamicType }

// plainValue is nil, a bool, a string, a json.Number, a []any, or a
// map[string]any for an object or a map.
type plainValue struct {
	basetypes.DynamicValue
	plain any
}

func (t plainType) ValueFromTerraform(_ context.Context, in tftypes.Value) (attr.Value, error) {
	plain, err := toPlain(in)
	return plainValue{plain: plain}, err
}

// plainArgument is a function's argument of that type.
func plainArgument(ctx context.Context, arguments function.ArgumentsData, position int) (any, *function.FuncError) {
	var argument attr.Value
	if err := arguments.GetArgument(ctx, position, &argument); err != nil {
		return nil, err
	}
	value, ok := argument.(plainValue)
	if !ok {
		return nil, function.NewFuncError(fmt.Sprintf("Got %T as an argument. This is a bug in the provider; please report it.", argument))
	}
	return value.plain, nil
}

// toPlain converts a known value. Functions never see one that is not.
func toPlain(value tftypes.Value) (any, error) {
	if value.IsNull() {
		return nil, nil //nolint:nilnil // null is nil
	}
	switch typ := value.Type(); {
	case typ.Is(tftypes.String):
		var text string
		err := value.As(&text)
		return text, err
	case typ.Is(tftypes.Bool):
		var yes bool
		err := value.As(&yes)
		return yes, err
	case typ.Is(tftypes.Number):
		var number *big.Float
		if err := value.As(&number); err != nil {
			return nil, err
		}
		// To the last digit, as Terraform's own tostring writes it.
		return json.Number(number.Text('f', -1)), nil
	case typ.Is(tftypes.Object{}), typ.Is(tftypes.Map{}):
		return toPlainMap(value)
	default:
		return toPlainList(value)
	}
}

func toPlainList(value tftypes.Value) ([]any, error) {
	var elements []tftypes.Value
	if err := value.As(&elements); err != nil {
		return nil, err
	}
	list := make([]any, len(elements))
	for i, element := range elements {
		var err error
		if list[i], err = toPlain(element); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func toPlainMap(value tftypes.Value) (map[string]any, error) {
	var members map[string]tftypes.Value
	if err := value.As(&members); err != nil {
		return nil, err
	}
	all := make(map[string]any, len(members))
	for name, member := range members {
		var err error
		if all[name], err = toPlain(member); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// kindOf names the kind of a plain value as Terraform's language does.
func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "a bool"
	case string:
		return "a string"
	case json.Number:
		return "a number"
	case []any:
		return "a list"
	default:
		return "an object"
	}
}

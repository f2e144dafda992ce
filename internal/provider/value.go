package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/protocol"
)

// isSet reports whether a value is known and not null.
func isSet(value attr.Value) bool { return !value.IsNull() && !value.IsUnknown() }

// isKnown reports whether no part of a value is unknown.
func isKnown(value attr.Value) bool {
	if value.IsUnknown() {
		return false
	}
	switch v := value.(type) {
	case types.Set:
		return allKnown(v.Elements())
	case types.List:
		return allKnown(v.Elements())
	case types.Object:
		for _, attribute := range v.Attributes() {
			if !isKnown(attribute) {
				return false
			}
		}
	}
	return true
}

func allKnown(values []attr.Value) bool {
	for _, value := range values {
		if !isKnown(value) {
			return false
		}
	}
	return true
}

type collection interface {
	ElementsAs(ctx context.Context, target any, allowUnhandled bool) diag.Diagnostics
}

// toStrings are the elements of a set or list that is null or known.
func toStrings(ctx context.Context, collection collection, diags *diag.Diagnostics) []string {
	var elements []string
	diags.Append(collection.ElementsAs(ctx, &elements, false)...)
	return elements
}

// toSet is nil for a null set.
func toSet(ctx context.Context, set types.Set, diags *diag.Diagnostics) okta.Set {
	if set.IsNull() {
		return nil
	}
	return okta.NewSet(toStrings(ctx, set, diags)...)
}

// toList is a list of strings, empty rather than null.
func toList(members []string) types.List {
	elements := make([]attr.Value, len(members))
	for i, member := range members {
		elements[i] = types.StringValue(member)
	}
	return types.ListValueMust(types.StringType, elements)
}

// toSetValue is a set of strings, empty rather than null.
func toSetValue(members []string) types.Set {
	return types.SetValueMust(types.StringType, toList(members).Elements())
}

// leave hands over the elements of long lists, which go past the framework.
func leave(ctx context.Context, lists protocol.Lists, diags *diag.Diagnostics) {
	if err := protocol.Leave(ctx, lists); err != nil {
		diags.AddError("Unexpected Server", fmt.Sprintf("%s. This is a bug in the provider; please report it.", err))
	}
}

// noRows is the empty list of objects that stands for rows, see [leave].
func noRows(row attr.Type) types.List { return types.ListValueMust(row, []attr.Value{}) }

// valueIn is an attribute of an object. It is null where the object has none of this
// name and type.
func valueIn[V attr.Value](object types.Object, name string) V {
	value, _ := object.Attributes()[name].(V)
	return value
}

// instant is Okta's own text, or null.
func instant(i okta.Time) timeValue {
	if i.IsZero() {
		return nullTime()
	}
	return newTime(i.String())
}

// idRow is a row of a list of IDs.
func idRow(id string) protocol.Row { return protocol.Encode(id) }

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/protocol"
)

// field is an attribute of the objects that stand for values of T, such as tokens:
// what [protocol.Encode] makes its value of, and how schemas describe it.
type field[T any] struct {
	name      string
	of        func(T) any
	attribute schema.Attribute
}

// fields are all attributes of such an object, in the order in which people read them.
// Schemas, types, states and the columns of a CSV derive from them.
type fields[T any] []field[T]

func (f fields[T]) names() []string {
	names := make([]string, len(f))
	for i, field := range f {
		names[i] = field.name
	}
	return names
}

func (f fields[T]) attributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for _, field := range f {
		attributes[field.name] = field.attribute
	}
	return attributes
}

func (f fields[T]) nested() schema.NestedAttributeObject {
	return schema.NestedAttributeObject{Attributes: f.attributes()}
}

// objectType is the type of the object in the framework.
func (f fields[T]) objectType() types.ObjectType {
	attributes := map[string]attr.Type{}
	for _, field := range f {
		attributes[field.name] = field.attribute.GetType()
	}
	return types.ObjectType{AttrTypes: attributes}
}

// row is the object as Terraform reads it.
func (f fields[T]) row(item T) protocol.Row {
	row := make([]protocol.Field, len(f))
	for i, field := range f {
		row[i] = protocol.Field{Name: field.name, Value: field.of(item)}
	}
	return protocol.Encode(row)
}

func (f fields[T]) rows(items []T) []protocol.Row { return protocol.Rows(items, f.row) }

// object is the object as the framework has it.
func (f fields[T]) object(ctx context.Context, item T) types.Object {
	return decode[types.Object](ctx, f.objectType(), f.row(item))
}

// list is for lists that cannot be long. Others go past the framework, see [leave].
func (f fields[T]) list(ctx context.Context, items []T) types.List {
	return decode[types.List](ctx, types.ListType{ElemType: f.objectType()}, protocol.Encode(f.rows(items)))
}

// decode makes the framework's value of a row. It fails only where the type is not the row's.
func decode[V attr.Value](ctx context.Context, typ attr.Type, row protocol.Row) V {
	value, err := tfprotov6.DynamicValue{MsgPack: row}.Unmarshal(typ.TerraformType(ctx))
	if err != nil {
		panic(err)
	}
	decoded, err := typ.ValueFromTerraform(ctx, value)
	made, ok := decoded.(V)
	if err != nil || !ok {
		panic(fmt.Sprintf("got %T: %v", decoded, err))
	}
	return made
}

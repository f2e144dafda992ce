package tfcore

import (
	"maps"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Object are the values of an object or a map by name: nil, string, bool, int, float64, []any
// for lists, sets and tuples, Object for objects and maps, and [Unknown]. Those of an object
// that are left out are null.
type Object map[string]any

// Unknown is a value that is not known yet.
type Unknown struct{}

// With is the object with others' values on top.
func (o Object) With(others Object) Object {
	all := Object{}
	maps.Copy(all, o)
	maps.Copy(all, others)
	return all
}

// List is a list of strings.
func List(members ...string) []any {
	elements := make([]any, len(members))
	for i, member := range members {
		elements[i] = member
	}
	return elements
}

// Each is one value of each object in a list.
func Each(t T, list any, name string) []any {
	t.Helper()
	objects, ok := list.([]any)
	if !ok {
		t.Fatalf("got %v, want a list", list)
	}
	var all []any
	for _, o := range objects {
		all = append(all, AsObject(t, o)[name])
	}
	return all
}

// AsObject is a plain value that has to be an object.
func AsObject(t T, v any) Object {
	t.Helper()
	o, ok := v.(Object)
	if !ok {
		t.Fatalf("got %v, want an object", v)
	}
	return o
}

// Value is v as a value of a type.
func Value(t T, typ tftypes.Type, v any) tftypes.Value {
	t.Helper()
	if typ.Is(tftypes.DynamicPseudoType) {
		return Literal(v)
	}
	switch v := v.(type) {
	case nil:
		return tftypes.NewValue(typ, nil)
	case Unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	case []any:
		elements := make([]tftypes.Value, len(v))
		for i, element := range v {
			elements[i] = Value(t, memberType(typ, i), element)
		}
		return tftypes.NewValue(typ, elements)
	case Object:
		return objectOrMap(t, typ, v)
	default:
		return tftypes.NewValue(typ, v)
	}
}

// Literal is v in the type that Terraform gives it where it is written in a configuration: an
// object for braces, a tuple for brackets.
func Literal(v any) tftypes.Value {
	switch v := v.(type) {
	case nil:
		return tftypes.NewValue(tftypes.DynamicPseudoType, nil)
	case Unknown:
		return tftypes.NewValue(tftypes.DynamicPseudoType, tftypes.UnknownValue)
	case []any:
		values, types := make([]tftypes.Value, len(v)), make([]tftypes.Type, len(v))
		for i, element := range v {
			values[i] = Literal(element)
			types[i] = values[i].Type()
		}
		return tftypes.NewValue(tftypes.Tuple{ElementTypes: types}, values)
	case Object:
		values, types := map[string]tftypes.Value{}, map[string]tftypes.Type{}
		for name, member := range v {
			values[name] = Literal(member)
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

// ElementType is the type of the elements of a collection. Another type has none.
func ElementType(typ tftypes.Type) tftypes.Type {
	switch typ := typ.(type) {
	case tftypes.Set:
		return typ.ElementType
	case tftypes.List:
		return typ.ElementType
	case tftypes.Map:
		return typ.ElementType
	}
	return nil
}

// memberType is the type of one element, which may be one of a tuple.
func memberType(typ tftypes.Type, at int) tftypes.Type {
	if tuple, ok := typ.(tftypes.Tuple); ok {
		return tuple.ElementTypes[at]
	}
	return ElementType(typ)
}

func objectOrMap(t T, typ tftypes.Type, v Object) tftypes.Value {
	t.Helper()
	object, isObject := typ.(tftypes.Object)
	all := map[string]tftypes.Value{}
	for name, member := range v {
		of := ElementType(typ)
		if isObject {
			of = object.AttributeTypes[name]
		}
		if of == nil {
			t.Fatalf("the test sets %s, which is not in the schema", name)
		}
		all[name] = Value(t, of, member)
	}
	for name, of := range object.AttributeTypes {
		if _, set := all[name]; !set {
			all[name] = tftypes.NewValue(of, nil)
		}
	}
	return tftypes.NewValue(typ, all)
}

// Members are the values of an object by name.
func Members(t T, v tftypes.Value) map[string]tftypes.Value {
	t.Helper()
	var m map[string]tftypes.Value
	if err := v.As(&m); err != nil {
		t.Fatal(err)
	}
	return m
}

// Plain is the reverse of [Value]. An object has all of its values.
func Plain(t T, v tftypes.Value) any {
	t.Helper()
	if !v.IsKnown() {
		return Unknown{}
	}
	if v.IsNull() {
		return nil
	}
	var (
		text   string
		yes    bool
		number *big.Float
		list   []tftypes.Value
	)
	switch {
	case v.As(&text) == nil:
		return text
	case v.As(&yes) == nil:
		return yes
	case v.As(&number) == nil:
		return plainNumber(number)
	case v.As(&list) == nil:
		elements := make([]any, len(list))
		for i, element := range list {
			elements[i] = Plain(t, element)
		}
		return elements
	}
	all := Object{}
	for name, member := range Members(t, v) {
		all[name] = Plain(t, member)
	}
	return all
}

func plainNumber(number *big.Float) any {
	if whole, accuracy := number.Int64(); accuracy == big.Exact {
		return int(whole)
	}
	fraction, _ := number.Float64()
	return fraction
}

// ObjectOf is the plain value of an object.
func ObjectOf(t T, v tftypes.Value) Object {
	t.Helper()
	return AsObject(t, Plain(t, v))
}

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// notation is how something is written as a text.
type notation interface {
	// summary is the summary of the error about a text that is wrong.
	summary() string
	// read returns what a text means, comparable with ==. Its error quotes the text and
	// shows how to write it.
	read(text string) (meaning any, err error)
}

// textType is the type of a text in a notation. Two texts are equal if they mean the
// same.
type textType[N notation] struct{ basetypes.StringType }

// textValue is a text of that type.
type textValue[N notation] struct{ basetypes.StringValue }

// Times are RFC 3339, in any zone. Durations are Go's, with days.
type (
	timeType      = textType[timeNotation]
	timeValue     = textValue[timeNotation]
	durationType  = textType[durationNotation]
	durationValue = textValue[durationNotation]
)

var (
	_ basetypes.StringTypable                    = timeType{}
	_ basetypes.StringValuableWithSemanticEquals = timeValue{}
	_ xattr.ValidateableAttribute                = timeValue{}
)

func newTime(text string) timeValue { return timeValue{basetypes.NewStringValue(text)} }

func nullTime() timeValue { return timeValue{basetypes.NewStringNull()} }

func unknownTime() timeValue { return timeValue{basetypes.NewStringUnknown()} }

func (t textType[N]) String() string { return fmt.Sprintf("%T", t) }

func (textType[N]) Equal(other attr.Type) bool {
	_, ok := other.(textType[N])
	return ok
}

func (textType[N]) ValueType(context.Context) attr.Value { return textValue[N]{} }

func (textType[N]) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return textValue[N]{in}, nil
}

func (t textType[N]) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.StringType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	text, ok := value.(basetypes.StringValue)
	if !ok {
		return nil, fmt.Errorf("got %T for a string", value)
	}
	return textValue[N]{text}, nil
}

func (textValue[N]) Type(context.Context) attr.Type { return textType[N]{} }

func (v textValue[N]) Equal(other attr.Value) bool {
	o, ok := other.(textValue[N])
	return ok && v.StringValue.Equal(o.StringValue)
}

func (v textValue[N]) StringSemanticEquals(_ context.Context, other basetypes.StringValuable) (bool, diag.Diagnostics) {
	return v.means(other), nil
}

// means reports whether both values are set and mean the same.
func (v textValue[N]) means(other attr.Value) bool {
	o, ok := other.(textValue[N])
	if !ok || !isSet(v) || !isSet(o) {
		return false
	}
	var n N
	mine, err := n.read(v.ValueString())
	if err != nil {
		return false
	}
	theirs, err := n.read(o.ValueString())
	return err == nil && mine == theirs
}

func (v textValue[N]) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	if !isSet(v) {
		return
	}
	var n N
	if _, err := n.read(v.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, n.summary(), fmt.Sprintf("%s = %s.", argumentName(req.Path), err))
	}
}

// meaning is what a text means, or nil for null. What is wrong is an error here too: a
// part that got lost would widen a filter.
func meaning[T any, N notation](value textValue[N], diags *diag.Diagnostics) *T {
	if value.IsNull() {
		return nil
	}
	var n N
	read, err := n.read(value.ValueString())
	if err != nil {
		diags.AddError(n.summary(), err.Error()+".")
	}
	t, _ := read.(T)
	return &t
}

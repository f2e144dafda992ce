package provider

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// attributes are the values of an object by name: nil, string, bool, int,
// []any, attributes for an object or a map, and unknown{}. Those that are left
// out are null.
type attributes map[string]any

// unknown is a value that is not known yet.
type unknown struct{}

// with are the attributes with others on top.
func (a attributes) with(others attributes) attributes {
	all := attributes{}
	maps.Copy(all, a)
	maps.Copy(all, others)
	return all
}

// expression is a value in HCL's own words.
type expression string

// hcl is a value as it is configured.
func hcl(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return fmt.Sprintf("%q", v)
	case []any:
		elements := make([]string, len(v))
		for i, element := range v {
			elements[i] = hcl(element)
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case attributes:
		return "{\n" + hclLines(v) + "\n}"
	default:
		return fmt.Sprint(v)
	}
}

// hclLines are the arguments and blocks of a block, or the members of an object.
func hclLines(arguments attributes) string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(arguments)) {
		if block, ok := arguments[name].(attributes); ok && isBlock(name) {
			lines = append(lines, name+" "+hcl(block))
		} else {
			lines = append(lines, name+" = "+hcl(arguments[name]))
		}
	}
	return strings.Join(lines, "\n")
}

// isBlock reports whether a configuration has a block of this name, or a dynamic
// one, and not an argument.
func isBlock(name string) bool {
	return name == "filter" || name == "timeouts" || name == "content" || strings.HasPrefix(name, "dynamic ")
}

// list is a list of strings as a value.
func list(members ...string) []any {
	elements := make([]any, len(members))
	for i, member := range members {
		elements[i] = member
	}
	return elements
}

// value is v as Terraform sends it.
func value(t *testing.T, typ tftypes.Type, v any) tftypes.Value {
	t.Helper()
	switch v := v.(type) {
	case nil:
		return tftypes.NewValue(typ, nil)
	case unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	case []any:
		elements := make([]tftypes.Value, len(v))
		for i, element := range v {
			elements[i] = value(t, elementType(typ), element)
		}
		return tftypes.NewValue(typ, elements)
	case attributes:
		return objectOrMap(t, typ, v)
	default:
		return tftypes.NewValue(typ, v)
	}
}

func elementType(typ tftypes.Type) tftypes.Type {
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

func objectOrMap(t *testing.T, typ tftypes.Type, v attributes) tftypes.Value {
	t.Helper()
	object, isObject := typ.(tftypes.Object)
	all := map[string]tftypes.Value{}
	for name, member := range v {
		of := elementType(typ)
		if isObject {
			of = object.AttributeTypes[name]
		}
		if of == nil {
			t.Fatalf("the test sets %s, which is not in the schema", name)
		}
		all[name] = value(t, of, member)
	}
	for name, of := range object.AttributeTypes {
		if _, set := all[name]; !set {
			all[name] = tftypes.NewValue(of, nil)
		}
	}
	return tftypes.NewValue(typ, all)
}

// members are the attributes of an object.
func members(t testing.TB, v tftypes.Value) map[string]tftypes.Value {
	t.Helper()
	var m map[string]tftypes.Value
	if err := v.As(&m); err != nil {
		t.Fatal(err)
	}
	return m
}

// plain is the reverse of value; an object has all of its attributes.
func plain(t *testing.T, v tftypes.Value) any {
	t.Helper()
	if !v.IsKnown() {
		return unknown{}
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
		whole, _ := number.Int64()
		return int(whole)
	case v.As(&list) == nil:
		elements := make([]any, len(list))
		for i, element := range list {
			elements[i] = plain(t, element)
		}
		return elements
	}
	all := attributes{}
	for name, member := range members(t, v) {
		all[name] = plain(t, member)
	}
	return all
}

// object is the plain value of one.
func object(t *testing.T, v tftypes.Value) attributes {
	t.Helper()
	return asObject(t, plain(t, v))
}

// asObject is a plain value that has to be an object.
func asObject(t *testing.T, v any) attributes {
	t.Helper()
	o, ok := v.(attributes)
	if !ok {
		t.Fatalf("got %v, want an object", v)
	}
	return o
}

// each is one attribute of each object in a plain list.
func each(t *testing.T, list any, name string) []any {
	t.Helper()
	objects, ok := list.([]any)
	if !ok {
		t.Fatalf("got %v, want a list", list)
	}
	var all []any
	for _, o := range objects {
		all = append(all, asObject(t, o)[name])
	}
	return all
}

// diagnostic is one of Terraform's diagnostics.
type diagnostic struct {
	Warning   bool
	Summary   string
	Detail    string
	Attribute string // path, such as filter.older_than
}

func diagnosticsOf(from []*tfprotov6.Diagnostic) []diagnostic {
	var diags []diagnostic
	for _, d := range from {
		diags = append(diags, diagnostic{
			Warning:   d.Severity == tfprotov6.DiagnosticSeverityWarning,
			Summary:   d.Summary,
			Detail:    d.Detail,
			Attribute: pathOf(d.Attribute),
		})
	}
	return diags
}

func errorsOf(diags []diagnostic) []diagnostic { return severe(diags, false) }

func warningsOf(diags []diagnostic) []diagnostic { return severe(diags, true) }

func severe(diags []diagnostic, warning bool) []diagnostic {
	var these []diagnostic
	for _, d := range diags {
		if d.Warning == warning {
			these = append(these, d)
		}
	}
	return these
}

// summaries are the diagnostics in a line each: the attribute, if there is one,
// and the summary.
func summaries(diags []diagnostic) []string {
	var lines []string
	for _, d := range diags {
		line := d.Summary
		if d.Attribute != "" {
			line = d.Attribute + ": " + line
		}
		lines = append(lines, line)
	}
	return lines
}

// pathOf is a path as people write it.
func pathOf(path *tftypes.AttributePath) string {
	var steps []string
	for _, step := range path.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			steps = append(steps, string(step))
		case tftypes.ElementKeyString:
			steps = append(steps, fmt.Sprintf("[%s]", string(step)))
		case tftypes.ElementKeyInt:
			steps = append(steps, fmt.Sprintf("[%d]", int64(step)))
		case tftypes.ElementKeyValue:
			steps = append(steps, "[…]")
		}
	}
	return strings.Join(steps, ".")
}

// splitDetail is a diagnostic's detail, and Okta's words at its end.
func splitDetail(d diagnostic) (detail, words string) {
	detail, words, _ = strings.Cut(d.Detail, "\n\n")
	return detail, words
}

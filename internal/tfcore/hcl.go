package tfcore

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Expression is a value in HCL's own words.
type Expression string

// HCL writes configurations. Blocks are the names of what is a block and no argument.
type HCL struct{ Blocks []string }

// Value is a value as it is configured.
func (h HCL) Value(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return fmt.Sprintf("%q", v)
	case []any:
		elements := make([]string, len(v))
		for i, element := range v {
			elements[i] = h.Value(element)
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case Object:
		return "{\n" + h.Body(v) + "\n}"
	default:
		return fmt.Sprint(v)
	}
}

// Body is the arguments and blocks of a block, or the members of an object, a line each.
func (h HCL) Body(of Object) string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(of)) {
		if block, ok := of[name].(Object); ok && h.isBlock(name) {
			lines = append(lines, name+" "+h.Value(block))
		} else {
			lines = append(lines, name+" = "+h.Value(of[name]))
		}
	}
	return strings.Join(lines, "\n")
}

// Block is a block with this in front of its braces, such as resource "toy_note" "test", and more
// lines at its end.
func (h HCL) Block(head string, of Object, more ...string) string {
	return head + " {\n" + strings.Join(append([]string{h.Body(of)}, more...), "\n") + "\n}\n"
}

// isBlock reports whether a configuration has a block of this name, or a dynamic one.
func (h HCL) isBlock(name string) bool {
	return slices.Contains(h.Blocks, name) || name == "content" || strings.HasPrefix(name, "dynamic ")
}

// Triggering is a resource that triggers an action, such as toy_ring.test, before it is created.
// Another wave creates it again.
func Triggering(action, wave string) string {
	return `resource "terraform_data" "wave" {
  triggers_replace = ["` + wave + `"]
  lifecycle {
    action_trigger {
      events  = [before_create]
      actions = [action.` + action + `]
    }
  }
}
`
}

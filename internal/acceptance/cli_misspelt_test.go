package acceptance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// Every argument and block of everything that can be configured is misspelt, and
// the CLI itself refuses each. What it drops instead would widen a revocation.
func TestAccCLIRefusesMisspeltKeys(t *testing.T) {
	t.Parallel()
	blocks := newCore(t, oktafake.New(t), nil).Blocks()
	for _, kind := range []string{"provider", "data", "resource", "action", "list"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := newCLI(t, oktafake.New(t), "")
			validate := []string{"validate", "-json"}
			var config strings.Builder
			want := map[string]int{}
			for i, name := range slices.Sorted(maps.Keys(blocks)) {
				if strings.HasPrefix(name, kind) {
					fmt.Fprintln(&config, misspelt(name, i, blocks[name], want))
				}
			}
			switch kind {
			case "action":
				c.needTerraform(14)
				c.configure(config.String())
			case "list":
				c.needTerraform(14)
				c.write("test.tfquery.hcl", config.String())
				validate = append(validate, "-query")
			default:
				// A provider that nothing uses is not validated.
				c.configure(config.String() + data("clients", nil))
			}
			got := map[string]int{}
			for _, d := range c.run(validate...).validation(t) {
				// The rest of the detail is a guess at what was meant.
				first, _, _ := strings.Cut(d.Detail, ".")
				if strings.HasPrefix(d.Summary, "Unsupported ") {
					got[d.Summary+": "+first]++
				}
			}
			diff(t, "errors", got, want)
		})
	}
}

// validation are the errors that validate prints with -json.
func (o outcome) validation(t *testing.T) []diagnostic {
	t.Helper()
	var result struct {
		Diagnostics []struct{ Severity, Summary, Detail string }
	}
	unmarshal(t, []byte(o.stdout), &result)
	var errors []diagnostic
	for _, d := range result.Diagnostics {
		if d.Severity == "error" {
			errors = append(errors, diagnostic{Summary: d.Summary, Detail: d.Detail})
		}
	}
	return errors
}

// misspelt is a block of one of the provider's objects, as everyBlock names it, in
// which every key is misspelt. It counts the errors that this is to cause.
func misspelt(name string, i int, block *tfprotov6.SchemaBlock, want map[string]int) string {
	var lines []string
	for _, attribute := range block.Attributes {
		if attribute.Optional || attribute.Required {
			key := swapped(attribute.Name)
			lines = append(lines, key+" = null")
			want[fmt.Sprintf("Unsupported argument: An argument named %q is not expected here", key)]++
		}
	}
	for _, nested := range block.BlockTypes {
		key := swapped(nested.TypeName)
		lines = append(lines, key+" {}", nested.TypeName+" = {}") // as it was written when it was no block
		want[fmt.Sprintf("Unsupported block type: Blocks of type %q are not expected here", key)]++
		want[fmt.Sprintf("Unsupported argument: An argument named %q is not expected here", nested.TypeName)]++
	}
	body := strings.Join(lines, "\n")
	words := strings.Fields(name)
	if len(words) > 2 {
		body = words[2] + " {\n" + body + "\n}"
	}
	switch words[0] {
	case "provider":
		return "provider \"oktatokens\" {\n" + body + "\n}"
	case "action":
		body = "config {\n" + body + "\n}"
	case "list":
		body = "provider = oktatokens\nconfig {\n" + body + "\n}"
	}
	return fmt.Sprintf("%s %q \"n%d\" {\n%s\n}", words[0], words[1], i, body)
}

// swapped is a word with its first two letters the other way round.
func swapped(word string) string { return word[1:2] + word[:1] + word[2:] }

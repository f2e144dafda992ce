package tfcore

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Diagnostic is one of Terraform's diagnostics.
type Diagnostic struct {
	Warning   bool
	Summary   string
	Detail    string
	Attribute string // path, such as filter.older_than
}

// DiagnosticsOf are the diagnostics of a response.
func DiagnosticsOf(from []*tfprotov6.Diagnostic) []Diagnostic {
	var diags []Diagnostic
	for _, d := range from {
		diags = append(diags, Diagnostic{
			Warning:   d.Severity == tfprotov6.DiagnosticSeverityWarning,
			Summary:   d.Summary,
			Detail:    d.Detail,
			Attribute: pathOf(d.Attribute),
		})
	}
	return diags
}

// Errors are the errors among diagnostics.
func Errors(diags []Diagnostic) []Diagnostic { return severe(diags, false) }

// Warnings are the warnings among diagnostics.
func Warnings(diags []Diagnostic) []Diagnostic { return severe(diags, true) }

func severe(diags []Diagnostic, warning bool) []Diagnostic {
	var these []Diagnostic
	for _, d := range diags {
		if d.Warning == warning {
			these = append(these, d)
		}
	}
	return these
}

// Summaries are the diagnostics in a line each: the attribute, if there is one, and the summary.
func Summaries(diags []Diagnostic) []string {
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

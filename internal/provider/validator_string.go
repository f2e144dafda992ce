package provider

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// isID accepts what can be one segment of an API path, by the client's own rule.
func isID() validator.String {
	return checkValidator{"Invalid ID", `must not be empty, ".", "..", or hold / \ ? # %, spaces or control characters`, okta.CheckID}
}

// checkValidator accepts the texts that a check does.
type checkValidator struct {
	summary     string
	description string
	check       func(string) error
}

func (v checkValidator) Description(context.Context) string { return v.description }

func (v checkValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v checkValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !isSet(req.ConfigValue) {
		return
	}
	if err := v.check(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, v.summary, fmt.Sprintf("%s: %s.", argumentName(req.Path), err))
	}
}

// argumentName is the argument that a path leads to, or into.
func argumentName(at path.Path) string {
	steps := at.Steps()
	for len(steps) > 0 {
		last, rest := steps.LastStep()
		if name, ok := last.(path.PathStepAttributeName); ok {
			return string(name)
		}
		steps = rest
	}
	return at.String()
}

// isDuration accepts a Go duration that is not negative.
func isDuration() validator.String { return durationValidator{} }

type durationValidator struct{}

const aDuration = `a duration such as "720h" or "90m", not negative`

func (durationValidator) Description(context.Context) string {
	return "must be " + aDuration
}

func (v durationValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (durationValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !isSet(req.ConfigValue) {
		return
	}
	if _, err := parseDuration(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid Duration", fmt.Sprintf("%s.", err))
	}
}

// parseDuration reads a Go duration that is not negative.
func parseDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q must be %s. Days are not a unit: 30 days are \"720h\"", text, aDuration)
	}
	return d, nil
}

// scopePattern matches one OAuth 2.0 scope. Source: RFC 6749 section 3.3.
var scopePattern = regexp.MustCompile(`^[\x21\x23-\x5B\x5D-\x7E]+$`)

// isScope accepts one OAuth 2.0 scope.
func isScope() validator.String {
	return stringvalidator.RegexMatches(scopePattern,
		"must be one scope, such as okta.users.read, without spaces or commas between several")
}

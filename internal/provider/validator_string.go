package provider

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode"

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

// isScopeName accepts what can be the name of a scope, which no space can be part of.
func isScopeName() validator.String {
	return checkValidator{"Invalid Scope", "must be one scope, without spaces", func(scope string) error {
		if scope == "" || strings.ContainsFunc(scope, unicode.IsSpace) {
			return fmt.Errorf("%q is not one scope. A scope has no spaces: list several one by one, such as [\"openid\", \"email\"]", scope)
		}
		return nil
	}}
}

// scopePattern matches one OAuth 2.0 scope. Source: RFC 6749 section 3.3.
var scopePattern = regexp.MustCompile(`^[\x21\x23-\x5B\x5D-\x7E]+$`)

// isScope accepts one OAuth 2.0 scope.
func isScope() validator.String {
	return stringvalidator.RegexMatches(scopePattern,
		"must be one scope, such as okta.users.read, without spaces or commas between several")
}

package provider

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// isID accepts what can be one segment of an API path, by the client's own rule.
func isID() validator.String { return idValidator{} }

type idValidator struct{}

func (idValidator) Description(context.Context) string {
	return `must not be empty, ".", "..", or hold / \ ? # %, spaces or control characters`
}

func (v idValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (idValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !isSet(req.ConfigValue) {
		return
	}
	if err := okta.CheckID(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid ID", fmt.Sprintf("%s cannot be used: %s.", req.Path, err))
	}
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

// isScope accepts one OAuth 2.0 scope. Source: RFC 6749 section 3.3.
func isScope() validator.String {
	return stringvalidator.RegexMatches(regexp.MustCompile(`^[\x21\x23-\x5B\x5D-\x7E]+$`),
		"must be one scope, such as okta.users.read, without spaces or commas between several")
}

package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// noNulls refuses a set with a null in it: a value that got lost on its way.
type noNulls struct{}

func (noNulls) Description(context.Context) string { return "must not hold a null" }

func (v noNulls) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (noNulls) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	refuseNulls(req.Path, req.ConfigValue.Elements(), &resp.Diagnostics)
}

func refuseNulls(at path.Path, members []attr.Value, diags *diag.Diagnostics) {
	if slices.ContainsFunc(members, attr.Value.IsNull) {
		diags.AddAttributeError(at, "Null Member", fmt.Sprintf(
			"%s holds a null, which names nothing. A value is missing where the configuration puts the set together: supply it, or remove the null.", argumentName(at)))
	}
}

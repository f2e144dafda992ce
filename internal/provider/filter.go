package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// filterModel is the filter block.
type filterModel struct {
	TokenIDs          types.Set         `tfsdk:"token_ids"`
	UserIDs           types.Set         `tfsdk:"user_ids"`
	ClientIDs         types.Set         `tfsdk:"client_ids"`
	AuthServerIDs     types.Set         `tfsdk:"auth_server_ids"`
	AnyScopes         types.Set         `tfsdk:"any_scopes"`
	AllScopes         types.Set         `tfsdk:"all_scopes"`
	CreatedBefore     timetypes.RFC3339 `tfsdk:"created_before"`
	CreatedAfter      timetypes.RFC3339 `tfsdk:"created_after"`
	LastUpdatedBefore timetypes.RFC3339 `tfsdk:"last_updated_before"`
	LastUpdatedAfter  timetypes.RFC3339 `tfsdk:"last_updated_after"`
	ExpiresBefore     timetypes.RFC3339 `tfsdk:"expires_before"`
	ExpiresAfter      timetypes.RFC3339 `tfsdk:"expires_after"`
	OlderThan         types.String      `tfsdk:"older_than"`
	IdleFor           types.String      `tfsdk:"idle_for"`
	NeverExpires      types.Bool        `tfsdk:"never_expires"`
}

const filterDescription = "Which tokens are meant: those for which every part holds. At least one part must be set, an empty set matches nothing, and a token without the field that a part looks at does not match."

// filterBlock is the filter of every data source, resource, action and list.
//
// It is a block, not an attribute: Terraform drops unknown keys of an object
// without a word, and a misspelt part would widen what is revoked. The framework
// has schema types for each kind of object, all of the same two interfaces, so
// one description serves them all.
func filterBlock(description string) schema.SingleNestedBlock {
	return schema.SingleNestedBlock{
		MarkdownDescription: description,
		Validators:          []validator.Object{hasAnyPart()},
		Attributes:          filterParts(),
	}
}

func filterParts() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"token_ids":           setPart("Tokens with one of these IDs, such as `oar1a2b3c4d5e6f7g8h9`."),
		"user_ids":            setPart("Tokens of one of these users, by ID (not login), such as `00u1a2b3c4d5e6f7g8h9`."),
		"client_ids":          setPart("Tokens of one of these clients, by client ID, such as `0oa3f9hbc6JyPs1Qv5d7`. For parents with several."),
		"auth_server_ids":     setPart("Tokens issued by one of these authorization servers, by ID, such as `aus8k2lmq4RtXw7Zn5d7`. For `user_id` and `app_id`, whose tokens can come from several."),
		"any_scopes":          setPart("Tokens that were granted at least one of these scopes, such as `orders:write`."),
		"all_scopes":          setPart("Tokens that were granted all of these scopes, and perhaps more."),
		"created_before":      instantPart("Tokens issued before this instant, not at it. RFC 3339, such as `2026-01-31T08:00:00Z`."),
		"created_after":       instantPart("Tokens issued after this instant, not at it. RFC 3339, such as `2026-01-31T08:00:00Z`."),
		"last_updated_before": instantPart("Tokens last used or changed before this instant, not at it. RFC 3339, such as `2026-01-31T08:00:00Z`."),
		"last_updated_after":  instantPart("Tokens last used or changed after this instant, not at it. RFC 3339, such as `2026-01-31T08:00:00Z`."),
		"expires_before":      instantPart("Tokens that expire before this instant, not at it. RFC 3339, such as `2026-01-31T08:00:00Z`. Tokens that never expire do not match."),
		"expires_after":       instantPart("Tokens that expire after this instant, not at it. RFC 3339, such as `2026-01-31T08:00:00Z`. Tokens that never expire have no such instant, and do not match."),
		"older_than":          durationPart("Tokens issued longer ago than this, by Okta's clock. A duration such as `\"720h\"` for 30 days."),
		"idle_for":            durationPart("Tokens last used or changed longer ago than this, by Okta's clock. A duration such as `\"2160h\"` for 90 days."),
		"never_expires":       schema.BoolAttribute{MarkdownDescription: "`true` for tokens that never expire, `false` for those that do.", Optional: true},
	}
}

func setPart(description string) schema.Attribute {
	return schema.SetAttribute{
		MarkdownDescription: description,
		ElementType:         types.StringType,
		Optional:            true,
		Validators:          []validator.Set{setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1)), setvalidator.NoNullValues()},
	}
}

func instantPart(description string) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: description, CustomType: instantType, Optional: true}
}

func durationPart(description string) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: durationValidators}
}

// instantType is an RFC 3339 text that Terraform compares as an instant.
var instantType = timetypes.RFC3339Type{}

var durationValidators = []validator.String{isDuration()}

// toFilter reads a filter that is known and not null.
func toFilter(ctx context.Context, object types.Object, diags *diag.Diagnostics) okta.Filter {
	var m filterModel
	diags.Append(object.As(ctx, &m, basetypes.ObjectAsOptions{})...)
	if diags.HasError() {
		return okta.Filter{}
	}
	return okta.Filter{
		TokenIDs:          toSet(ctx, m.TokenIDs, diags),
		UserIDs:           toSet(ctx, m.UserIDs, diags),
		ClientIDs:         toSet(ctx, m.ClientIDs, diags),
		AuthServerIDs:     toSet(ctx, m.AuthServerIDs, diags),
		AnyScopes:         toSet(ctx, m.AnyScopes, diags),
		AllScopes:         toSet(ctx, m.AllScopes, diags),
		CreatedBefore:     toInstant(m.CreatedBefore, diags),
		CreatedAfter:      toInstant(m.CreatedAfter, diags),
		LastUpdatedBefore: toInstant(m.LastUpdatedBefore, diags),
		LastUpdatedAfter:  toInstant(m.LastUpdatedAfter, diags),
		ExpiresBefore:     toInstant(m.ExpiresBefore, diags),
		ExpiresAfter:      toInstant(m.ExpiresAfter, diags),
		OlderThan:         toDuration(m.OlderThan, diags),
		IdleFor:           toDuration(m.IdleFor, diags),
		NeverExpires:      m.NeverExpires.ValueBoolPointer(),
	}
}

func toInstant(value timetypes.RFC3339, diags *diag.Diagnostics) *time.Time {
	if value.IsNull() {
		return nil
	}
	instant, instantDiags := value.ValueRFC3339Time()
	diags.Append(instantDiags...)
	return &instant
}

// toDuration reads what isDuration accepted. Anything else is an error here too: a
// part that got lost would widen the filter.
func toDuration(value types.String, diags *diag.Diagnostics) *time.Duration {
	if value.IsNull() {
		return nil
	}
	d, err := parseDuration(value.ValueString())
	if err != nil {
		diags.AddError("Invalid Duration", fmt.Sprintf("%s.", err))
	}
	return &d
}

// hasAnyPart refuses a filter without a part, which would mean every token.
func hasAnyPart() validator.Object { return anyPartValidator{} }

type anyPartValidator struct{}

func (anyPartValidator) Description(context.Context) string {
	return "must have at least one part"
}

func (v anyPartValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (anyPartValidator) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	refuseEmptyFilter(req.Path, req.ConfigValue, &resp.Diagnostics)
}

func refuseEmptyFilter(at path.Path, filter types.Object, diags *diag.Diagnostics) {
	if !isSet(filter) {
		return
	}
	for _, part := range filter.Attributes() {
		if !part.IsNull() {
			return
		}
	}
	diags.AddAttributeError(at, "Empty Filter",
		"A filter without any part would mean every token, which must be asked for by name: set a part, or leave the filter out.")
}

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
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
	TokenIDs          types.Set     `tfsdk:"token_ids"`
	UserIDs           types.Set     `tfsdk:"user_ids"`
	ClientIDs         types.Set     `tfsdk:"client_ids"`
	AuthServerIDs     types.Set     `tfsdk:"auth_server_ids"`
	AnyScopes         types.Set     `tfsdk:"any_scopes"`
	AllScopes         types.Set     `tfsdk:"all_scopes"`
	CreatedBefore     timeValue     `tfsdk:"created_before"`
	CreatedAfter      timeValue     `tfsdk:"created_after"`
	LastUpdatedBefore timeValue     `tfsdk:"last_updated_before"`
	LastUpdatedAfter  timeValue     `tfsdk:"last_updated_after"`
	ExpiresBefore     timeValue     `tfsdk:"expires_before"`
	ExpiresAfter      timeValue     `tfsdk:"expires_after"`
	OlderThan         durationValue `tfsdk:"older_than"`
	IdleFor           durationValue `tfsdk:"idle_for"`
	NeverExpires      types.Bool    `tfsdk:"never_expires"`
}

// matchesNone is what comes of a login in a filter.
const matchesNone = "A login would match no token"

const filterDescription = "A token must match every part. Set at least one part. An empty set matches nothing, and a token that lacks a field does not match a part about it."

// filterBlock is the filter of every data source, resource, action and list.
//
// It is a block, not an attribute: Terraform drops unknown keys of an object
// without a word, and a misspelt part would widen what is revoked. The framework
// has schema types for each kind of object, all of the same two interfaces, so
// one description serves them all.
func filterBlock(description string) schema.SingleNestedBlock {
	return schema.SingleNestedBlock{
		MarkdownDescription: description,
		Validators:          []validator.Object{filterValidator{}},
		Attributes:          filterParts(),
	}
}

func filterParts() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"token_ids":           optionalSet(isID(), "Tokens with one of these IDs, such as `oar1a2b3c4d5e6f7g8h9`."),
		"user_ids":            optionalSet(isUserID(matchesNone), "Tokens of one of these users, by ID, such as `00u1a2b3c4d5e6f7g8h9`."),
		"client_ids":          optionalSet(isID(), "Tokens of one of these clients, by client ID, such as `0oa3f9hbc6JyPs1Qv5d7`. Useful when several clients are listed."),
		"auth_server_ids":     optionalSet(isID(), "Tokens issued by one of these authorization servers, by ID, such as `aus8k2lmq4RtXw7Zn5d7`. Useful with users and apps, whose tokens can come from several servers."),
		"any_scopes":          optionalSet(isScopeName(), "Tokens with at least one of these scopes, such as `orders:write`."),
		"all_scopes":          optionalSet(isScopeName(), "Tokens with all of these scopes, and possibly others."),
		"created_before":      optionalTime("Tokens issued before this time, not at it. RFC 3339, such as `2026-01-31T08:00:00Z`."),
		"created_after":       optionalTime("Tokens issued after this time, not at it. RFC 3339, such as `2026-01-31T08:00:00Z`."),
		"last_updated_before": optionalTime("Tokens last used or changed before this time, not at it. RFC 3339, such as `2026-01-31T08:00:00Z`."),
		"last_updated_after":  optionalTime("Tokens last used or changed after this time, not at it. RFC 3339, such as `2026-01-31T08:00:00Z`."),
		"expires_before":      optionalTime("Tokens that expire before this time, not at it. RFC 3339, such as `2026-01-31T08:00:00Z`. Tokens that never expire do not match."),
		"expires_after":       optionalTime("Tokens that expire after this time, not at it. RFC 3339, such as `2026-01-31T08:00:00Z`. Tokens that never expire do not match."),
		"older_than":          optionalDuration("Tokens issued longer ago than this, by Okta's clock. A duration such as `\"30d\"`, `\"1d12h\"` or `\"90m\"`."),
		"idle_for":            optionalDuration("Tokens last used or changed longer ago than this, by Okta's clock. A duration such as `\"90d\"`."),
		"never_expires":       optionalBool("`true` for tokens that never expire, `false` for those that do."),
	}
}

// toFilter reads a filter that is known and not null.
func toFilter(ctx context.Context, object types.Object, diags *diag.Diagnostics) okta.Filter {
	var m filterModel
	diags.Append(object.As(ctx, &m, basetypes.ObjectAsOptions{})...)
	if diags.HasError() {
		return okta.Filter{}
	}
	filter := okta.Filter{
		TokenIDs:          toSet(ctx, m.TokenIDs, diags),
		UserIDs:           toSet(ctx, m.UserIDs, diags),
		ClientIDs:         toSet(ctx, m.ClientIDs, diags),
		AuthServerIDs:     toSet(ctx, m.AuthServerIDs, diags),
		AnyScopes:         toSet(ctx, m.AnyScopes, diags),
		AllScopes:         toSet(ctx, m.AllScopes, diags),
		CreatedBefore:     toTime(m.CreatedBefore, diags),
		CreatedAfter:      toTime(m.CreatedAfter, diags),
		LastUpdatedBefore: toTime(m.LastUpdatedBefore, diags),
		LastUpdatedAfter:  toTime(m.LastUpdatedAfter, diags),
		ExpiresBefore:     toTime(m.ExpiresBefore, diags),
		ExpiresAfter:      toTime(m.ExpiresAfter, diags),
		OlderThan:         toDuration(m.OlderThan, diags),
		IdleFor:           toDuration(m.IdleFor, diags),
		NeverExpires:      m.NeverExpires.ValueBoolPointer(),
	}
	// Once more: an action's filter may not have been known when it was validated.
	for id := range filter.UserIDs {
		if err := checkUserID(id, matchesNone); err != nil {
			diags.AddAttributeError(path.Root("filter").AtName("user_ids"), "Invalid User ID", fmt.Sprintf("user_ids: %s.", err))
		}
	}
	return filter
}

// keepTexts is a planned filter with the texts of the state where they mean the same: a
// time that is written in another zone is no change.
func keepTexts(ctx context.Context, state, plan types.Object) types.Object {
	if !isSet(state) || !isSet(plan) {
		return plan
	}
	parts, was := plan.Attributes(), state.Attributes()
	for name, part := range parts {
		if text, ok := part.(interface{ means(attr.Value) bool }); ok && text.means(was[name]) {
			parts[name] = was[name]
		}
	}
	return types.ObjectValueMust(plan.AttributeTypes(ctx), parts)
}

// filterValidator refuses a filter that means every token, or none.
type filterValidator struct{}

func (filterValidator) Description(context.Context) string {
	return "must have at least one part, and parts that one token can match"
}

func (v filterValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (filterValidator) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	checkFilter(req.Path, req.ConfigValue, &resp.Diagnostics)
}

// checkFilter checks what is known of a filter.
func checkFilter(at path.Path, filter types.Object, diags *diag.Diagnostics) {
	if !isSet(filter) {
		return
	}
	refuseEmptyFilter(at, filter, diags)
	refuseContradictions(at, filter, diags)
}

func refuseEmptyFilter(at path.Path, filter types.Object, diags *diag.Diagnostics) {
	for _, part := range filter.Attributes() {
		if !part.IsNull() {
			return
		}
	}
	diags.AddAttributeError(at, "Empty Filter",
		"A filter without any part would mean every token, which must be asked for by name: set a part, or leave the filter out.")
}

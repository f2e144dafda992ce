package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/protocol"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// ModifyPlan decides whether the plan revokes, shows what it would hit, and lets
// the guards refuse it.
//
// Terraform calls it again when it applies the plan, and what is planned as known
// must then be the same. So nothing that is read here becomes a planned value:
// it only speaks through diagnostics.
func (r *revocationResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		r.planDestroy(ctx, req, resp)
		return
	}
	var plan revocationModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.State.Raw.IsNull() {
		plan.OrgURL = r.orgURL()
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("org_url"), plan.OrgURL)...)
		if r.planTainted(ctx, plan, req.Private, &resp.Diagnostics); !resp.Diagnostics.HasError() {
			r.previewCreate(ctx, plan, req, resp)
		}
		return
	}
	var state revocationModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if r.engine != nil {
		r.kept.unsee(state)
	}
	plan.Filter = keepTexts(ctx, state.Filter, plan.Filter)
	if resp.RequiresReplace = replacedBy(state, plan); len(resp.RequiresReplace) > 0 {
		if r.refuseRestAtOtherOrg(ctx, state, req.Private, &resp.Diagnostics); resp.Diagnostics.HasError() {
			return
		}
		r.previewReplacement(ctx, state, plan, req, resp)
		return
	}
	if r.refuseRecordOfOtherOrg(state, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	if !updateActs(state, plan) {
		plan.keepRecord(state)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
		return
	}
	plan.forgetRecord()
	plan.OrgURL = r.orgURL()
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	r.preview(ctx, plan, func(ctx context.Context, diags *diag.Diagnostics) revoke.Request {
		before := state.soFar(ctx, protocol.Recorded(ctx), besideIn(ctx, req.Private, diags), diags)
		return plan.rest(ctx, plan.request(ctx, diags), state, before, diags)
	}, req, resp)
}

func (r *revocationResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	resp.Diagnostics.AddWarning("Revoked Tokens Stay Revoked",
		"Destroying a revocation makes no request and brings no token back. Only its record leaves the state.")
	var state revocationModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if !resp.Diagnostics.HasError() {
		r.refuseRestAtOtherOrg(ctx, state, req.Private, &resp.Diagnostics)
	}
}

// replacing are the arguments that make it another revocation: the parent, the clients, the
// kind of selection, the token, and the triggers.
func (m revocationModel) replacing() []namedValue {
	everyClient := m.AllClients
	if everyClient.IsNull() {
		everyClient = types.BoolValue(false)
	}
	return []namedValue{
		{"auth_server_id", m.AuthServerID},
		{"user_id", m.UserID},
		{"app_id", m.AppID},
		{"client_id", m.ClientID},
		{"all_clients", everyClient},
		{"token_id", m.TokenID},
		{"token_ids", types.BoolValue(m.TokenIDs.IsNull())},
		{"filter", types.BoolValue(m.Filter.IsNull())},
		{"all", m.All},
		{"triggers", m.Triggers},
	}
}

// replacedBy are the attributes whose change makes it another revocation.
func replacedBy(state, plan revocationModel) path.Paths {
	var changed path.Paths
	was := state.replacing()
	for i, argument := range plan.replacing() {
		if !argument.value.Equal(was[i].value) || argument.value.IsUnknown() {
			changed = append(changed, path.Root(argument.name))
		}
	}
	return changed
}

// updateActs reports whether an update in place lists or revokes tokens. It
// looks at state and plan only, and so answers the same at apply.
func updateActs(state, plan revocationModel) bool {
	changed := namesMore(state, plan) ||
		!state.Filter.Equal(plan.Filter) ||
		!state.DryRun.Equal(plan.DryRun) ||
		!state.EndSessions.ValueBool() && (plan.EndSessions.ValueBool() || plan.EndSessions.IsUnknown())
	return changed || !plan.DryRun.ValueBool() && leftToRevoke(state, plan)
}

// namesMore reports whether the plan names tokens that the state does not. Naming
// fewer changes nothing in Okta; a dry run lists again.
func namesMore(state, plan revocationModel) bool {
	if plan.TokenIDs.IsUnknown() || plan.DryRun.ValueBool() {
		return !state.TokenIDs.Equal(plan.TokenIDs)
	}
	named := okta.Set{}
	for _, id := range state.TokenIDs.Elements() {
		named.Add(id.String())
	}
	return slices.ContainsFunc(plan.TokenIDs.Elements(), func(id attr.Value) bool { return !named.Has(id.String()) })
}

// leftToRevoke reports whether the state names tokens that the plan revokes:
// those that a failed apply left, or those that have reappeared. Turning
// on_reappear off is no revocation.
func leftToRevoke(state, plan revocationModel) bool {
	if state.ActiveTokenIDs.IsNull() {
		return true // a failed apply does not know what it left
	}
	if len(state.ActiveTokenIDs.Elements()) == 0 {
		return false
	}
	return plan.OnReappear.IsUnknown() || plan.OnReappear.ValueString() == reappearRevoke || state.OnReappear.ValueString() == reappearIgnore
}

// copyRecord takes over another model's record.
func (m *revocationModel) copyRecord(from revocationModel) {
	m.RevokedAt = from.RevokedAt
	m.RevokedCount = from.RevokedCount
	m.RevokedTokenIDs = from.RevokedTokenIDs
	m.RevokedTokens = from.RevokedTokens
	m.AlreadyGoneCount = from.AlreadyGoneCount
	m.ActiveTokenIDs = from.ActiveTokenIDs
}

// keepRecord is the record of an update that neither lists nor revokes.
func (m *revocationModel) keepRecord(state revocationModel) {
	m.OrgURL = state.OrgURL
	m.copyRecord(state)
	if !m.DryRun.ValueBool() {
		m.ActiveTokenIDs = toList(nil) // what reappeared and is to be ignored
	}
}

// forgetRecord plans the record as something that only the apply will know.
func (m *revocationModel) forgetRecord() {
	m.RevokedAt = unknownTime()
	m.RevokedCount = types.Int64Unknown()
	m.RevokedTokenIDs = types.ListUnknown(types.StringType)
	m.RevokedTokens = types.ListUnknown(tokenType)
	m.AlreadyGoneCount = types.Int64Unknown()
	m.ActiveTokenIDs = types.ListUnknown(types.StringType)
}

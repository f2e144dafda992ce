package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// ModifyPlan says in a warning what the plan revokes or lets live, and lets the
// guards refuse it.
//
// Terraform calls it again when it applies the plan, and what is planned as known
// must then be the same. So what becomes a planned value comes from the state and
// from what is asked for: a token that is to be revoked is planned as REVOKED.
func (r *refreshTokenResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var plan, state refreshTokenResourceModel
	creates, destroys := req.State.Raw.IsNull(), req.Plan.Raw.IsNull()
	if !destroys {
		resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	}
	if !creates {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() || r.engine == nil {
		return
	}
	switch {
	case destroys:
		r.planDestroy(state, &resp.Diagnostics)
		return
	case creates:
		if refuseForcedReplacement(ctx, plan, req.Private, &resp.Diagnostics); resp.Diagnostics.HasError() {
			return
		}
		r.planCreate(ctx, &plan, req, &resp.Diagnostics)
	default:
		if resp.RequiresReplace = state.replacedBy(plan); len(resp.RequiresReplace) == 0 {
			state.announceRevocation(ctx, resp.Private, &resp.Diagnostics)
			r.planUpdate(&plan, state, &resp.Diagnostics)
			break
		}
		if refuseSelfReplacement(state, plan, &resp.Diagnostics); resp.Diagnostics.HasError() {
			return
		}
		// Terraform asks again, for a create, and keeps no warning of that.
		r.planDestroy(state, &resp.Diagnostics)
		r.planCreate(ctx, &plan, req, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
}

// replacedBy are the attributes whose change makes it another token, or one that
// is reached through another parent.
func (m refreshTokenResourceModel) replacedBy(plan refreshTokenResourceModel) path.Paths {
	var changed path.Paths
	planned := plan.identity().attributes()
	for name, value := range m.identity().attributes() {
		if !value.Equal(planned[name]) {
			changed = append(changed, path.Root(name))
		}
	}
	return changed
}

// planCreate plans the adoption of a token. What it will find is not known, but
// if it is revoked.
func (r *refreshTokenResource) planCreate(ctx context.Context, plan *refreshTokenResourceModel, req resource.ModifyPlanRequest, diags *diag.Diagnostics) {
	plan.Status, plan.Token = types.StringUnknown(), types.ObjectUnknown(tokenType.AttrTypes)
	if !plan.Revoke.ValueBool() {
		return
	}
	plan.Status = types.StringValue(statusRevoked)
	if !plan.known() {
		plan.asRequest().checkKnownNames(r.engine.Protected, diags)
		return
	}
	if r.client.ReadOnly() {
		addReadOnly(diags, *plan)
		return
	}
	if plan.asRequest().refuseGrant(r.client, diags); diags.HasError() || applies(req) {
		return
	}
	preview, err := r.engine.Preview(ctx, plan.request())
	switch {
	case err != nil:
		addTokenRevocationError(diags, *plan, err)
	case len(preview.Tokens) == 0:
		addAlreadyGone(diags, *plan)
	default:
		addWillRevoke(diags, r.tense.revokes, *plan, preview.Tokens[0])
	}
}

// planUpdate plans a change of what is asked for. It costs no request, because the
// refresh has just read all that there is to know.
func (r *refreshTokenResource) planUpdate(plan *refreshTokenResourceModel, state refreshTokenResourceModel, diags *diag.Diagnostics) {
	plan.Status, plan.Token = state.Status, state.Token
	switch {
	case plan.Revoke.IsUnknown() && plan.alive():
		plan.Status, plan.Token = types.StringUnknown(), types.ObjectUnknown(tokenType.AttrTypes)
	case plan.mustRevoke():
		r.planRevocation(r.tense.revokes, *plan, diags)
		plan.end()
	case state.Revoke.ValueBool() && !plan.Revoke.ValueBool() && !plan.alive():
		addStaysRevoked(diags, state)
	}
}

func (r *refreshTokenResource) planDestroy(state refreshTokenResourceModel, diags *diag.Diagnostics) {
	switch {
	case state.mustRevokeOnDestroy():
		r.planRevocation("Destroying revokes", state, diags)
	case state.alive():
		addStaysAlive(diags, state)
	}
}

// planRevocation warns of the revocation of a token that the state knows, unless
// a guard refuses it.
func (r *refreshTokenResource) planRevocation(what string, m refreshTokenResourceModel, diags *diag.Diagnostics) {
	if r.client.ReadOnly() {
		addReadOnly(diags, m)
		return
	}
	m.asRequest().refuseGrant(r.client, diags)
	token := m.token(diags)
	if diags.HasError() {
		return
	}
	if err := r.engine.Check(m.request(), []okta.RefreshToken{token}); err != nil {
		addTokenRevocationError(diags, m, err)
		return
	}
	addWillRevoke(diags, what, m, token)
}

// known reports whether everything that names the token is known.
func (m refreshTokenResourceModel) known() bool {
	for _, value := range m.identity().attributes() {
		if value.IsUnknown() {
			return false
		}
	}
	return true
}

// asRequest is the token as a revocation would select it.
func (m refreshTokenResourceModel) asRequest() requestModel {
	return requestModel{parentModel: m.parentModel, TokenID: m.TokenID}
}

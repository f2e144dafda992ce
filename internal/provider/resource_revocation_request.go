package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

func (r *revocationResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var m revocationModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.validate(&resp.Diagnostics)
}

// arguments are what decides what is revoked.
func (m revocationModel) arguments() []namedValue {
	return append(m.requestModel.arguments(), namedValue{"evidence", m.Evidence}, namedValue{"dry_run", m.DryRun})
}

// unknown names the arguments that are not known yet.
func (m revocationModel) unknown() []string { return unknownOf(m.arguments()) }

// known reports whether everything is known that decides what is revoked.
func (m revocationModel) known() bool { return len(m.unknown()) == 0 }

// request is what the model asks the engine for.
func (m revocationModel) request(ctx context.Context, diags *diag.Diagnostics) revoke.Request {
	req := m.requestModel.request(ctx, diags)
	req.Evidence = map[string]revoke.Evidence{
		evidenceFull: revoke.FullEvidence, evidenceIDs: revoke.IDEvidence, evidenceNone: revoke.NoEvidence,
	}[m.Evidence.ValueString()]
	return req
}

// rest is what an update, or a replacement that goes on with a record, has still to do of
// a request: what the prior state has done is not done again. After a dry run, that is
// nothing.
func (m requestModel) rest(ctx context.Context, req revoke.Request, prior revocationModel, before progressSoFar, diags *diag.Diagnostics) revoke.Request {
	req.Unsettled = before.unsettled
	if prior.DryRun.ValueBool() {
		return req
	}
	req.EndSessions = req.EndSessions && !prior.EndSessions.ValueBool()
	if m.TokenIDs.IsNull() {
		return req
	}
	req.Selection = revoke.Tokens(slices.DeleteFunc(toStrings(ctx, m.TokenIDs, diags), before.done.Has)...)
	return req
}

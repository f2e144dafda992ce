package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

var (
	_ action.ActionWithConfigure      = (*revokeAction)(nil)
	_ action.ActionWithValidateConfig = (*revokeAction)(nil)
	_ action.ActionWithModifyPlan     = (*revokeAction)(nil)
)

func newRevokeAction() action.Action { return &revokeAction{} }

type revokeAction struct{ actionSession }

// revokeModel is the action's configuration. An action has nothing else: no state,
// and no plan that could tell its apply anything.
type revokeModel struct {
	requestModel
	Timeout durationValue `tfsdk:"timeout"`
}

// actionWording is how the action speaks. Its errors name what was revoked, because
// no state does.
var actionWording = wording{
	readOnly:  "Remove read_only to let it revoke.",
	uncounted: "because they were not listed first",
	names:     true,
	timeout:   "timeout",
	rest:      "plan and invoke the action again to do the rest: Terraform does not repeat it by itself.",
	nothing:   "plan and invoke the action again: Terraform does not repeat it by itself.",
	again:     "invoke the action again",
}

func (a *revokeAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_revoke"
}

func (a *revokeAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	attributes := attributesOf[schema.Attribute](requestAttributes(nil))
	attributes["timeout"] = optionalDuration("How long the revocation may take. After a timeout, the error says what is left. A duration such as `\"30m\"`. Defaults to `\"60m\"`.")
	resp.Schema = schema.Schema{
		MarkdownDescription: "Revokes refresh tokens each time it is invoked: one, some or all of a client's, a user's or an app's. " +
			"Okta revokes the access tokens issued with them too. This cannot be undone, and leaves no record in the state.",
		Attributes: attributes,
		Blocks:     map[string]schema.Block{"filter": filterBlock(requestFilterDescription + " " + filterDescription)},
	}
}

func (a *revokeAction) ValidateConfig(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	var m revokeModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.validate(&resp.Diagnostics)
}

// ModifyPlan shows what an invocation would hit, and lets the guards refuse it.
// Terraform calls it when it plans, and not again when it applies.
func (a *revokeAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	var m revokeModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || a.engine == nil {
		return
	}
	if unknown := unknownOf(m.arguments()); len(unknown) > 0 {
		m.checkKnownNames(a.engine.Protected, &resp.Diagnostics)
		refuseUnknownBound(unknown, &resp.Diagnostics)
		if !resp.Diagnostics.HasError() {
			m.addPreviewUnavailable(a.engine, unknown, &resp.Diagnostics)
		}
		return
	}
	request := a.request(ctx, m, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || m.addNothingNamed(a.engine, request, &resp.Diagnostics) {
		return
	}
	m.preview(ctx, a.session, request, actionWording, &resp.Diagnostics)
}

// request is what the configuration asks the engine for, unless the provider must
// not revoke.
//
// It asks for no evidence: tokens are only read where a guard needs that, and what
// is not read is not named.
func (a *revokeAction) request(ctx context.Context, m revokeModel, diags *diag.Diagnostics) revoke.Request {
	request := m.request(ctx, diags)
	request.Evidence = revoke.NoEvidence
	if !diags.HasError() {
		refuseReadOnly(a.engine, request, actionWording, diags)
	}
	return request
}

func (a *revokeAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var m revokeModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	request := a.request(ctx, m, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	p := &progress{request: request, org: a.engine.Client.OrgURL(), send: func(line string) {
		// Once Terraform is stopping, there may be no one left to receive it.
		if ctx.Err() == nil {
			resp.SendProgress(action.InvokeProgressEvent{Message: line})
		}
	}}
	request.Progress = p.take
	timeout := m.timeout(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	p.begin()
	out, err := a.engine.Revoke(limited, request)
	if err != nil {
		addRevocationError(&resp.Diagnostics, actionWording.applying(), m.requestModel, request, err)
	} else {
		p.end(out)
	}
	addRefusedClock(&resp.Diagnostics, out)
	if len(out.Appeared) > 0 {
		p.appeared(out.Appeared)
		addAppeared(&resp.Diagnostics, actionWording, request, out.Appeared)
	}
}

// timeout is what the configuration says, or the default.
func (m revokeModel) timeout(diags *diag.Diagnostics) time.Duration {
	if d := toDuration(m.Timeout, diags); d != nil {
		return *d
	}
	return revokeTimeout
}

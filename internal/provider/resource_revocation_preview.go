package provider

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// requester makes a request of a plan.
type requester func(context.Context, *diag.Diagnostics) revoke.Request

// preview warns of what the apply will hit. A dry run hits nothing, and what is
// not known yet cannot be looked for.
func (r *revocationResource) preview(ctx context.Context, plan revocationModel, request requester, planned resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.engine == nil {
		return
	}
	if unknown := plan.unknown(); len(unknown) > 0 {
		plan.checkKnownNames(r.engine.Protected, &resp.Diagnostics)
		if plan.DryRun.ValueBool() {
			return
		}
		refuseUnknownBound(unknown, &resp.Diagnostics)
		if !resp.Diagnostics.HasError() {
			plan.addPreviewUnavailable(r.engine, unknown, &resp.Diagnostics)
		}
		return
	}
	req := request(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.DryRun.ValueBool() {
		if err := r.engine.Protected.CheckNames(req); err != nil {
			addGuardError(&resp.Diagnostics, plan.requestModel, err)
		}
		return
	}
	if plan.addNothingNamed(r.engine, req, &resp.Diagnostics) {
		return
	}
	refuseReadOnly(r.engine, req, resourceWording, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if !applies(planned) {
		plan.preview(ctx, r.session, req, resourceWording, &resp.Diagnostics)
	}
}

// applies reports whether Terraform plans once more because it applies, when
// nobody reads a preview any more and its requests would only delay the
// revocation. Only then a released Terraform says that it takes deferrals.
// OpenTofu never does, and gets the preview twice.
func applies(req resource.ModifyPlanRequest) bool { return req.ClientCapabilities.DeferralAllowed }

// previewedKey is where the first plan of a replacement leaves the second what it
// has previewed. It is taken out by the second, and so is in no state.
const previewedKey = "previewed"

// previewReplacement is the preview of a replacement. Terraform plans it twice, the
// second time as a create, of which it keeps the errors but no warning. What is under
// ignore_changes has its old value in the first plan, and its new one in the second.
func (r *revocationResource) previewReplacement(ctx context.Context, state, plan revocationModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	same := !plan.TokenIDs.IsNull() && plan.TokenIDs.Equal(state.TokenIDs)
	if same && r.engine != nil && plan.known() && !plan.DryRun.ValueBool() {
		resp.Diagnostics.AddWarning(
			fmt.Sprintf("%s the refresh tokens in token_ids of %s", r.tense.revokes, plan.place(nil, r.engine)),
			"The revocation is replaced and starts a new record. Access tokens issued with the refresh tokens are revoked too. This cannot be undone.\n"+
				"This warning cannot count them: if token_ids is under ignore_changes, Terraform reads it after this. "+plan.countAdvice())
		return
	}
	r.preview(ctx, plan, plan.request, req, resp)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, previewedKey, plan.fingerprint())...)
}

// countAdvice says how to find out how many tokens a plan names that its warning cannot count.
func (m requestModel) countAdvice() string {
	if isSet(m.MaxTokens) {
		return "Count token_ids in the plan above. max_tokens is checked."
	}
	return "Count token_ids in the plan above."
}

// previewCreate is the preview of a create, unless it is the second plan of a
// replacement and the first has previewed the same.
func (r *revocationResource) previewCreate(ctx context.Context, plan revocationModel, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	previewed, diags := req.Private.GetKey(ctx, previewedKey)
	resp.Diagnostics.Append(diags...)
	if previewed != nil {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, previewedKey, nil)...)
	}
	if !bytes.Equal(previewed, plan.fingerprint()) {
		r.preview(ctx, plan, plan.request, req, resp)
	}
}

// fingerprint is the same for plans that a preview cannot tell apart. Private state
// takes JSON only.
func (m revocationModel) fingerprint() []byte {
	hash := sha256.New()
	for _, argument := range m.arguments() {
		fmt.Fprintf(hash, "%s %s\n", argument.name, argument.value)
	}
	return fmt.Appendf(nil, "%q", fmt.Sprintf("%x", hash.Sum(nil)))
}

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// orgURL is the org that the provider is configured for. It is known without a request, so
// it is planned as known: Terraform then refuses to apply a saved plan at another org.
func (r *revocationResource) orgURL() types.String {
	if r.engine == nil {
		return types.StringUnknown()
	}
	return types.StringValue(r.engine.Client.OrgURL())
}

// atAnotherOrg reports whether a plan or a state belongs to another org than the provider is
// configured for. States of earlier versions do not name their org.
func (r *revocationResource) atAnotherOrg(m revocationModel) bool {
	return r.engine != nil && isSet(m.OrgURL) && !sameOrg(m.OrgURL.ValueString(), r.engine.Client.OrgURL())
}

// refuseOtherOrg refuses to carry out at this org what was planned for another. Terraform and
// OpenTofu refuse that too, in words that call it a bug.
func (r *revocationResource) refuseOtherOrg(plan revocationModel, diags *diag.Diagnostics) {
	if r.atAnotherOrg(plan) {
		diags.AddAttributeError(path.Root("org_url"), "Plan of Another Org", fmt.Sprintf(
			"This was planned for %s, and the provider is now configured for %s. Nothing was sent. "+
				"Set org_url or OKTA_ORG_URL to the org of the plan, or plan and apply again.",
			prose.Printable(plan.OrgURL.ValueString()), r.orgURL().ValueString()))
	}
}

// refuseRecordOfOtherOrg refuses to plan with the record of another org: its tokens are not at
// this one, and whatever matches here was never asked for.
func (r *revocationResource) refuseRecordOfOtherOrg(state revocationModel, diags *diag.Diagnostics) {
	if r.atAnotherOrg(state) {
		diags.AddAttributeError(path.Root("org_url"), "Revocation of Another Org", r.otherOrg(state)+
			" Nothing is revoked. Set org_url or OKTA_ORG_URL back. To revoke at this org too, add another oktatokens_revocation, or change triggers of this one, which starts a new record. "+
			"If the record is not needed any more, remove the resource from the configuration and run terraform state rm (or tofu state rm) with its address: the tokens stay revoked.")
	}
}

// refuseRestAtOtherOrg refuses to replace or destroy at this org what did not come to its end at
// another: what is left there would be forgotten, or revoked here.
func (r *revocationResource) refuseRestAtOtherOrg(ctx context.Context, state revocationModel, private privateState, diags *diag.Diagnostics) {
	if r.atAnotherOrg(state) && state.goesOn(ctx, private, diags) {
		diags.AddAttributeError(path.Root("org_url"), "Revocation of Another Org", r.otherOrg(state)+
			" It is not finished there, and nothing is revoked here. Set org_url or OKTA_ORG_URL back, then plan and apply again to do the rest. "+
			"To give that up, remove the resource from the configuration and run terraform state rm (or tofu state rm) with its address.")
	}
}

func (r *revocationResource) otherOrg(state revocationModel) string {
	return fmt.Sprintf("The record in the state belongs to %s, and the provider is configured for %s.",
		prose.Printable(state.OrgURL.ValueString()), r.orgURL().ValueString())
}

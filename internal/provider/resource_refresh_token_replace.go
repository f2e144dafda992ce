package provider

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// A replacement destroys first, and with revoke_on_destroy that revokes the very token that is
// then to be adopted. What a change of an argument replaces, the plan shows. The provider is not
// told of the other ways: of -replace and replace_triggered_by it sees the plan of an update and
// then that of a create, and of a tainted resource only the latter.

// destroyRevokesKey is where the plan of an update leaves the plan of a create, if one follows,
// which token the destruction of the resource would revoke.
const destroyRevokesKey = "destroy_revokes"

// announceRevocation leaves a later plan that destroying the resource revokes its token.
func (m refreshTokenResourceModel) announceRevocation(ctx context.Context, private privateState, diags *diag.Diagnostics) {
	if !m.mustRevokeOnDestroy() {
		return
	}
	id, err := json.Marshal(m.TokenID.ValueString())
	if err != nil {
		diags.AddError("Unexpected Token ID", fmt.Sprintf("%s. This is a bug in the provider; please report it.", err))
		return
	}
	diags.Append(private.SetKey(ctx, destroyRevokesKey, id)...)
}

// refuseForcedReplacement refuses a create that is the second half of a replacement, of which the
// first revokes its token.
func refuseForcedReplacement(ctx context.Context, plan refreshTokenResourceModel, private privateState, diags *diag.Diagnostics) {
	announced, keyDiags := private.GetKey(ctx, destroyRevokesKey)
	diags.Append(keyDiags...)
	var id string
	if announced == nil || json.Unmarshal(announced, &id) != nil || id != plan.TokenID.ValueString() || plan.Revoke.ValueBool() {
		return
	}
	diags.AddAttributeError(path.Root("revoke_on_destroy"), "Replacement Would Revoke the Token", fmt.Sprintf(
		"A replacement destroys the resource first, which revokes %s, so there is nothing left to adopt. "+
			"Remove -replace or replace_triggered_by. To revoke the token, set revoke = true.", plan))
}

// refuseTaintedReplacement refuses to destroy a tainted resource that is then to be adopted
// again. Only then nothing is kept beside its state: a plan that only destroys has it.
func refuseTaintedReplacement(ctx context.Context, state refreshTokenResourceModel, private privateState, diags *diag.Diagnostics) {
	kept, keyDiags := private.GetKey(ctx, orgKey)
	diags.Append(keyDiags...)
	if diags.HasError() || kept != nil {
		return
	}
	diags.AddAttributeError(path.Root("revoke_on_destroy"), "Replacement Would Revoke the Token", fmt.Sprintf(
		"The resource is tainted, so Terraform replaces it: destroying it would revoke %s, and there would be nothing left to adopt. Nothing was revoked. "+
			"Run terraform untaint ADDRESS (or tofu untaint ADDRESS), with the address above. To revoke the token, then apply revoke = true.", state))
}

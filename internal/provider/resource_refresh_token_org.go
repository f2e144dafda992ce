package provider

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// privateState is what Terraform keeps for the provider beside the state.
type privateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// orgKey is where the private state has the org that a token was last seen at. In
// another org it is not there either, and that would look like a revocation.
const orgKey = "org_url"

// rememberOrg keeps the org of a token that was seen alive.
func (r *refreshTokenResource) rememberOrg(ctx context.Context, m refreshTokenResourceModel, private privateState, diags *diag.Diagnostics) {
	if !m.alive() {
		return
	}
	org, err := json.Marshal(r.client.OrgURL())
	if err != nil {
		diags.AddError("Unexpected Org URL", fmt.Sprintf("%s. This is a bug in the provider; please report it.", err))
		return
	}
	diags.Append(private.SetKey(ctx, orgKey, org)...)
}

// checkOrg refuses to judge a token by what another org says of it.
func (r *refreshTokenResource) checkOrg(ctx context.Context, m refreshTokenResourceModel, private privateState, diags *diag.Diagnostics) {
	kept, keptDiags := private.GetKey(ctx, orgKey)
	diags.Append(keptDiags...)
	if diags.HasError() || kept == nil {
		return
	}
	var org string
	if err := json.Unmarshal(kept, &org); err != nil {
		diags.AddError("Unexpected Private State", fmt.Sprintf("%s. This is a bug in the provider; please report it.", err))
		return
	}
	if !sameOrg(org, r.client.OrgURL()) {
		diags.AddAttributeError(path.Root("token_id"), "Refresh Token of Another Org", fmt.Sprintf(
			"The %s was last seen at %s, and the provider is configured for %s, which says nothing about it. Check org_url. "+
				"If the token is of no interest any more, remove it with terraform state rm.", m, org, r.client.OrgURL()))
	}
}

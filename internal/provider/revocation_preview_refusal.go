package provider

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// refuseReadOnly reports a revocation by a provider that must not revoke.
func refuseReadOnly(engine *revoke.Engine, req revoke.Request, words wording, diags *diag.Diagnostics) {
	if engine.Client.ReadOnly() && !req.Nothing() {
		diags.AddError("Provider Is Read-Only", fmt.Sprintf(
			"The provider is configured with read_only, and this would revoke tokens of %s. %s", req.Target, words.readOnly))
	}
}

// refuseGrant reports a credential that is known not to be able to revoke. What a service
// app was granted is known once it has signed in, and what it asks for before.
func (m requestModel) refuseGrant(client *okta.Client, diags *diag.Diagnostics) {
	grants := client.Grants()
	if grants == nil {
		return
	}
	scope, known := m.target().Kind().ManageScope(), grants.Granted
	if len(known) == 0 {
		known = grants.Asked
	}
	if !includes(known, scope) {
		diags.AddError("Missing Okta Permission", fmt.Sprintf(
			"This credential may not revoke refresh tokens of %s. %s", m.target(), missingGrant(grants, scope)))
	}
}

// checkKnownNames refuses a protected client or user even while other parts of
// the plan are unknown.
func (m requestModel) checkKnownNames(protected revoke.Protected, diags *diag.Diagnostics) {
	for _, named := range []struct {
		kind      string
		id        types.String
		protected okta.Set
	}{
		{"client", m.ClientID, protected.ClientIDs},
		{"user", m.UserID, protected.UserIDs},
	} {
		if isSet(named.id) && named.protected.Has(named.id.ValueString()) {
			addProtected(diags, named.kind+"_id", &revoke.ProtectedError{Kind: named.kind, ID: named.id.ValueString()})
		}
	}
}

// refuseUnknownBound reports a max_tokens that is not known when the plan is made: if it
// turned out null, there would be no bound at all.
func refuseUnknownBound(unknown []string, diags *diag.Diagnostics) {
	if slices.Contains(unknown, "max_tokens") {
		diags.AddAttributeError(path.Root("max_tokens"), "Bound Not Known",
			"max_tokens must be known at plan: if it turned out null at the apply, there would be no bound. "+
				"Use a number or a variable, and nothing that is still to be created.")
	}
}

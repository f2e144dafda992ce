package provider

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// String names the token in prose.
func (m refreshTokenResourceModel) String() string {
	return fmt.Sprintf("refresh token %s of %s", prose.Printable(m.TokenID.ValueString()), m.parent())
}

// goneAdvice is what to do about a token that is to be adopted and is not there.
const goneAdvice = " Remove the resource and its import block. Or set revoke = true and remove the import block only: then a token that is gone is as good as revoked."

// addWillRevoke warns of what an apply will revoke. The token is in the summary,
// because Terraform folds warnings with one summary into the first of them.
func addWillRevoke(diags *diag.Diagnostics, what string, m refreshTokenResourceModel, token okta.RefreshToken) {
	summary := fmt.Sprintf("%s %s", what, m)
	if user := named(token.UserID, token.UserName); user != "" && m.UserID.IsNull() {
		summary += ", held by user " + user
	}
	diags.AddWarning(summary, "Applying this plan revokes the token, and the access tokens issued with it. This cannot be undone.\n\n"+describeToken(token))
}

// addStaysAlive warns of a destroy that does not do what the word says. Of many,
// Terraform shows the first and counts the others.
func addStaysAlive(diags *diag.Diagnostics, m refreshTokenResourceModel) {
	diags.AddWarning("Refresh Token Stays Alive", fmt.Sprintf(
		"Terraform forgets %s without a request to Okta, and the token can still be used. "+
			"To revoke it, apply revoke = true first, or apply revoke_on_destroy = true and then destroy.", m))
}

func addStaysRevoked(diags *diag.Diagnostics, m refreshTokenResourceModel) {
	diags.AddWarning("Revoked Tokens Stay Revoked", fmt.Sprintf(
		"Without revoke = true, nothing changes for %s: there is no request that brings a token back.", m))
}

// addAlreadyGone warns that nothing was there to be revoked: it may be a slip in
// the ID, and the token that was meant alive.
func addAlreadyGone(diags *diag.Diagnostics, m refreshTokenResourceModel) {
	diags.AddAttributeWarning(path.Root("token_id"), "Refresh Token Already Gone", fmt.Sprintf(
		"There is no %s: it was already revoked, has expired, or the ID is wrong. Nothing is left to revoke, and its status is REVOKED.", m))
}

func addReadOnly(diags *diag.Diagnostics, m refreshTokenResourceModel) {
	diags.AddError("Provider Is Read-Only", fmt.Sprintf(
		"The provider is configured with read_only, and this would revoke %s. Set revoke and revoke_on_destroy to false to follow its status only, or remove read_only.", m))
}

// addTokenRevocationError reports why the token could not be revoked, or why it is
// not known to be.
func addTokenRevocationError(diags *diag.Diagnostics, m refreshTokenResourceModel, err error) {
	if isGuardError(err) {
		addGuardError(diags, m.asRequest(), err)
		return
	}
	op := operation{
		summary: "Unable to Revoke Refresh Token",
		doing:   fmt.Sprintf("revoke %s", m),
		kind:    m.parent().Kind(),
	}
	if incomplete, ok := errors.AsType[*revoke.IncompleteError](err); ok {
		if err = incomplete.Err; incomplete.Unverified {
			op.doing = fmt.Sprintf("make sure that %s is gone, though Okta has confirmed that it is revoked", m)
		}
	}
	addAPIError(diags, op, err)
}

// refuseSelfReplacement refuses to destroy the very token that is then to be adopted: a
// change of how it is reached asks for no revocation.
func refuseSelfReplacement(state, plan refreshTokenResourceModel, diags *diag.Diagnostics) {
	if !state.mustRevokeOnDestroy() || plan.Revoke.ValueBool() || !state.TokenID.Equal(plan.TokenID) {
		return
	}
	diags.AddAttributeError(path.Root("revoke_on_destroy"), "Replacement Would Revoke the Token", fmt.Sprintf(
		"Another parent means another resource, and destroying this one revokes %s, which is then gone. Apply revoke_on_destroy = false first, or set revoke = true if that is what is wanted.", state))
}

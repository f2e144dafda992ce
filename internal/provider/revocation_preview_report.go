package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// preview warns of what an apply will hit, unless a guard refuses it.
func (m requestModel) preview(ctx context.Context, engine *revoke.Engine, req revoke.Request, words wording, diags *diag.Diagnostics) {
	found, err := engine.Preview(ctx, req)
	if err != nil {
		addRevocationError(diags, words, m, req, err)
		return
	}
	addPreview(diags, req, found)
}

// refuseReadOnly reports a revocation by a provider that must not revoke.
func refuseReadOnly(engine *revoke.Engine, req revoke.Request, words wording, diags *diag.Diagnostics) {
	if engine.Client.ReadOnly() && !req.Nothing() {
		diags.AddError("Provider Is Read-Only", fmt.Sprintf(
			"The provider is configured with read_only, and this would revoke tokens of %s. %s", req.Target, words.readOnly))
	}
}

// checkKnownNames refuses a protected client or user even while other parts of
// the plan are unknown.
func (m requestModel) checkKnownNames(protected revoke.Protected, diags *diag.Diagnostics) {
	for _, named := range []struct {
		attribute string
		id        types.String
		protected okta.Set
	}{
		{"client_id", m.ClientID, protected.ClientIDs},
		{"user_id", m.UserID, protected.UserIDs},
	} {
		if isSet(named.id) && named.protected.Has(named.id.ValueString()) {
			addProtected(diags, named.attribute, fmt.Sprintf("%s is protected.", named.id.ValueString()))
		}
	}
}

// addPreview warns of what an apply will hit. The numbers are in the summary,
// because Terraform folds warnings with one summary into the first of them.
func addPreview(diags *diag.Diagnostics, req revoke.Request, p revoke.Preview) {
	count := plural(p.Count, "refresh token")
	if p.More && !req.Selection.Named() { // how many are named is known
		count = "more than " + count
	}
	summary := fmt.Sprintf("Will revoke %s of %s", count, req.Target)
	switch {
	case len(p.Tokens) > 0 && req.Target.EveryClient():
		summary += fmt.Sprintf(" (%s, %s)", plural(p.Clients, "client"), plural(p.Users, "user"))
	case len(p.Tokens) > 0:
		summary += fmt.Sprintf(" (%s)", plural(p.Users, "user"))
	}
	if req.EndSessions {
		summary += ", end the user's sessions, and revoke the user's tokens at every other client"
	}
	var detail strings.Builder
	detail.WriteString("Applying this plan revokes refresh tokens, and the access tokens issued with them. This cannot be undone.")
	if p.More {
		fmt.Fprintf(&detail, "\n\nThis is what the first requests showed; the apply reads all of them. So far: %s of %s.",
			plural(len(p.Tokens), "token"), plural(p.Users, "user"))
	}
	if len(p.Tokens) > 0 {
		fmt.Fprintf(&detail, "\n\n%s", describe(p.Tokens))
	}
	diags.AddWarning(summary, detail.String())
}

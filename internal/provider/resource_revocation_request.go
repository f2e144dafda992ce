package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
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

// validate checks what the schema cannot. Nothing destructive is the meaning of
// an absence: what is to be revoked is said in so many words, or it is an error.
func (m revocationModel) validate(diags *diag.Diagnostics) {
	m.validateHolder(diags)
	m.refuseClientOfApp(diags)
	m.validateClients(diags)
	m.validateSelection(diags)
	if m.EndSessions.ValueBool() && (isSet(m.AuthServerID) || isSet(m.AppID)) {
		diags.AddAttributeError(path.Root("end_sessions"), "Invalid Attribute Combination",
			"Sessions are a user's: end_sessions goes with user_id only.")
	}
}

// validateClients checks that a holder of tokens comes with one client or with
// all of them, in words.
func (m revocationModel) validateClients(diags *diag.Diagnostics) {
	every := m.AllClients.ValueBool()
	switch {
	case isSet(m.AppID) && every:
		diags.AddAttributeError(path.Root("all_clients"), "Invalid Attribute Combination",
			"An app is its own client: remove all_clients, or replace app_id by auth_server_id or user_id.")
	case every && isSet(m.ClientID):
		diags.AddAttributeError(path.Root("all_clients"), "Invalid Attribute Combination",
			"Set client_id for one client, or all_clients = true for every client, not both.")
	case (isSet(m.AuthServerID) || isSet(m.UserID)) && m.ClientID.IsNull() && !every && !m.AllClients.IsUnknown():
		diags.AddAttributeError(path.Root("client_id"), "Missing Client ID", fmt.Sprintf(
			"%s has tokens for each of its clients: set client_id for one client, or all_clients = true for every client.", m.holderName()))
	}
}

// selections are the attributes of which exactly one says what to revoke.
func (m revocationModel) selections() []struct {
	name  string
	value attr.Value
} {
	return []struct {
		name  string
		value attr.Value
	}{{"token_id", m.TokenID}, {"token_ids", m.TokenIDs}, {"filter", m.Filter}, {"all", m.All}}
}

func (m revocationModel) validateSelection(diags *diag.Diagnostics) {
	if isSet(m.All) && !m.All.ValueBool() {
		diags.AddAttributeError(path.Root("all"), "Invalid Selection",
			"all must be literally true, or left out: false selects nothing.")
		return
	}
	var set []string
	unknown := false
	for _, selection := range m.selections() {
		// A set or an object with unknown parts is set all the same.
		if isSet(selection.value) {
			set = append(set, selection.name)
		}
		unknown = unknown || selection.value.IsUnknown()
	}
	switch {
	case len(set) > 1:
		diags.AddAttributeError(path.Root(set[1]), "Invalid Attribute Combination", fmt.Sprintf(
			"A revocation has one selection: set %s or %s, not both.", set[0], set[1]))
	case len(set) == 0 && !unknown:
		diags.AddAttributeError(path.Root("token_id"), "Missing Selection",
			"Say what to revoke with exactly one of token_id, token_ids, filter and all = true. A value that is null selects nothing.")
	}
}

// known reports whether everything that a request is made of is known.
func (m revocationModel) known() bool {
	for _, value := range []attr.Value{
		m.AuthServerID, m.UserID, m.AppID, m.ClientID, m.AllClients,
		m.TokenID, m.TokenIDs, m.Filter, m.All, m.MaxTokens, m.EndSessions, m.Evidence, m.DryRun,
	} {
		if !isKnown(value) {
			return false
		}
	}
	return true
}

// target is where the model revokes.
func (m revocationModel) target() revoke.Target {
	if m.AllClients.ValueBool() {
		return revoke.AtEveryClient(m.holder())
	}
	return revoke.At(m.parent())
}

func (m revocationModel) kind() okta.Kind {
	if m.AllClients.ValueBool() {
		return m.holder().Kind()
	}
	return m.parent().Kind()
}

// request is what the model asks the engine for. It validates once more, now
// that nothing is unknown.
func (m revocationModel) request(ctx context.Context, diags *diag.Diagnostics) revoke.Request {
	m.validate(diags)
	refuseEmptyFilter(path.Root("filter"), m.Filter, diags)
	if diags.HasError() {
		return revoke.Request{}
	}
	return revoke.Request{
		Target:      m.target(),
		Selection:   m.selection(ctx, diags),
		MaxTokens:   m.MaxTokens.ValueInt64Pointer(),
		EndSessions: m.EndSessions.ValueBool(),
		Evidence: map[string]revoke.Evidence{
			evidenceFull: revoke.FullEvidence, evidenceIDs: revoke.IDEvidence, evidenceNone: revoke.NoEvidence,
		}[m.Evidence.ValueString()],
	}
}

func (m revocationModel) selection(ctx context.Context, diags *diag.Diagnostics) revoke.Selection {
	switch {
	case !m.TokenID.IsNull():
		return revoke.Tokens(m.TokenID.ValueString())
	case !m.TokenIDs.IsNull():
		return revoke.Tokens(toStrings(ctx, m.TokenIDs, diags)...)
	case !m.Filter.IsNull():
		return revoke.Matching(toFilter(ctx, m.Filter, diags))
	case m.All.ValueBool():
		return revoke.Everything()
	}
	return revoke.Selection{}
}

// since is the request of an update: what the prior state has done is not done
// again. After a dry run, that is nothing.
func (m revocationModel) since(ctx context.Context, prior revocationModel, diags *diag.Diagnostics) revoke.Request {
	req := m.request(ctx, diags)
	if prior.DryRun.ValueBool() {
		return req
	}
	req.EndSessions = req.EndSessions && !prior.EndSessions.ValueBool()
	if m.TokenIDs.IsNull() || prior.TokenIDs.IsNull() {
		return req
	}
	done := toSet(ctx, prior.TokenIDs, diags)
	for _, id := range toStringsOf(ctx, prior.ActiveTokenIDs, diags) {
		delete(done, id)
	}
	var added []string
	for _, id := range toStrings(ctx, m.TokenIDs, diags) {
		if !done.Has(id) {
			added = append(added, id)
		}
	}
	req.Selection = revoke.Tokens(added...)
	return req
}

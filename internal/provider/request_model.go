package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// requestModel is the part of a configuration that a revocation's request is made
// of: where, which tokens, and within which bounds. The resource and the action
// have it in common.
type requestModel struct {
	parentModel
	AllClients types.Bool `tfsdk:"all_clients"`

	TokenID  types.String `tfsdk:"token_id"`
	TokenIDs types.Set    `tfsdk:"token_ids"`
	Filter   types.Object `tfsdk:"filter"`
	All      types.Bool   `tfsdk:"all"`

	MaxTokens   wholeValue `tfsdk:"max_tokens"`
	EndSessions types.Bool `tfsdk:"end_sessions"`
}

// validate checks what the schema cannot. Nothing destructive is the meaning of
// an absence: what is to be revoked is said in so many words, or it is an error.
func (m requestModel) validate(diags *diag.Diagnostics) {
	m.validateHolder(diags)
	m.refuseClientOfApp(diags)
	m.validateClients(diags)
	m.validateSelection(diags)
	m.refuseOtherParent(m.Filter, diags)
	if m.EndSessions.ValueBool() && (isSet(m.AuthServerID) || isSet(m.AppID)) {
		diags.AddAttributeError(path.Root("end_sessions"), "Invalid Attribute Combination",
			"Sessions are a user's: end_sessions goes with user_id only.")
	}
}

// validateClients checks that a holder of tokens comes with one client or with
// all of them, in words.
func (m requestModel) validateClients(diags *diag.Diagnostics) {
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

// namedValue is an attribute.
type namedValue struct {
	name  string
	value attr.Value
}

// selections are the attributes of which exactly one says what to revoke.
func (m requestModel) selections() []namedValue {
	return []namedValue{{"token_id", m.TokenID}, {"token_ids", m.TokenIDs}, {"filter", m.Filter}, {"all", m.All}}
}

func (m requestModel) validateSelection(diags *diag.Diagnostics) {
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

// arguments are what decides the request.
func (m requestModel) arguments() []namedValue {
	return []namedValue{
		{"auth_server_id", m.AuthServerID},
		{"user_id", m.UserID},
		{"app_id", m.AppID},
		{"client_id", m.ClientID},
		{"all_clients", m.AllClients},
		{"token_id", m.TokenID},
		{"token_ids", m.TokenIDs},
		{"filter", m.Filter},
		{"all", m.All},
		{"max_tokens", m.MaxTokens},
		{"end_sessions", m.EndSessions},
	}
}

// unknownOf names the arguments that are not known, and the parts of those that are
// known in part.
func unknownOf(arguments []namedValue) []string {
	var names []string
	for _, argument := range arguments {
		object, isObject := argument.value.(types.Object)
		if !isObject || object.IsUnknown() {
			if !isKnown(argument.value) {
				names = append(names, argument.name)
			}
			continue
		}
		attributes := object.Attributes()
		for _, name := range slices.Sorted(maps.Keys(attributes)) {
			if !isKnown(attributes[name]) {
				names = append(names, argument.name+"."+name)
			}
		}
	}
	return names
}

// target is where the model revokes.
func (m requestModel) target() walk.Target {
	if m.AllClients.ValueBool() {
		return walk.AtEveryClient(m.holder())
	}
	return walk.At(m.parent())
}

// request is what the model asks the engine for. It validates once more, now
// that nothing is unknown.
func (m requestModel) request(ctx context.Context, diags *diag.Diagnostics) revoke.Request {
	m.validate(diags)
	m.MaxTokens.refuseFault(path.Root("max_tokens"), diags)
	checkFilter(path.Root("filter"), m.Filter, diags)
	if diags.HasError() {
		return revoke.Request{}
	}
	return revoke.Request{
		Target:      m.target(),
		Selection:   m.selection(ctx, diags),
		MaxTokens:   m.MaxTokens.ValueInt64Pointer(),
		EndSessions: m.EndSessions.ValueBool(),
	}
}

func (m requestModel) selection(ctx context.Context, diags *diag.Diagnostics) revoke.Selection {
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

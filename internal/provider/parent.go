package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// parentModel is the part of a configuration that names what tokens are listed under.
type parentModel struct {
	AuthServerID types.String `tfsdk:"auth_server_id"`
	UserID       types.String `tfsdk:"user_id"`
	AppID        types.String `tfsdk:"app_id"`
	ClientID     types.String `tfsdk:"client_id"`
}

// parentDescriptions describe the parent attributes, which several schemas have.
var parentDescriptions = map[string]string{
	"auth_server_id": "ID of a custom authorization server, such as `aus8k2lmq4RtXw7Zn5d7`, or `default`. Also needs a client. Exactly one of `auth_server_id`, `user_id` and `app_id`.",
	"user_id":        "ID or login of a user, such as `00u1a2b3c4d5e6f7g8h9`. Also needs a client. Exactly one of `auth_server_id`, `user_id` and `app_id`.",
	"app_id":         "ID of an app, such as `0oa3f9hbc6JyPs1Qv5d7`. Its tokens can come from any authorization server. Exactly one of `auth_server_id`, `user_id` and `app_id`.",
	"client_id":      "Client ID of the app that holds the tokens, such as `0oa3f9hbc6JyPs1Qv5d7`. Only with `auth_server_id` or `user_id`.",
}

// parentAttributes name a parent. More is what they mean to this kind of object.
func parentAttributes(more string) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for name := range parentDescriptions {
		attributes[name] = parentAttribute(name, more)
	}
	return attributes
}

func parentAttribute(name, more string) schema.StringAttribute {
	isOne := isID()
	if name == "user_id" {
		isOne = isUser()
	}
	return optionalText(parentDescriptions[name]+more, isOne)
}

// validateHolder checks that exactly one of the attributes that can hold tokens
// is set. What is unknown may turn out either way.
func (m parentModel) validateHolder(diags *diag.Diagnostics) {
	set, unknown := []string{}, false
	for _, candidate := range m.holders() {
		unknown = unknown || candidate.value.IsUnknown()
		if isSet(candidate.value) {
			set = append(set, candidate.name)
		}
	}
	switch {
	case len(set) > 1:
		diags.AddAttributeError(path.Root(set[1]), "Invalid Attribute Combination", fmt.Sprintf(
			"Tokens are listed under one parent: set %s or %s, not both.", set[0], set[1]))
	case len(set) == 0 && !unknown:
		diags.AddAttributeError(path.Root("auth_server_id"), "Missing Parent",
			"Set exactly one of auth_server_id, user_id and app_id: tokens are listed under an authorization server and a client, a user and a client, or an app.")
	}
}

type holderAttribute struct {
	name  string
	value types.String
}

func (m parentModel) holders() []holderAttribute {
	return []holderAttribute{
		{"auth_server_id", m.AuthServerID}, {"user_id", m.UserID}, {"app_id", m.AppID},
	}
}

// validate checks the parent of a configuration in which client_id is the only
// way to name a client.
func (m parentModel) validate(diags *diag.Diagnostics) {
	m.validateHolder(diags)
	m.refuseClientOfApp(diags)
	if (isSet(m.AuthServerID) || isSet(m.UserID)) && m.ClientID.IsNull() {
		diags.AddAttributeError(path.Root("client_id"), "Missing Client ID", fmt.Sprintf(
			"%s goes with client_id: it has tokens for each of its clients.", m.holderName()))
	}
}

func (m parentModel) refuseClientOfApp(diags *diag.Diagnostics) {
	if isSet(m.AppID) && isSet(m.ClientID) {
		diags.AddAttributeError(path.Root("client_id"), "Invalid Attribute Combination",
			"An app is its own client: remove client_id, or replace app_id by auth_server_id or user_id.")
	}
}

// holderName is the attribute that names what holds the tokens.
func (m parentModel) holderName() string {
	for _, candidate := range m.holders() {
		if !candidate.value.IsNull() {
			return candidate.name
		}
	}
	return "auth_server_id"
}

// holder is the authorization server or the user.
func (m parentModel) holder() okta.Holder {
	if !m.UserID.IsNull() {
		return okta.User(m.UserID.ValueString())
	}
	return okta.AuthorizationServer(m.AuthServerID.ValueString())
}

// parent is the parent that the model names.
func (m parentModel) parent() okta.Parent {
	if !m.AppID.IsNull() {
		return okta.App(m.AppID.ValueString())
	}
	return m.holder().Client(m.ClientID.ValueString())
}

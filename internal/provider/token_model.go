package provider

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	resourceschema "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// tokenModel is a refresh token wherever one appears. What Okta leaves out is
// null.
type tokenModel struct {
	ID             types.String `tfsdk:"id"`
	Status         types.String `tfsdk:"status"`
	ClientID       types.String `tfsdk:"client_id"`
	UserID         types.String `tfsdk:"user_id"`
	Issuer         types.String `tfsdk:"issuer"`
	Created        timeValue    `tfsdk:"created"`
	LastUpdated    timeValue    `tfsdk:"last_updated"`
	ExpiresAt      timeValue    `tfsdk:"expires_at"`
	Scopes         types.List   `tfsdk:"scopes"`
	AuthServerID   types.String `tfsdk:"auth_server_id"`
	AppID          types.String `tfsdk:"app_id"`
	ClientName     types.String `tfsdk:"client_name"`
	UserName       types.String `tfsdk:"user_name"`
	AuthServerName types.String `tfsdk:"auth_server_name"`
	AppName        types.String `tfsdk:"app_name"`
}

func newTokenModel(t okta.RefreshToken) tokenModel {
	scopes := types.ListNull(types.StringType)
	if t.Scopes != nil {
		scopes = toList(t.Scopes)
	}
	return tokenModel{
		ID:             text(t.ID),
		Status:         text(t.Status),
		ClientID:       text(t.ClientID),
		UserID:         text(t.UserID),
		Issuer:         text(t.Issuer),
		Created:        instant(t.Created),
		LastUpdated:    instant(t.LastUpdated),
		ExpiresAt:      instant(t.ExpiresAt),
		Scopes:         scopes,
		AuthServerID:   text(t.AuthServerID),
		AppID:          text(t.AppID),
		ClientName:     text(t.ClientName),
		UserName:       text(t.UserName),
		AuthServerName: text(t.AuthServerName),
		AppName:        text(t.AppName),
	}
}

// instant is Okta's own text, or null.
func instant(i okta.Instant) timeValue {
	if i.IsZero() {
		return nullTime()
	}
	return newTime(i.String())
}

// attributes are the model's values by name, as in tokenType.
func (m tokenModel) attributes() map[string]attr.Value {
	return map[string]attr.Value{
		"id": m.ID, "status": m.Status, "client_id": m.ClientID, "user_id": m.UserID, "issuer": m.Issuer,
		"created": m.Created, "last_updated": m.LastUpdated, "expires_at": m.ExpiresAt, "scopes": m.Scopes,
		"auth_server_id": m.AuthServerID, "app_id": m.AppID, "client_name": m.ClientName,
		"user_name": m.UserName, "auth_server_name": m.AuthServerName, "app_name": m.AppName,
	}
}

// tokenField is one attribute of a token. Data sources and resources have schema
// types of their own, made from the same fields.
type tokenField struct {
	name        string
	valueType   attr.Type
	description string
}

var scopesType = types.ListType{ElemType: types.StringType}

var tokenFields = []tokenField{
	{"id", types.StringType, "ID of the token, such as `oar1a2b3c4d5e6f7g8h9`. It is not a secret: it is of no use without rights to the org, and the token's value is never seen by this API."},
	{"status", types.StringType, "`ACTIVE` or `REVOKED`, as Okta says it."},
	{"client_id", types.StringType, "Client ID of the app that holds the token."},
	{"user_id", types.StringType, "ID of the user on whose behalf the token was issued."},
	{"issuer", types.StringType, "Issuer URL of the authorization server, such as `https://acme.okta.com/oauth2/default`."},
	{"created", timeType{}, "When the token was issued, in RFC 3339 as Okta wrote it, such as `2026-01-31T08:00:00.000Z`."},
	{"last_updated", timeType{}, "When the token was last used or changed, in RFC 3339. Okta moves it with each use, as far as is known: it does not document when."},
	{"expires_at", timeType{}, "When the token expires unless it is used before, in RFC 3339. Null for a token that never expires."},
	{"scopes", scopesType, "Names of the scopes that were granted, such as `offline_access`, sorted."},
	{"auth_server_id", types.StringType, "ID of the authorization server that issued the token, from its links."},
	{"app_id", types.StringType, "ID of the app that holds the token, from its links."},
	{"client_name", types.StringType, "Name of the client, from the token's links."},
	{"user_name", types.StringType, "Name of the user, from the token's links."},
	{"auth_server_name", types.StringType, "Name of the authorization server, from the token's links."},
	{"app_name", types.StringType, "Name of the app, from the token's links."},
}

// tokenType is the type of a token object.
var tokenType = types.ObjectType{AttrTypes: func() map[string]attr.Type {
	attributes := map[string]attr.Type{}
	for _, field := range tokenFields {
		attributes[field.name] = field.valueType
	}
	return attributes
}()}

func tokenDataSourceAttributes() map[string]datasourceschema.Attribute {
	attributes := map[string]datasourceschema.Attribute{}
	for _, field := range tokenFields {
		switch field.valueType {
		case timeType{}:
			attributes[field.name] = datasourceschema.StringAttribute{MarkdownDescription: field.description, CustomType: timeType{}, Computed: true}
		case types.StringType:
			attributes[field.name] = datasourceschema.StringAttribute{MarkdownDescription: field.description, Computed: true}
		default:
			attributes[field.name] = datasourceschema.ListAttribute{MarkdownDescription: field.description, ElementType: types.StringType, Computed: true}
		}
	}
	return attributes
}

func tokenResourceAttributes() map[string]resourceschema.Attribute {
	attributes := map[string]resourceschema.Attribute{}
	for _, field := range tokenFields {
		switch field.valueType {
		case timeType{}:
			attributes[field.name] = resourceschema.StringAttribute{MarkdownDescription: field.description, CustomType: timeType{}, Computed: true}
		case types.StringType:
			attributes[field.name] = resourceschema.StringAttribute{MarkdownDescription: field.description, Computed: true}
		default:
			attributes[field.name] = resourceschema.ListAttribute{MarkdownDescription: field.description, ElementType: types.StringType, Computed: true}
		}
	}
	return attributes
}

// scopeType is a scope in full, for the data sources that can expand them.
var scopeType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"id": types.StringType, "name": types.StringType, "display_name": types.StringType, "description": types.StringType,
}}

// detailedTokenType is a token object with its scopes in full.
var detailedTokenType = types.ObjectType{AttrTypes: func() map[string]attr.Type {
	attributes := maps.Clone(tokenType.AttrTypes)
	attributes["scope_details"] = types.ListType{ElemType: scopeType}
	return attributes
}()}

func scopeDetailsDataSourceAttribute() datasourceschema.Attribute {
	return datasourceschema.ListNestedAttribute{
		MarkdownDescription: "The granted scopes in full, sorted by name. Null unless `expand_scopes` is `true`.",
		Computed:            true,
		NestedObject: datasourceschema.NestedAttributeObject{Attributes: map[string]datasourceschema.Attribute{
			"id":           datasourceschema.StringAttribute{MarkdownDescription: "ID of the scope.", Computed: true},
			"name":         datasourceschema.StringAttribute{MarkdownDescription: "Name of the scope, such as `offline_access`.", Computed: true},
			"display_name": datasourceschema.StringAttribute{MarkdownDescription: "Name that a consent page shows for the scope.", Computed: true},
			"description":  datasourceschema.StringAttribute{MarkdownDescription: "What the scope allows.", Computed: true},
		}},
	}
}

// scopeDetails is null when the scopes were not asked to be expanded, or Okta did
// not do so.
func scopeDetails(t okta.RefreshToken, expand bool) types.List {
	if !expand || t.ScopeDetails == nil {
		return types.ListNull(scopeType)
	}
	details := make([]attr.Value, len(t.ScopeDetails))
	for i, scope := range t.ScopeDetails {
		details[i] = types.ObjectValueMust(scopeType.AttrTypes, map[string]attr.Value{
			"id": text(scope.ID), "name": text(scope.Name),
			"display_name": text(scope.DisplayName), "description": text(scope.Description),
		})
	}
	return types.ListValueMust(scopeType, details)
}

package provider

import (
	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/protocol"
)

// member is an attribute of a row: null for an empty text, which is one that Okta
// left out, and for a nil value.
type member struct {
	name  string
	value any
}

// objectRow is a row of these attributes.
func objectRow(members []member) protocol.Row {
	fields := make([]protocol.Field, len(members))
	for i, m := range members {
		fields[i] = protocol.Field{Name: m.name, Value: m.value}
	}
	return protocol.Encode(fields)
}

// idRow is a row of a list of IDs.
func idRow(id string) protocol.Row { return protocol.Encode(id) }

// tokenRow is a token object: what [newTokenModel] becomes in the framework.
func tokenRow(t okta.RefreshToken) protocol.Row { return objectRow(tokenMembers(t)) }

// detailedTokenRow is tokenRow with scope_details, which are null unless they are
// to be expanded.
func detailedTokenRow(expand bool) func(okta.RefreshToken) protocol.Row {
	return func(t okta.RefreshToken) protocol.Row {
		details := member{"scope_details", nil}
		if expand && t.ScopeDetails != nil {
			details.value = protocol.Rows(t.ScopeDetails, scopeRow)
		}
		return objectRow(append(tokenMembers(t), details))
	}
}

func scopeRow(s okta.Scope) protocol.Row {
	return objectRow([]member{{"id", s.ID}, {"name", s.Name}, {"display_name", s.DisplayName}, {"description", s.Description}})
}

func tokenMembers(t okta.RefreshToken) []member {
	return []member{
		{"id", t.ID},
		{"status", t.Status},
		{"client_id", t.ClientID},
		{"user_id", t.UserID},
		{"issuer", t.Issuer},
		{"created", t.Created},
		{"last_updated", t.LastUpdated},
		{"expires_at", t.ExpiresAt},
		{"scopes", t.Scopes},
		{"auth_server_id", t.AuthServerID},
		{"app_id", t.AppID},
		{"client_name", t.ClientName},
		{"user_name", t.UserName},
		{"auth_server_name", t.AuthServerName},
		{"app_name", t.AppName},
	}
}

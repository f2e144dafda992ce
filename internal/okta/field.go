package okta

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Fields is a set of a refresh token's fields.
type Fields uint16

// The fields of a refresh token that may be unreadable. The ID is not one of them: a
// token without an ID is an error.
const (
	FieldStatus Fields = 1 << iota
	FieldClientID
	FieldUserID
	FieldIssuer
	FieldCreated
	FieldLastUpdated
	FieldExpiresAt
	FieldScopes
	FieldAuthServer
	FieldApp
	FieldClientName
	FieldUserName
	FieldScopeDetails
)

// fieldNames are the names of the fields that users see, in the order of the
// constants. A link has an ID and a name. The ID stands for both.
var fieldNames = [...]string{
	"status", "client_id", "user_id", "issuer", "created", "last_updated", "expires_at", "scopes",
	"auth_server_id", "app_id", "client_name", "user_name", "scope_details",
}

// Has reports whether any of these fields is in the set.
func (f Fields) Has(fields Fields) bool { return f&fields != 0 }

// Names are the names of the fields, such as last_updated.
func (f Fields) Names() []string {
	var names []string
	for i, name := range fieldNames {
		if f.Has(1 << i) {
			names = append(names, name)
		}
	}
	return names
}

// String joins the names of the fields.
func (f Fields) String() string { return strings.Join(f.Names(), ", ") }

// Unreadable are the fields that could not be read, by token ID.
type Unreadable map[string]Fields

// Add records the unreadable fields of a token.
func (u *Unreadable) Add(token RefreshToken) {
	if token.Unreadable != 0 {
		u.Merge(Unreadable{token.ID: token.Unreadable})
	}
}

// Merge adds the records of other.
func (u *Unreadable) Merge(other Unreadable) {
	if *u == nil && len(other) > 0 {
		*u = Unreadable{}
	}
	for id, fields := range other {
		(*u)[id] |= fields
	}
}

// ByField returns the unreadable fields in their order, each with the sorted IDs of
// its tokens.
func (u Unreadable) ByField() []UnreadableField {
	ids := slices.Sorted(maps.Keys(u))
	var found []UnreadableField
	for i, name := range fieldNames {
		field := UnreadableField{Name: name}
		for _, id := range ids {
			if u[id].Has(1 << i) {
				field.TokenIDs = append(field.TokenIDs, id)
			}
		}
		if field.TokenIDs != nil {
			found = append(found, field)
		}
	}
	return found
}

// UnreadableField is a field with the tokens in which it could not be read.
type UnreadableField struct {
	Name     string
	TokenIDs []string
}

// UnreadableError is returned when a decision depends on unreadable fields of a token.
type UnreadableError struct {
	TokenID string
	Fields  Fields
}

func (e *UnreadableError) Error() string {
	return fmt.Sprintf("cannot tell whether the filter matches refresh token %s: Okta sent its %s in a form that cannot be read",
		e.TokenID, strings.Join(e.Fields.Names(), " and "))
}

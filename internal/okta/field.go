package okta

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Fields is a set of a refresh token's fields.
type Fields uint16

// The fields of a refresh token that may be unreadable. A token's ID is not one of
// them: without an ID there is no token.
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

// fieldNames are what people call the fields, in the order of the constants. A
// link has an ID and a name; the ID stands for both.
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

// String is the names of the fields in one text.
func (f Fields) String() string { return strings.Join(f.Names(), ", ") }

// Unreadable are the fields that could not be read, by token ID.
type Unreadable map[string]Fields

// Add notes what could not be read of a token.
func (u *Unreadable) Add(token RefreshToken) {
	if token.Unreadable != 0 {
		u.Merge(Unreadable{token.ID: token.Unreadable})
	}
}

// Merge adds what others noted.
func (u *Unreadable) Merge(other Unreadable) {
	if *u == nil && len(other) > 0 {
		*u = Unreadable{}
	}
	for id, fields := range other {
		(*u)[id] |= fields
	}
}

// ByField are the unreadable fields in their order, each with the IDs of the tokens
// concerned, sorted.
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

// UnreadableField is one field that could not be read, of these tokens.
type UnreadableField struct {
	Name     string
	TokenIDs []string
}

// UnreadableError says that a decision needs fields of a token that could not be
// read.
type UnreadableError struct {
	TokenID string
	Fields  Fields
}

func (e *UnreadableError) Error() string {
	return fmt.Sprintf("cannot tell whether the filter matches refresh token %s: Okta sent its %s in a form that cannot be read",
		e.TokenID, strings.Join(e.Fields.Names(), " and "))
}

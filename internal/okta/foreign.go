package okta

import (
	"fmt"
	"strings"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// ForeignTokenError is returned for a token in the wrong list: Okta listed it for one
// client, user, authorization server or app, and the token itself names another.
type ForeignTokenError struct {
	TokenID string
	Parent  Parent // that listed it
	Kind    string // of the owner that the token names, such as "client"
	ID      string // of that owner
}

func (e *ForeignTokenError) Error() string {
	return fmt.Sprintf("Okta lists refresh token %s among those of %s, and says that it belongs to %s %s",
		prose.Printable(e.TokenID), e.Parent, e.Kind, prose.Printable(e.ID))
}

// CheckOwner returns a [*ForeignTokenError] when a token that the parent lists names
// another client, user, authorization server or app. It only compares IDs. A missing
// value, an alias such as "default" or a login proves nothing.
func (p Parent) CheckOwner(token RefreshToken) error {
	foreign := func(kind, id string) error {
		return &ForeignTokenError{TokenID: token.ID, Parent: p, Kind: kind, ID: id}
	}
	if p.clientID != "" && token.ClientID != "" && token.ClientID != p.clientID {
		return foreign("client", token.ClientID)
	}
	named := map[Kind]struct{ id, prefix string }{
		KindAuthorizationServer: {token.AuthServerID, "aus"},
		KindUser:                {token.UserID, "00u"},
		KindApp:                 {token.AppID, "0oa"},
	}[p.kind]
	isID := func(id string) bool { return strings.HasPrefix(id, named.prefix) && !strings.ContainsAny(id, "@.") }
	if isID(p.id) && isID(named.id) && p.id != named.id {
		return foreign(p.kind.String(), named.id)
	}
	return nil
}

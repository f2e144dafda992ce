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
	Others  string // the owner that other tokens of the list name; empty if the parent is named by ID
}

func (e *ForeignTokenError) Error() string {
	text := fmt.Sprintf("Okta lists refresh token %s among those of %s, and says that it belongs to %s %s",
		prose.Printable(e.TokenID), e.Parent, e.Kind, prose.Printable(e.ID))
	if e.Others != "" {
		text += fmt.Sprintf(" and others in the list to %s", prose.Printable(e.Others))
	}
	return text
}

// Owners checks to whom the tokens of one list belong. The zero Owners is invalid: see
// [Parent.Owners].
type Owners struct {
	parent   Parent
	clientID string // that the first token with a client ID named
	holderID string // the same of the authorization server, the user or the app
}

// Owners starts the check of a parent's list.
func (p Parent) Owners() Owners { return Owners{parent: p} }

// Next starts the check of another list of the same authorization server or user.
func (o *Owners) Next(p Parent) Owners { return Owners{parent: p, holderID: o.holderID} }

// Check returns a [*ForeignTokenError] when the next token names another client, user,
// authorization server or app than the parent, or than the tokens before it. It only
// compares IDs. A missing value, an alias such as "default" or a login proves nothing,
// but all tokens of one list have one owner.
func (o *Owners) Check(token RefreshToken) error {
	p := o.parent
	foreign := func(kind, id, others string) error {
		return &ForeignTokenError{TokenID: token.ID, Parent: p, Kind: kind, ID: id, Others: others}
	}
	id := p.holderOf(token)
	switch {
	case p.clientID != "" && token.ClientID != "" && token.ClientID != p.clientID:
		return foreign("client", token.ClientID, "")
	case id != "" && p.kind.isID(p.id) && id != p.id:
		return foreign(p.kind.String(), id, "")
	case id != "" && o.holderID != "" && id != o.holderID:
		return foreign(p.kind.String(), id, o.holderID)
	case token.ClientID != "" && o.clientID != "" && token.ClientID != o.clientID:
		return foreign("client", token.ClientID, o.clientID)
	}
	if id != "" {
		o.holderID = id
	}
	if token.ClientID != "" {
		o.clientID = token.ClientID
	}
	return nil
}

// holderOf is the ID of the authorization server, user or app that a token names, or "".
func (p Parent) holderOf(token RefreshToken) string {
	id := token.AppID
	switch p.kind {
	case KindAuthorizationServer:
		id = token.AuthServerID
	case KindUser:
		id = token.UserID
	case KindApp:
	}
	if !p.kind.isID(id) {
		return ""
	}
	return id
}

// isID reports whether something names an authorization server, a user or an app by its
// ID.
func (k Kind) isID(id string) bool {
	return strings.HasPrefix(id, kinds[k].prefix) && !strings.ContainsAny(id, "@.")
}

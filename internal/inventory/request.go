package inventory

import (
	"fmt"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// Request says what to take an inventory of.
type Request struct {
	// AuthServerIDs are the authorization servers to walk. Nil means every custom
	// authorization server of the org, and an empty list none.
	AuthServerIDs []string
	// UserIDs and AppIDs are further parents to walk. Only they show the tokens of
	// the org authorization server.
	UserIDs, AppIDs []string
	// ClientIDs narrows the inventory to the tokens of these clients. Nil does not.
	ClientIDs okta.Set
	// Filter narrows it to the tokens that match. The zero Filter does not.
	Filter okta.Filter

	KeepTokens bool // whether to fill [Inventory.Tokens]
	CountUsers bool // whether to fill [Inventory.Users]

	// Continue makes a [Failure] of each parent that cannot be read. Otherwise the
	// first of them is the error of the inventory.
	Continue bool
}

// nothing reports whether no token can be in the inventory, whatever there is.
func (r Request) nothing() bool {
	return r.ClientIDs != nil && len(r.ClientIDs) == 0 || r.Filter.MatchesNothing()
}

// wants reports whether tokens of a client can be in the inventory.
func (r Request) wants(clientID string) bool {
	return (r.ClientIDs == nil || r.ClientIDs.Has(clientID)) &&
		(r.Filter.ClientIDs == nil || r.Filter.ClientIDs.Has(clientID))
}

// wantsServer is wants for an authorization server that Okta named itself, whose
// tokens name it in the same way.
func (r Request) wantsServer(id string) bool {
	return r.Filter.AuthServerIDs == nil || r.Filter.AuthServerIDs.Has(id)
}

// Place is where an inventory looked: an authorization server, a user or an app,
// and for the first two a client, once one was looked at. What it does not have
// is empty. The zero Place is the list of authorization servers.
type Place struct {
	AuthServerID string
	UserID       string
	AppID        string
	ClientID     string
}

// placeOf is where the clients of a holder are listed.
func placeOf(h okta.Holder) Place {
	if h.Kind() == okta.KindUser {
		return Place{UserID: h.ID()}
	}
	return Place{AuthServerID: h.ID()}
}

// Kind tells of the API that was asked.
func (p Place) Kind() okta.Kind {
	switch {
	case p.AppID != "":
		return okta.KindApp
	case p.UserID != "":
		return okta.KindUser
	default:
		return okta.KindAuthorizationServer
	}
}

// String names what was listed there, in prose: "clients of user 00u1".
func (p Place) String() string {
	switch {
	case p == Place{}:
		return "authorization servers of the org"
	case p.AppID != "":
		return fmt.Sprintf("refresh tokens of %s", okta.App(p.AppID))
	}
	holder := okta.AuthorizationServer(p.AuthServerID)
	if p.UserID != "" {
		holder = okta.User(p.UserID)
	}
	if p.ClientID == "" {
		return fmt.Sprintf("clients of %s", holder)
	}
	return fmt.Sprintf("refresh tokens of %s", holder.Client(p.ClientID))
}

// Failure is a place that could not be read to its end. Nothing of it is in any
// sum.
type Failure struct {
	Place
	TokensSeen int // tokens that were read before it broke off
	Err        error
}

func (f *Failure) Error() string {
	if f.TokensSeen == 0 {
		return fmt.Sprintf("listing the %s: %s", f.Place, f.Err)
	}
	return fmt.Sprintf("listing the %s, after %d tokens: %s", f.Place, f.TokensSeen, f.Err)
}

// Unwrap is what went wrong.
func (f *Failure) Unwrap() error { return f.Err }

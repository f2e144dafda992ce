package inventory

import "github.com/oktatokens/terraform-provider-oktatokens/internal/okta"

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

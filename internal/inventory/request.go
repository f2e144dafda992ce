package inventory

import "github.com/oktatokens/terraform-provider-oktatokens/internal/okta"

// Request says what to take an inventory of.
type Request struct {
	// AuthServerIDs are the authorization servers to walk. Nil means every custom
	// authorization server of the org, and an empty list none.
	AuthServerIDs []string
	// UserIDs and AppIDs are further parents to walk. Only they list the tokens of
	// the org authorization server.
	UserIDs, AppIDs []string
	// ClientIDs limits the inventory to the tokens of these clients, unless it is nil.
	ClientIDs okta.Set
	// Filter limits it to the tokens that match. The zero Filter matches all.
	Filter okta.Filter

	KeepTokens bool // whether to fill [Inventory.Tokens]
	CountUsers bool // whether to fill [Inventory.Users]

	// Continue records a [Failure] for each list that cannot be read. Otherwise the
	// first failure is the error of the inventory.
	Continue bool
}

// nothing reports whether no token at all can match the request.
func (r Request) nothing() bool {
	return r.ClientIDs != nil && len(r.ClientIDs) == 0 || r.Filter.MatchesNothing()
}

// wants reports whether tokens of a client can match the request.
func (r Request) wants(clientID string) bool {
	return (r.ClientIDs == nil || r.ClientIDs.Has(clientID)) &&
		(r.Filter.ClientIDs == nil || r.Filter.ClientIDs.Has(clientID))
}

// wantsServer reports whether tokens of an authorization server can match. The ID
// must be from Okta's list: tokens name their server by it.
func (r Request) wantsServer(id string) bool {
	return r.Filter.AuthServerIDs == nil || r.Filter.AuthServerIDs.Has(id)
}

package inventory

import (
	"context"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// clientIsGone settles what it means that Okta does not find a client that it had
// listed itself. It returns nil if the client was deleted meanwhile, and its
// tokens with it, or with its authorization server.
//
// Tokens that are only not shown would be missing from the sums, which then call
// themselves complete.
func (c *census) clientIsGone(ctx context.Context, l tokenList, notFound error) error {
	err := c.client.ConfirmClientsDeleted(ctx, l.clients.Holder, map[string]error{l.parent.ClientID(): notFound})
	if l.clients.enumerated && okta.IsNotFound(err) {
		return c.client.ConfirmServerDeleted(ctx, l.clients.ID(), notFound)
	}
	return err
}

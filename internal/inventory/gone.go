package inventory

import (
	"context"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// clientIsGone checks a 404 for a client that Okta listed before. It returns nil if
// the client or its authorization server was deleted meanwhile: then the tokens are
// gone, too. Otherwise the tokens would be missing from sums that claim to be
// complete.
func (c *census) clientIsGone(ctx context.Context, l tokenList, notFound error) error {
	err := c.client.ConfirmClientsDeleted(ctx, l.clients.Holder, map[string]error{l.parent.ClientID(): notFound})
	if l.clients.enumerated && okta.IsNotFound(err) {
		return c.client.ConfirmServerDeleted(ctx, l.clients.ID(), notFound)
	}
	return err
}

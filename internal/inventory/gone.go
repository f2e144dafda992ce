package inventory

import (
	"context"
	"fmt"
	"iter"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// clientIsGone settles what it means that Okta does not find a client that it had
// listed itself. It returns nil if the client was deleted meanwhile, and its
// tokens with it.
//
// Tokens that are only not shown would be missing from the sums, which then call
// themselves complete. So a 404 is believed once the list that had the client is
// read again, and is without it.
func (c *census) clientIsGone(ctx context.Context, l list, notFound error) error {
	err := isGone(notFound, c.client.Clients(ctx, l.holder.Holder), func(client okta.OAuth2Client) bool {
		return client.ID == l.place.ClientID
	})
	if l.holder.enumerated && okta.IsNotFound(err) {
		return c.serverIsGone(ctx, l.holder, notFound)
	}
	return err
}

// serverIsGone is clientIsGone for an authorization server.
func (c *census) serverIsGone(ctx context.Context, h *holder, notFound error) error {
	return isGone(notFound, c.client.AuthServers(ctx), func(server okta.AuthServer) bool {
		return server.ID == h.ID()
	})
}

// isGone returns nil if what was not found is not on the list that had it either.
func isGone[T any](notFound error, again iter.Seq2[T, error], isIt func(T) bool) error {
	for item, err := range again {
		if err != nil {
			return fmt.Errorf("asking whether what Okta does not find was deleted: %w", err)
		}
		if isIt(item) {
			return &contradictionError{notFound}
		}
	}
	return nil
}

// contradictionError is that Okta does not find what it lists. It does not wrap
// the 404, which means something else to whoever looks for one.
type contradictionError struct{ notFound error }

func (e *contradictionError) Error() string {
	return "Okta still lists what it says does not exist: " + e.notFound.Error()
}

package okta

import (
	"context"
	"fmt"
	"iter"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// A 404 E0000007 says that something does not exist. Okta has said so in error,
// and it says the same of a token that is gone and of a parent that never was.
// So a 404 is believed when a list of what contains the thing, read to its end,
// is without it: for a token the tokens of its parent, for a client the clients
// of its holder, for an authorization server the servers of the org. The
// Confirm functions read that list. They return nil when it agrees with the 404,
// a [*ContradictionError] when it does not, and the error of the list when it
// could not be read. That error matches [IsNotFound] when the list does not exist
// either: then the 404 shows nothing.

// ContradictionError says that Okta lists what it says does not exist. Neither
// answer is believed. It does not wrap the 404, so [IsNotFound] does not hold.
type ContradictionError struct {
	What     string // what is listed, such as "refresh token oar1"
	NotFound error  // Okta's 404
}

func (e *ContradictionError) Error() string {
	return fmt.Sprintf("Okta still lists %s, which it says does not exist: %s", e.What, e.NotFound)
}

// ConfirmTokenGone confirms a 404 that answered a request for a token: its
// parent exists, and lists the token no longer, or as revoked.
func (c *Client) ConfirmTokenGone(ctx context.Context, parent Parent, id string, notFound error) error {
	alive, err := c.ListedAlive(ctx, parent, NewSet(id))
	switch {
	case err != nil:
		return fmt.Errorf("asking whether refresh token %s is gone: %w", prose.Printable(id), err)
	case len(alive) > 0:
		return &ContradictionError{What: "refresh token " + id, NotFound: notFound}
	default:
		return nil
	}
}

// ListedAlive returns those of the tokens that their parent lists as alive. It
// reads until it has seen all of them, or to the list's end.
func (c *Client) ListedAlive(ctx context.Context, parent Parent, ids Set) ([]RefreshToken, error) {
	var alive []RefreshToken
	seen := Set{}
	for token, err := range c.RefreshTokens(ctx, parent) {
		if err != nil {
			return nil, err
		}
		if ids.Has(token.ID) && !seen.Has(token.ID) {
			seen.Add(token.ID)
			if token.Alive() {
				alive = append(alive, token)
			}
		}
		if len(seen) == len(ids) {
			break
		}
	}
	return alive, nil
}

// ConfirmClientDeleted confirms a 404 that answered a request for the tokens of a
// client that the holder listed before: it was deleted, and its tokens with it.
func (c *Client) ConfirmClientDeleted(ctx context.Context, holder Holder, clientID string, notFound error) error {
	same := func(client OAuth2Client) bool { return client.ID == clientID }
	return confirmDeleted("client "+clientID, notFound, c.Clients(ctx, holder), same)
}

// ConfirmServerDeleted confirms a 404 that answered a request for an
// authorization server that the org listed before.
func (c *Client) ConfirmServerDeleted(ctx context.Context, id string, notFound error) error {
	same := func(server AuthServer) bool { return server.ID == id }
	return confirmDeleted("authorization server "+id, notFound, c.AuthServers(ctx), same)
}

func confirmDeleted[T any](what string, notFound error, list iter.Seq2[T, error], same func(T) bool) error {
	for item, err := range list {
		if err != nil {
			return fmt.Errorf("asking whether %s was deleted: %w", what, err)
		}
		if same(item) {
			return &ContradictionError{What: what, NotFound: notFound}
		}
	}
	return nil
}

package okta

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// A 404 E0000007 says that something does not exist. Okta has said so in error, and it
// says the same of a token that is gone and of a parent that never existed. So a 404
// is only believed when a list, read to its end, agrees: for a token the tokens of its
// parent, for a client the clients of its holder, for an authorization server the
// servers of the org. The Confirm functions read that list. They return nil when it
// agrees with the 404, a [*ContradictionError] when it does not, and the error of the
// list when it could not be read. That error matches [IsNotFound] when the list does
// not exist either. Then the 404 proves nothing.

// ContradictionError is returned when Okta lists something that it says does not
// exist. Neither response is believed. The error does not wrap the 404, so it does not
// match [IsNotFound].
type ContradictionError struct {
	What     string // what is listed, such as "refresh token oar1"
	NotFound error  // Okta's 404
}

func (e *ContradictionError) Error() string {
	return fmt.Sprintf("Okta still lists %s, which it says does not exist: %s", e.What, e.NotFound)
}

// IsUnproven reports whether an error is only Okta's word that something does not
// exist, and nothing confirms it. What was known before then still holds.
func IsUnproven(err error) bool {
	_, contradicted := errors.AsType[*ContradictionError](err)
	return contradicted || IsNotFound(err)
}

// TokenGoneError is returned for a token that does not exist, of a parent that does. It
// wraps Okta's 404.
type TokenGoneError struct{ NotFound error }

func (e *TokenGoneError) Error() string { return "the refresh token is gone: " + e.NotFound.Error() }

// Unwrap returns Okta's 404.
func (e *TokenGoneError) Unwrap() error { return e.NotFound }

// LookUpRefreshToken reads one token that may not exist. It returns a [*TokenGoneError] if
// the list of the parent agrees that the token is gone.
func (c *Client) LookUpRefreshToken(ctx context.Context, parent Parent, id string, options ...ReadOption) (RefreshToken, error) {
	token, err := c.RefreshToken(ctx, parent, id, options...)
	if IsNotFound(err) {
		notFound := err
		if err = c.ConfirmTokenGone(ctx, parent, id, notFound); err == nil {
			err = &TokenGoneError{notFound}
		}
	}
	return token, err
}

// ConfirmTokenGone confirms a 404 for a token: its parent exists and no longer lists
// the token, or lists it as revoked.
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

// ListedAlive returns the tokens with these IDs that the parent lists as alive. It
// stops reading when it has seen all of them.
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

// ConfirmClientsDeleted confirms 404s for the tokens of clients that the holder listed
// before: the clients were deleted, and their tokens with them. The 404s are by client
// ID.
func (c *Client) ConfirmClientsDeleted(ctx context.Context, holder Holder, notFound map[string]error) error {
	what := prose.Count(len(notFound), "client") + " were"
	for id := range notFound {
		if len(notFound) == 1 {
			what = fmt.Sprintf("client %s was", prose.Printable(id))
		}
	}
	return confirmDeleted(what, c.Clients(ctx, holder), func(client OAuth2Client) (string, error) {
		return "client " + client.ID, notFound[client.ID]
	})
}

// ConfirmServerDeleted confirms a 404 for an authorization server that the org listed
// before.
func (c *Client) ConfirmServerDeleted(ctx context.Context, id string, notFound error) error {
	what, missing := "authorization server "+id, map[string]error{id: notFound}
	return confirmDeleted(what+" was", c.AuthServers(ctx), func(server AuthServer) (string, error) {
		return what, missing[server.ID]
	})
}

// confirmDeleted reads a list to its end, unless an item contradicts a 404. Contradicted
// returns an item's name and the 404 for it, or nil if there is none.
func confirmDeleted[T any](what string, list iter.Seq2[T, error], contradicted func(T) (string, error)) error {
	for item, err := range list {
		if err != nil {
			return fmt.Errorf("asking whether %s deleted: %w", what, err)
		}
		if name, notFound := contradicted(item); notFound != nil {
			return &ContradictionError{What: name, NotFound: notFound}
		}
	}
	return nil
}

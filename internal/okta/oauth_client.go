package okta

import (
	"context"
	"errors"
	"iter"
)

// OAuth2Client is a client that holds refresh tokens of an authorization server
// or a user. What Okta leaves out is empty.
// Source: https://developer.okta.com/docs/api/openapi/okta-management/management/tag/AuthorizationServerClients/
type OAuth2Client struct {
	ID      string `json:"client_id"`
	Name    string `json:"client_name"`
	URI     string `json:"client_uri"`
	LogoURI string `json:"logo_uri"`
}

// Clients lists the clients that hold refresh tokens of the holder.
//
// Okta documents no paging for these two collections and was never seen to page
// them. The limit is therefore not sent, and a next link is followed all the
// same.
func (c *Client) Clients(ctx context.Context, holder Holder) iter.Seq2[OAuth2Client, error] {
	path, err := apiPath(append(holder.segments(), "clients")...)
	if err != nil {
		return failed[OAuth2Client](err)
	}
	return items(pages(ctx, c, path, nil, func(body []byte) ([]OAuth2Client, error) {
		clients, err := decodeList[OAuth2Client](body, maxClients)
		for _, client := range clients {
			if client.ID == "" {
				return nil, errors.New("a client has no client_id")
			}
		}
		return clients, err
	}))
}

package okta

import (
	"context"
	"errors"
	"iter"
)

// OAuth2Client is a client that holds refresh tokens of an authorization server
// or a user. A field that is missing or unreadable is empty: no decision depends on
// more than the ID.
// Source: https://developer.okta.com/docs/api/openapi/okta-management/management/tag/AuthorizationServerClients/
type OAuth2Client struct {
	ID      string
	Name    string
	URI     string
	LogoURI string
}

// Clients lists the clients that hold refresh tokens of the holder.
//
// Okta documents no paging for these two collections and was never seen to page them.
// So no limit is sent. A next link is followed anyway.
func (c *Client) Clients(ctx context.Context, holder Holder) iter.Seq2[OAuth2Client, error] {
	path, err := apiPath(append(holder.segments(), "clients")...)
	if err != nil {
		return failed[OAuth2Client](err)
	}
	return items(pages(ctx, c, path, nil, readClients))
}

// clientJSON is a client on the wire.
type clientJSON struct {
	ID      string   `json:"client_id"`
	Name    wireText `json:"client_name"`
	URI     wireText `json:"client_uri"`
	LogoURI wireText `json:"logo_uri"`
}

func readClients(body []byte) ([]OAuth2Client, error) {
	page, err := decodeList[clientJSON](body, maxClients)
	clients := make([]OAuth2Client, len(page))
	for i, client := range page {
		if client.ID == "" {
			return nil, errors.New("a client has no client_id")
		}
		clients[i] = OAuth2Client{ID: client.ID, Name: client.Name.text, URI: client.URI.text, LogoURI: client.LogoURI.text}
	}
	return clients, err
}

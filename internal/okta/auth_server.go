package okta

import (
	"context"
	"errors"
	"iter"
)

// AuthServer is a custom authorization server. Okta does not list the org
// authorization server. A field that Okta leaves out is empty.
// Source: https://developer.okta.com/docs/api/openapi/okta-management/management/tag/AuthorizationServer/
type AuthServer struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Issuer      string   `json:"issuer"`
	Status      string   `json:"status"`  // ACTIVE or INACTIVE
	Default     bool     `json:"default"` // whether it also answers to the ID "default"
	Audiences   []string `json:"audiences"`
}

// AuthServers lists the org's custom authorization servers.
func (c *Client) AuthServers(ctx context.Context) iter.Seq2[AuthServer, error] {
	path, err := apiPath("authorizationServers")
	if err != nil {
		return failed[AuthServer](err)
	}
	return items(pages(ctx, c, path, limit(), func(body []byte) ([]AuthServer, error) {
		servers, err := decodeList[AuthServer](body, maxPageItems)
		for _, server := range servers {
			if server.ID == "" {
				return nil, errors.New("an authorization server has no id")
			}
		}
		return servers, err
	}))
}

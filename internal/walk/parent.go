package walk

import (
	"context"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// Holder is an authorization server or a user, and what is known about it.
type Holder struct {
	okta.Holder
	Name   string
	Listed bool // whether Okta listed it; otherwise a person named it
}

// Parent is a parent that a target spans, and what is known about it.
type Parent struct {
	okta.Parent
	Holder     Holder // of the client; zero for an app
	ClientName string
	Listed     bool // whether Okta listed the client; otherwise a person named it
}

// Named returns the parent for a client that a person named.
func (h Holder) Named(clientID string) Parent {
	return Parent{Parent: h.Client(clientID), Holder: h}
}

// Parents lists the clients of the holder, each once.
func (h Holder) Parents(ctx context.Context, client *okta.Client) ([]Parent, error) {
	var parents []Parent
	known := okta.Set{}
	for listed, err := range client.Clients(ctx, h.Holder) {
		if err != nil {
			return nil, err
		}
		if known.Has(listed.ID) {
			continue
		}
		known.Add(listed.ID)
		parents = append(parents, Parent{Parent: h.Client(listed.ID), Holder: h, ClientName: listed.Name, Listed: true})
	}
	return parents, nil
}

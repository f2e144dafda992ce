package walk

import (
	"context"
	"maps"
	"slices"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// Missing reports whether an error is a 404 for a parent that Okta listed before.
// [ConfirmGone] finds out what that means. If a person named the parent, the name may
// be wrong, and the error stands.
func (p Parent) Missing(err error) bool { return p.Listed && okta.IsNotFound(err) }

// Missing reports whether an error is a 404 for a holder that Okta listed before.
func (h Holder) Missing(err error) bool { return h.Listed && okta.IsNotFound(err) }

// ConfirmGone confirms 404s for the tokens of listed parents. It lists the clients of
// each holder once. If a listed holder is missing, too, the list of authorization
// servers decides.
func ConfirmGone(ctx context.Context, client *okta.Client, missing map[Parent]error) error {
	clients := map[Holder]map[string]error{}
	for parent, notFound := range missing {
		if clients[parent.Holder] == nil {
			clients[parent.Holder] = map[string]error{}
		}
		clients[parent.Holder][parent.ClientID()] = notFound
	}
	for holder, missing := range clients {
		err := client.ConfirmClientsDeleted(ctx, holder.Holder, missing)
		if holder.Missing(err) {
			err = holder.ConfirmGone(ctx, client, slices.Collect(maps.Values(missing))[0])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ConfirmGone confirms a 404 for a listed holder.
func (h Holder) ConfirmGone(ctx context.Context, client *okta.Client, notFound error) error {
	return client.ConfirmServerDeleted(ctx, h.ID(), notFound)
}

// ConfirmGone confirms a 404 for a target that existed before. Only a client can be
// looked up in a list. A 404 for an app or a holder stays unconfirmed.
func (t Target) ConfirmGone(ctx context.Context, client *okta.Client, notFound error) error {
	if t.every || t.parent.Kind() == okta.KindApp {
		return notFound
	}
	return client.ConfirmClientsDeleted(ctx, t.parent.Holder(), map[string]error{t.parent.ClientID(): notFound})
}

// ConfirmTokenGone confirms a 404 for a token that existed before: its parent no longer
// lists it, or is gone itself.
func ConfirmTokenGone(ctx context.Context, client *okta.Client, parent okta.Parent, id string, notFound error) error {
	err := client.ConfirmTokenGone(ctx, parent, id, notFound)
	if okta.IsNotFound(err) {
		return At(parent).ConfirmGone(ctx, client, err)
	}
	return err
}

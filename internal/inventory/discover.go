package inventory

import (
	"context"
	"maps"
	"slices"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// holder is an authorization server or a user, and those of its clients that are
// requested.
type holder struct {
	walk.Holder
	answered bool // whether Okta listed the clients
	parents  []walk.Parent
}

// discover returns the lists of tokens to read, in phases. Each phase knows what
// earlier phases counted. No two lists of one phase have a token in common. An
// app's, a user's and an authorization server's list can, so each kind is a phase.
// A parent can also go by an alias and by its ID, so each alias is a phase.
//
// The authorization servers come last: they have the most tokens, and nothing has
// to remember what the last phase counted.
func (c *census) discover(ctx context.Context) ([][]walk.Parent, error) {
	if c.req.nothing() {
		return nil, nil
	}
	var apps []walk.Parent
	for _, id := range c.req.AppIDs {
		apps = append(apps, walk.Parent{Parent: okta.App(id)})
	}
	holders, err := c.holders(ctx)
	if err != nil {
		return nil, err
	}
	if err := walk.Each(ctx, c.client, holders, c.addClients); err != nil {
		return nil, err
	}
	c.addUnlisted(holders)
	phases := [][]walk.Parent{apps}
	for _, kind := range []okta.Kind{okta.KindUser, okta.KindAuthorizationServer} {
		var named []walk.Parent
		for _, h := range holders {
			switch {
			case h.Kind() != kind:
			case h.NamedByID():
				named = append(named, h.parents...)
			default:
				phases = append(phases, h.parents)
			}
		}
		phases = append(phases, named)
	}
	return slices.DeleteFunc(phases, func(parents []walk.Parent) bool { return len(parents) == 0 }), nil
}

// holders returns the requested authorization servers and users, each once: a list
// that changes while it is read can have a server on two pages.
func (c *census) holders(ctx context.Context) ([]*holder, error) {
	var holders []*holder
	if c.req.AuthServerIDs == nil {
		for server, err := range c.client.AuthServers(ctx) {
			if err != nil {
				if err = c.fail(ctx, &Failure{Err: err}); err != nil {
					return nil, err
				}
				holders = nil // drop those of earlier pages
				break
			}
			if c.req.wantsServer(server.ID) {
				holders = append(holders, &holder{Holder: walk.Holder{Holder: okta.AuthorizationServer(server.ID), Name: server.Name, Listed: true}})
			}
		}
	}
	for _, id := range c.req.AuthServerIDs {
		holders = append(holders, &holder{Holder: walk.Holder{Holder: okta.AuthorizationServer(id)}})
	}
	for _, id := range c.req.UserIDs {
		holders = append(holders, &holder{Holder: walk.Holder{Holder: okta.User(id)}})
	}
	seen := map[okta.Holder]bool{}
	return slices.DeleteFunc(holders, func(h *holder) bool {
		again := seen[h.Holder.Holder]
		seen[h.Holder.Holder] = true
		return again
	}), nil
}

// addClients finds a holder's clients that are requested. It does not look a single
// client up: reading its tokens costs no more, and shows whether it exists.
func (c *census) addClients(ctx context.Context, h *holder) error {
	if len(c.req.ClientIDs) == 1 {
		for id := range c.req.ClientIDs {
			h.parents = append(h.parents, h.Named(id))
		}
		return nil
	}
	if err := c.skip(); err != nil {
		return c.fail(ctx, &Failure{Holder: h.Holder.Holder, Err: err})
	}
	parents, err := h.Parents(ctx, c.client)
	if h.Missing(err) {
		if err = h.ConfirmGone(ctx, c.client, err); err == nil {
			return nil
		}
	}
	if err != nil {
		return c.fail(ctx, &Failure{Holder: h.Holder.Holder, Err: err})
	}
	h.parents = slices.DeleteFunc(parents, func(p walk.Parent) bool { return !c.req.wants(p.ClientID()) })
	h.answered = true
	c.endStreak()
	return nil
}

// addUnlisted adds the clients that are requested by ID but not listed to the first
// holder whose clients are known. Okta does not list a client without tokens. Only
// reading its tokens shows whether it exists. A holder that failed is left alone:
// no sum includes it.
func (c *census) addUnlisted(holders []*holder) {
	first := slices.IndexFunc(holders, func(h *holder) bool { return h.answered })
	if first < 0 {
		return
	}
	unlisted := maps.Clone(c.req.ClientIDs)
	for _, h := range holders {
		for _, parent := range h.parents {
			delete(unlisted, parent.ClientID())
		}
	}
	for _, id := range slices.Sorted(maps.Keys(unlisted)) {
		if c.req.wants(id) {
			holders[first].parents = append(holders[first].parents, holders[first].Named(id))
		}
	}
}

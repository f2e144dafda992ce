package inventory

import (
	"context"
	"maps"
	"slices"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// list is a list of tokens to read.
type list struct {
	parent     okta.Parent
	place      Place
	serverName string
	clientName string
	holder     *holder // nil for an app
	// enumerated tells that Okta named the parent itself. When it is gone later,
	// so are its tokens.
	enumerated bool
}

// holder is an authorization server or a user whose clients' tokens are read.
type holder struct {
	okta.Holder
	name       string
	enumerated bool // as in list
	answered   bool // whether its list of clients was read
	lists      []list
}

func (h *holder) add(client okta.OAuth2Client, enumerated bool) {
	at := placeOf(h.Holder)
	at.ClientID = client.ID
	h.lists = append(h.lists, list{
		parent: h.Client(client.ID), place: at, serverName: h.name, clientName: client.Name, holder: h, enumerated: enumerated,
	})
}

// discover finds out which lists of tokens there are, in phases. Each phase knows
// what those before it counted, and no two lists of one phase show the same
// token. An app, a user and an authorization server can; so can a parent by its
// alias and the same one by its ID, which makes an alias a phase of its own.
//
// The authorization servers come last, because most tokens are theirs, and what
// the last phase counts need not be remembered.
func (c *census) discover(ctx context.Context) ([][]list, error) {
	if c.req.nothing() {
		return nil, nil
	}
	var apps []list
	for _, id := range c.req.AppIDs {
		apps = append(apps, list{parent: okta.App(id), place: Place{AppID: id}})
	}
	holders, err := c.holders(ctx)
	if err != nil {
		return nil, err
	}
	if err := each(ctx, c.client, holders, c.addClients); err != nil {
		return nil, err
	}
	c.addUnlisted(holders)
	phases := [][]list{apps}
	for _, kind := range []okta.Kind{okta.KindUser, okta.KindAuthorizationServer} {
		var named []list
		for _, h := range holders {
			switch {
			case h.Kind() != kind:
			case h.NamedByID():
				named = append(named, h.lists...)
			default:
				phases = append(phases, h.lists)
			}
		}
		phases = append(phases, named)
	}
	return slices.DeleteFunc(phases, func(lists []list) bool { return len(lists) == 0 }), nil
}

// holders are the authorization servers and the users that are asked for, each
// once: a list that changes while it is read can show a server on two pages.
func (c *census) holders(ctx context.Context) ([]*holder, error) {
	var holders []*holder
	if c.req.AuthServerIDs == nil {
		for server, err := range c.client.AuthServers(ctx) {
			if err != nil {
				err = c.fail(ctx, Place{}, 0, err)
				if err != nil {
					return nil, err
				}
				holders = nil // of the pages before
				break
			}
			if c.req.wantsServer(server.ID) {
				holders = append(holders, &holder{Holder: okta.AuthorizationServer(server.ID), name: server.Name, enumerated: true})
			}
		}
	}
	for _, id := range c.req.AuthServerIDs {
		holders = append(holders, &holder{Holder: okta.AuthorizationServer(id)})
	}
	for _, id := range c.req.UserIDs {
		holders = append(holders, &holder{Holder: okta.User(id)})
	}
	seen := map[okta.Holder]bool{}
	return slices.DeleteFunc(holders, func(h *holder) bool {
		again := seen[h.Holder]
		seen[h.Holder] = true
		return again
	}), nil
}

// addClients finds the clients of a holder whose tokens are asked for. A single
// client is not looked up: to read its tokens costs no more, and says whether
// there is such a client.
func (c *census) addClients(ctx context.Context, h *holder) error {
	if len(c.req.ClientIDs) == 1 {
		for id := range c.req.ClientIDs {
			h.add(okta.OAuth2Client{ID: id}, false)
		}
		return nil
	}
	if err := c.given(); err != nil {
		return c.fail(ctx, placeOf(h.Holder), 0, err)
	}
	listed := okta.Set{}
	for client, err := range c.client.Clients(ctx, h.Holder) {
		if err != nil {
			h.lists = nil
			if h.enumerated && okta.IsNotFound(err) {
				if err = c.client.ConfirmServerDeleted(ctx, h.ID(), err); err == nil {
					return nil
				}
			}
			return c.fail(ctx, placeOf(h.Holder), 0, err)
		}
		if c.req.wants(client.ID) && !listed.Has(client.ID) {
			listed.Add(client.ID)
			h.add(client, true)
		}
	}
	h.answered = true
	c.endStreak()
	return nil
}

// addUnlisted has the clients that are asked for by ID, and that nobody lists,
// asked for at the first holder whose clients are known. Okta does not list a
// client that holds no tokens; only this way it says of one that there is no such
// client. Nothing is asked of a holder that failed: it is in no sum.
func (c *census) addUnlisted(holders []*holder) {
	first := slices.IndexFunc(holders, func(h *holder) bool { return h.answered })
	if first < 0 {
		return
	}
	unlisted := maps.Clone(c.req.ClientIDs)
	for _, h := range holders {
		for _, l := range h.lists {
			delete(unlisted, l.place.ClientID)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(unlisted)) {
		if c.req.wants(id) {
			holders[first].add(okta.OAuth2Client{ID: id}, false)
		}
	}
}

package inventory

import (
	"context"
	"maps"
	"slices"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// tokenList is a list of tokens to read.
type tokenList struct {
	parent     okta.Parent
	serverName string
	clientName string
	clients    *clientList // that the client is on; nil for an app
	// enumerated is set if Okta listed the parent itself. If it is deleted later,
	// so are its tokens.
	enumerated bool
}

// clientList is the clients of an authorization server or a user, each with a list
// of tokens to read.
type clientList struct {
	okta.Holder
	name       string
	enumerated bool // as in tokenList
	answered   bool // whether Okta listed the clients
	tokens     []tokenList
}

func (l *clientList) add(client okta.OAuth2Client, enumerated bool) {
	l.tokens = append(l.tokens, tokenList{
		parent: l.Client(client.ID), serverName: l.name, clientName: client.Name, clients: l, enumerated: enumerated,
	})
}

// discover returns the lists of tokens to read, in phases. Each phase knows what
// earlier phases counted. No two lists of one phase have a token in common. An
// app's, a user's and an authorization server's list can, so each kind is a phase.
// A parent can also go by an alias and by its ID, so each alias is a phase.
//
// The authorization servers come last: they have the most tokens, and nothing has
// to remember what the last phase counted.
func (c *census) discover(ctx context.Context) ([][]tokenList, error) {
	if c.req.nothing() {
		return nil, nil
	}
	var apps []tokenList
	for _, id := range c.req.AppIDs {
		apps = append(apps, tokenList{parent: okta.App(id)})
	}
	holders, err := c.holders(ctx)
	if err != nil {
		return nil, err
	}
	if err := each(ctx, c.client, holders, c.addClients); err != nil {
		return nil, err
	}
	c.addUnlisted(holders)
	phases := [][]tokenList{apps}
	for _, kind := range []okta.Kind{okta.KindUser, okta.KindAuthorizationServer} {
		var named []tokenList
		for _, l := range holders {
			switch {
			case l.Kind() != kind:
			case l.NamedByID():
				named = append(named, l.tokens...)
			default:
				phases = append(phases, l.tokens)
			}
		}
		phases = append(phases, named)
	}
	return slices.DeleteFunc(phases, func(lists []tokenList) bool { return len(lists) == 0 }), nil
}

// holders returns the requested authorization servers and users, each once: a list
// that changes while it is read can have a server on two pages.
func (c *census) holders(ctx context.Context) ([]*clientList, error) {
	var holders []*clientList
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
				holders = append(holders, &clientList{Holder: okta.AuthorizationServer(server.ID), name: server.Name, enumerated: true})
			}
		}
	}
	for _, id := range c.req.AuthServerIDs {
		holders = append(holders, &clientList{Holder: okta.AuthorizationServer(id)})
	}
	for _, id := range c.req.UserIDs {
		holders = append(holders, &clientList{Holder: okta.User(id)})
	}
	seen := map[okta.Holder]bool{}
	return slices.DeleteFunc(holders, func(l *clientList) bool {
		again := seen[l.Holder]
		seen[l.Holder] = true
		return again
	}), nil
}

// addClients finds a holder's clients that are requested. It does not look a single
// client up: reading its tokens costs no more, and shows whether it exists.
func (c *census) addClients(ctx context.Context, l *clientList) error {
	if len(c.req.ClientIDs) == 1 {
		for id := range c.req.ClientIDs {
			l.add(okta.OAuth2Client{ID: id}, false)
		}
		return nil
	}
	if err := c.skip(); err != nil {
		return c.fail(ctx, &Failure{Holder: l.Holder, Err: err})
	}
	listed := okta.Set{}
	for client, err := range c.client.Clients(ctx, l.Holder) {
		if err != nil {
			l.tokens = nil
			if l.enumerated && okta.IsNotFound(err) {
				if err = c.client.ConfirmServerDeleted(ctx, l.ID(), err); err == nil {
					return nil
				}
			}
			return c.fail(ctx, &Failure{Holder: l.Holder, Err: err})
		}
		if c.req.wants(client.ID) && !listed.Has(client.ID) {
			listed.Add(client.ID)
			l.add(client, true)
		}
	}
	l.answered = true
	c.endStreak()
	return nil
}

// addUnlisted adds the clients that are requested by ID but not listed to the first
// holder whose clients are known. Okta does not list a client without tokens. Only
// reading its tokens shows whether it exists. A holder that failed is left alone:
// no sum includes it.
func (c *census) addUnlisted(holders []*clientList) {
	first := slices.IndexFunc(holders, func(l *clientList) bool { return l.answered })
	if first < 0 {
		return
	}
	unlisted := maps.Clone(c.req.ClientIDs)
	for _, clients := range holders {
		for _, l := range clients.tokens {
			delete(unlisted, l.parent.ClientID())
		}
	}
	for _, id := range slices.Sorted(maps.Keys(unlisted)) {
		if c.req.wants(id) {
			holders[first].add(okta.OAuth2Client{ID: id}, false)
		}
	}
}

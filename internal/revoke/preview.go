package revoke

import (
	"context"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// previewRequests is how many requests a preview may cost, so that a plan stays
// quick and the rate limit is left to the revocation. A bound on the number of
// tokens makes it read on until the bound is decided.
const previewRequests = 5

// Preview is what a request would hit, as far as a few requests tell.
type Preview struct {
	Tokens  []okta.RefreshToken // found so far, oldest first
	Count   int                 // tokens that would be hit, at least
	More    bool                // whether Tokens is only the beginning
	Clients int                 // distinct clients among Tokens
	Users   int                 // distinct users among Tokens
}

// Preview tells what a request would hit, and returns the error with which the
// guards would refuse it. It changes nothing.
func (e *Engine) Preview(ctx context.Context, req Request) (Preview, error) {
	if err := e.checkRequest(req); err != nil {
		return Preview{}, err
	}
	if err := e.checkSessions(ctx, req); err != nil {
		return Preview{}, err
	}
	p := &preview{Engine: e, req: req, budget: previewRequests}
	var err error
	if req.Selection.Named() && !req.Target.every {
		err = p.readNamed(ctx)
	} else {
		err = p.readList(ctx)
	}
	if err != nil {
		return Preview{}, err
	}
	return p.result(), nil
}

// preview is one preview under way.
type preview struct {
	*Engine
	req    Request
	budget int // requests left
	found  batch
	count  int
	more   bool
}

// readNamed looks for tokens that are named by ID. How many there are is known
// without asking.
func (p *preview) readNamed(ctx context.Context) error {
	ids := okta.NewSet(p.req.Selection.ids...)
	p.count = len(ids)
	if limit := p.req.MaxTokens; limit != nil && int64(p.count) > *limit {
		return &TooManyError{Max: *limit, Found: int64(p.count)}
	}
	found, err := p.locate(ctx, p.req.Target.parent, p.req.Selection.ids, p.budget)
	if err != nil {
		return err
	}
	for _, token := range found.alive {
		p.found.add([]okta.RefreshToken{token})
		if err := p.Protected.checkToken(token); err != nil {
			return err
		}
	}
	p.more = !found.complete
	if p.count == 0 || p.more {
		return nil
	}
	missing := &batch{parent: p.req.Target.parent, proven: found.proven}
	for id := range found.gone {
		missing.items = append(missing.items, &item{token: okta.RefreshToken{ID: id}, state: gone})
	}
	if err := p.prove(ctx, missing); err != nil {
		return err
	}
	missing.dropUnseen()
	revived := tokens([]*batch{missing})
	p.found.add(revived)
	p.count = len(found.alive) + len(revived)
	return p.Protected.checkTokens(revived)
}

// readList reads the target's tokens, page by page, as far as the budget goes.
func (p *preview) readList(ctx context.Context) error {
	if p.req.Selection.empty() {
		return nil
	}
	batches, err := p.parents(ctx, p.req.Target)
	if err != nil {
		return err
	}
	if err := p.Protected.checkParents(p.req, batches); err != nil {
		return err
	}
	if p.req.Target.every {
		p.budget--
	}
	match := p.matcher(p.req.Selection)
	for i, b := range batches {
		for page, err := range p.Client.RefreshTokenPages(ctx, b.parent) {
			if err != nil {
				if b.enumerated && okta.IsNotFound(err) {
					break
				}
				return err
			}
			p.budget--
			last := page.Last && i == len(batches)-1
			if done, err := p.take(page, match, last); done || err != nil {
				return err
			}
		}
	}
	return nil
}

// take takes in a page and reports whether the preview has seen enough.
func (p *preview) take(page okta.Page[okta.RefreshToken], match matcher, last bool) (done bool, err error) {
	var matching []okta.RefreshToken
	for _, token := range page.Items {
		if !token.Alive() {
			continue
		}
		matches, err := match(token)
		if err != nil {
			return true, err
		}
		if matches {
			matching = append(matching, token)
			if err := p.Protected.checkToken(token); err != nil {
				return true, err
			}
		}
	}
	p.found.add(matching)
	p.count = len(p.found.items)
	limit := p.req.MaxTokens
	if limit != nil && int64(p.count) > *limit {
		return true, &TooManyError{Max: *limit, Found: int64(p.count), More: !last}
	}
	if p.budget <= 0 && limit == nil && !last {
		p.more = true
		return true, nil
	}
	return false, nil
}

func (p *preview) result() Preview {
	found := tokens([]*batch{&p.found})
	clients, users := okta.Set{}, okta.Set{}
	for _, token := range found {
		clients[token.ClientID] = struct{}{}
		users[token.UserID] = struct{}{}
	}
	delete(clients, "") // Okta may not say whose a token is
	delete(users, "")
	return Preview{Tokens: found, Count: p.count, More: p.more, Clients: len(clients), Users: len(users)}
}

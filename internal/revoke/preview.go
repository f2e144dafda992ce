package revoke

import (
	"context"
	"maps"
	"slices"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// How many requests a preview may send. A plan must stay quick, and the revocation needs
// the rate limit. With max_tokens, a preview reads everything: it must know whether the
// request is within the limit, and by how much it is not.
const (
	previewRequests        = 5  // of one parent
	previewRequestsOfEvery = 50 // of every client
)

// Bound says how a preview's count relates to the number of selected tokens that are
// alive.
type Bound int

// The bounds.
const (
	Exactly Bound = iota
	AtLeast
	AtMost
)

// Preview is what a request would revoke, as far as the tokens were read.
type Preview struct {
	Tokens  []okta.RefreshToken // found, oldest first
	Count   int                 // tokens that would be revoked
	Bound   Bound               // how Count relates to the true number
	Partial bool                // whether some lists were not read to their ends
	Clients int                 // distinct clients among Tokens
	Users   int                 // distinct users among Tokens

	Read        int // tokens that were read, selected or not
	Named       int // tokens that the selection names
	Parents     int // parents of the target
	ReadParents int // parents with at least one page read
	Deletes     int // DELETEs to send; like Count, it may be a bound
	OneByOne    bool
}

// Preview returns what a request would revoke, or the error with which a guard would
// refuse it. It changes nothing.
func (e *Engine) Preview(ctx context.Context, req Request) (Preview, error) {
	if err := e.checkRequest(req); err != nil {
		return Preview{}, err
	}
	if !req.allOfUser() {
		if _, err := e.checkSessions(ctx, req); err != nil {
			return Preview{}, err
		}
	}
	p := &preview{Engine: e, req: req, budget: previewRequests}
	if err := p.look(ctx); err != nil {
		return Preview{}, err
	}
	return p.result(), nil
}

// preview is a preview in progress.
type preview struct {
	*Engine
	req     Request
	budget  int // requests left
	batches []*batch
	read    int
	looked  int // parents with at least one page read
	partial bool
}

// look reads what the request selects.
func (p *preview) look(ctx context.Context) error {
	switch {
	case p.req.Selection.empty():
		return nil
	case p.req.Selection.Named() && !p.req.Target.EveryClient():
		return p.readNamed(ctx)
	default:
		return p.readLists(ctx)
	}
}

// readNamed looks for tokens that are named by ID. Their number is an upper bound that
// costs no request.
func (p *preview) readNamed(ctx context.Context) error {
	if err := tooMany(p.req.MaxTokens, int64(len(p.req.Selection.ids))); err != nil {
		return err
	}
	parent := p.req.Target.Parent()
	found, err := p.locate(ctx, parent, p.req.Selection.ids, p.budget)
	if err != nil {
		return err
	}
	b := &batch{parent: walk.Parent{Parent: parent}}
	p.batches, p.looked = []*batch{b}, 1
	if p.partial = !found.complete; !p.partial {
		if err := p.confirm(ctx, parent, &found); err != nil {
			return err
		}
	}
	if err := found.checkOwners(parent); err != nil {
		return err
	}
	b.add(slices.Collect(maps.Values(found.alive)))
	p.read = len(b.items)
	return p.Protected.checkTokens(tokens(p.batches))
}

func (p *preview) result() Preview {
	found := tokens(p.batches)
	clients, users := okta.Set{}, okta.Set{}
	for _, token := range found {
		clients.Add(token.ClientID)
		users.Add(token.UserID)
	}
	delete(clients, "") // Okta may not say who owns a token
	delete(users, "")
	shown := Preview{
		Tokens: found, Count: len(found), Partial: p.partial, Clients: len(clients), Users: len(users),
		Read: p.read, Named: len(p.req.Selection.ids), Parents: len(p.batches), ReadParents: p.looked, OneByOne: p.oneByOne(p.req),
	}
	switch {
	case p.req.Selection.Named():
		shown.Bound = AtMost
		if p.partial || len(found) > 0 {
			shown.Count = shown.Named // the apply may find those that the preview has not
		}
	case p.partial:
		shown.Bound = AtLeast
	}
	if shown.Deletes = shown.Count; p.req.Selection.all && !shown.OneByOne {
		shown.Deletes = p.bulkDeletes()
	}
	return shown
}

// bulkDeletes returns how many bulk DELETEs the request needs: one for each parent, except
// parents where a guard saw nothing to revoke.
func (p *preview) bulkDeletes() int {
	n := 0
	for _, b := range p.batches {
		if len(b.items) > 0 || !b.listed || !p.guards(p.req) {
			n++
		}
	}
	return n
}

// MustRead reports whether a request has to read tokens or clients before it revokes: the
// selection does not name its tokens, a guard has to see them, or they are recorded. If
// so, a plan that could not read is worthless.
func (e *Engine) MustRead(req Request) bool {
	return e.mustRead(req) || req.Selection.filter != nil || req.Target.EveryClient() || req.EndSessions && e.guards(req)
}

package revoke

import (
	"context"
	"iter"
	"math"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// How many requests a preview may cost, so that a plan stays quick and the rate limit
// is left to the revocation. With a bound on the number of tokens, it reads everything:
// whether the bound is kept must be known, and by how much it is not.
const (
	previewRequests        = 5  // of one parent
	previewRequestsOfEvery = 50 // of every client
)

// Bound says how a preview's count relates to the number of tokens that are selected
// and alive.
type Bound int

// The bounds.
const (
	Exactly Bound = iota
	AtLeast
	AtMost
)

// Preview is what a request would hit, as far as it was read.
type Preview struct {
	Tokens  []okta.RefreshToken // found, oldest first
	Count   int                 // tokens that would be hit
	Bound   Bound               // what Count is of the true number
	Partial bool                // whether there was more to read
	Clients int                 // distinct clients among Tokens
	Users   int                 // distinct users among Tokens

	Read        int // tokens that were looked at, whether selected or not
	Named       int // tokens that the selection names
	Parents     int // parents of the target
	ReadParents int // parents of which at least a page was read
	Deletes     int // requests that revoke; as many as Count where Count is a bound
	OneByOne    bool
}

// Preview tells what a request would hit, and returns the error with which the
// guards would refuse it. It changes nothing.
func (e *Engine) Preview(ctx context.Context, req Request) (Preview, error) {
	if err := e.checkRequest(req); err != nil {
		return Preview{}, err
	}
	if !req.allOfUser() {
		if err := e.checkSessions(ctx, req); err != nil {
			return Preview{}, err
		}
	}
	var p *preview
	err := e.Client.InTime(func() (bool, error) {
		p = &preview{Engine: e, req: req, budget: previewRequests}
		err := p.look(ctx)
		return req.Selection.choice().Filter.ByAge() && e.Client.ClockInDoubt(), err
	})
	if err != nil {
		return Preview{}, err
	}
	return p.result(), nil
}

// preview is one preview under way.
type preview struct {
	*Engine
	req     Request
	budget  int // requests left
	batches []*batch
	read    int
	looked  int // parents of which a page was read
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

// readNamed looks for tokens that are named by ID. How many there are at most is known
// without asking.
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
	for _, token := range found.alive {
		b.add([]okta.RefreshToken{token})
		if err := b.parent.CheckOwner(token); err != nil {
			return err
		}
	}
	p.read = len(b.items)
	return p.Protected.checkTokens(tokens(p.batches))
}

// list is the list of a parent's tokens that is read a page at a time.
type list struct {
	*batch
	next   func() (okta.Page[okta.RefreshToken], error, bool)
	stop   func()
	page   okta.Page[okta.RefreshToken]
	err    error
	tokens []okta.RefreshToken
}

// readLists reads the lists of the target's parents side by side, a page of each in
// turn, as far as the budget goes. So the same budget shows the same tokens each time.
func (p *preview) readLists(ctx context.Context) error {
	lists, err := p.openLists(ctx)
	if err != nil {
		return err
	}
	defer func() {
		for _, l := range lists {
			l.stop()
		}
	}()
	open := lists
	for len(open) > 0 && p.budget > 0 {
		round := open[:min(len(open), p.budget)]
		open = open[len(round):]
		p.budget -= len(round)
		p.readPages(round)
		for _, l := range round {
			if err := p.take(l); err != nil {
				return err
			}
			if l.missing == nil && !l.page.Last {
				open = append(open, l)
			}
		}
	}
	p.partial = len(open) > 0
	// Only now, when several answers have named the time by Okta's clock.
	for _, l := range lists {
		if err := p.choose(l); err != nil {
			return err
		}
	}
	if err := p.confirmMissing(ctx, p.batches); err != nil {
		return err
	}
	p.batches = slices.DeleteFunc(p.batches, func(b *batch) bool { return b.missing != nil })
	return tooMany(p.req.MaxTokens, count(p.batches))
}

// openLists makes ready to read the lists of the target's parents.
func (p *preview) openLists(ctx context.Context) ([]*list, error) {
	var err error
	if p.batches, err = p.Engine.batches(ctx, p.req); err != nil {
		return nil, err
	}
	if err := p.Protected.checkParents(p.req, p.batches); err != nil {
		return nil, err
	}
	switch {
	case p.req.MaxTokens != nil:
		p.budget = math.MaxInt
	case p.req.Target.EveryClient():
		p.budget = previewRequestsOfEvery - 1 // one was for the clients
	}
	lists := make([]*list, len(p.batches))
	for i, b := range p.batches {
		next, stop := iter.Pull2(walk.Pages(ctx, p.Client, b.parent.Parent))
		lists[i] = &list{batch: b, next: next, stop: stop}
	}
	return lists, nil
}

// readPages reads the next page of each list.
func (p *preview) readPages(lists []*list) {
	group := errgroup.Group{}
	group.SetLimit(p.Client.Parallelism())
	for _, l := range lists {
		group.Go(func() error {
			l.page, l.err, _ = l.next() // there is one: the last page ends the list
			return nil
		})
	}
	_ = group.Wait() // the errors are in the lists
}

// take adds a page to what was read of its list.
func (p *preview) take(l *list) error {
	switch {
	case l.parent.Missing(l.err):
		l.missing = l.err
		return nil
	case l.err != nil:
		return l.err
	}
	if !l.listed {
		l.listed = true
		p.looked++
	}
	p.read += len(l.page.Items)
	l.tokens = append(l.tokens, l.page.Items...)
	return nil
}

// choose finds what is selected of the tokens that were read of a list, and holds it
// against the guards.
func (p *preview) choose(l *list) error {
	matching, err := p.req.Selection.choice().Among(p.Client, l.tokens)
	if err != nil {
		return err
	}
	for _, token := range matching {
		if err := l.parent.CheckOwner(token); err != nil {
			return err
		}
	}
	l.add(matching)
	return p.Protected.checkTokens(matching)
}

func (p *preview) result() Preview {
	found := tokens(p.batches)
	clients, users := okta.Set{}, okta.Set{}
	for _, token := range found {
		clients.Add(token.ClientID)
		users.Add(token.UserID)
	}
	delete(clients, "") // Okta may not say whose a token is
	delete(users, "")
	shown := Preview{
		Tokens: found, Count: len(found), Partial: p.partial, Clients: len(clients), Users: len(users),
		Read: p.read, Named: len(p.req.Selection.ids), Parents: len(p.batches), ReadParents: p.looked, OneByOne: p.oneByOne(p.req),
	}
	switch {
	case p.req.Selection.Named():
		shown.Bound = AtMost
		if p.partial {
			shown.Count = shown.Named
		}
	case p.partial:
		shown.Bound = AtLeast
	}
	if shown.Deletes = shown.Count; p.req.Selection.all && !shown.OneByOne {
		shown.Deletes = p.bulkDeletes()
	}
	return shown
}

// bulkDeletes is how many DELETEs of all tokens there are: one for each parent, unless a
// guard has seen that there is nothing to revoke.
func (p *preview) bulkDeletes() int {
	n := 0
	for _, b := range p.batches {
		if len(b.items) > 0 || !b.listed || !p.guards(p.req) {
			n++
		}
	}
	return n
}

// MustRead reports whether a request is only carried out once tokens, or clients, have
// been read: because the selection says it in other words than IDs, a guard has to see
// them, or they are to be recorded. Only then is a plan worthless that could not read.
func (e *Engine) MustRead(req Request) bool {
	return e.mustRead(req) || req.Selection.filter != nil || req.Target.EveryClient() || req.EndSessions && e.guards(req)
}

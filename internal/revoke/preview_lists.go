package revoke

import (
	"context"
	"iter"
	"math"
	"slices"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// list is a parent's list of tokens, which is read a page at a time.
type list struct {
	*batch
	next   func() (okta.Page[okta.RefreshToken], error, bool)
	stop   func()
	page   okta.Page[okta.RefreshToken]
	err    error
	tokens []okta.RefreshToken
}

// readLists reads the lists of the target's parents side by side, one page of each in
// turn, until the budget is spent. The same budget always shows the same tokens.
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
		if err := walk.Each(ctx, p.Client, round, readPage); err != nil {
			return err
		}
		for _, l := range round {
			if err := p.addPage(l); err != nil {
				return err
			}
			if l.missing == nil && !l.page.Last {
				open = append(open, l)
			}
		}
	}
	p.partial = len(open) > 0
	// Ages are measured last, when several responses have told Okta's time.
	var owners okta.Owners
	for _, l := range lists {
		owners = owners.Next(l.parent.Parent)
		if err := walk.CheckOwners(&owners, l.tokens); err != nil {
			return err
		}
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

// openLists prepares to read the lists of the target's parents.
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
		p.budget = previewRequestsOfEvery - 1 // one listed the clients
	}
	lists := make([]*list, len(p.batches))
	for i, b := range p.batches {
		next, stop := iter.Pull2(walk.Pages(ctx, p.Client, b.parent.Parent))
		lists[i] = &list{batch: b, next: next, stop: stop}
	}
	return lists, nil
}

// readPage reads the next page of a list. There is one: the last page ends the list.
func readPage(_ context.Context, l *list) error {
	l.page, l.err, _ = l.next()
	return nil
}

// addPage adds the page that was read to its list.
func (p *preview) addPage(l *list) error {
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

// choose adds the selected tokens of a list to its batch, and checks the guards.
func (p *preview) choose(l *list) error {
	matching, err := p.req.Selection.choice().Among(p.Client, l.tokens)
	if err != nil {
		return err
	}
	l.add(matching)
	return p.Protected.checkTokens(matching)
}

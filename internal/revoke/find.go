package revoke

import (
	"context"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// find returns what the request selects. Unless read is set, it trusts the IDs of a
// selection that names tokens, and reads no tokens for one that selects all.
func (e *Engine) find(ctx context.Context, req Request, read bool) ([]*batch, error) {
	if req.Selection.empty() {
		return nil, nil
	}
	if req.Selection.Named() && !req.Target.EveryClient() {
		b, err := e.findNamed(ctx, req, read)
		return []*batch{b}, err
	}
	if req.Selection.all && !read {
		return e.batches(ctx, req)
	}
	lists, err := walk.Find(ctx, e.Client, req.Target, req.Selection.choice())
	if err != nil {
		return nil, err
	}
	var batches []*batch
	for _, l := range lists {
		b := e.batch(req, l.Parent)
		b.listed = true
		b.add(l.Tokens)
		batches = append(batches, b)
	}
	return batches, nil
}

// batches makes an empty batch for each parent of the target.
func (e *Engine) batches(ctx context.Context, req Request) ([]*batch, error) {
	parents, err := req.Target.Parents(ctx, e.Client)
	if err != nil {
		return nil, err
	}
	batches := make([]*batch, len(parents))
	for i, parent := range parents {
		batches[i] = e.batch(req, parent)
	}
	return batches, nil
}

// batch makes an empty batch.
func (e *Engine) batch(req Request, parent walk.Parent) *batch {
	b := &batch{parent: parent}
	if req.Selection.all && !e.oneByOne(req) {
		b.bulk = bulkDue
	}
	return b
}

// findNamed makes a batch of the tokens of one parent that are named by ID.
//
// Okta's lists have been short before. So where something is protected, a token that
// is missing from a list is read by its ID.
func (e *Engine) findNamed(ctx context.Context, req Request, read bool) (*batch, error) {
	b := &batch{parent: walk.Parent{Parent: req.Target.Parent()}}
	for _, id := range req.Selection.ids {
		b.put(&item{token: okta.RefreshToken{ID: id}})
	}
	if !read {
		return b, nil
	}
	found, err := e.locate(ctx, b.parent.Parent, req.Selection.ids, noBudget)
	if err == nil && !e.Protected.empty() {
		err = e.readEach(ctx, b.parent.Parent, found.unseen(req.Selection.ids), &found)
	}
	if err == nil {
		err = e.confirm(ctx, b.parent.Parent, &found)
	}
	if err == nil {
		err = found.checkOwners(b.parent.Parent)
	}
	for _, it := range b.items {
		if token, lives := found.alive[it.token.ID]; lives {
			it.token, it.seen = token, true
			continue
		}
		it.absent = true
		if found.revoked.Has(it.token.ID) || found.notFound.Has(it.token.ID) {
			it.notFound()
		}
	}
	return b, err
}

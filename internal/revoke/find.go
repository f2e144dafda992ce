package revoke

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// find reads what the request selects. With read unset, tokens that are named
// by ID, and tokens that are all to be revoked, are taken on trust.
func (e *Engine) find(ctx context.Context, req Request, read bool) ([]*batch, error) {
	if req.Selection.empty() {
		return nil, nil
	}
	if req.Selection.Named() && !req.Target.every {
		b, err := e.findNamed(ctx, req, read)
		return []*batch{b}, err
	}
	batches, err := e.parents(ctx, req)
	if err != nil || req.Selection.all && !read {
		return batches, err
	}
	err = e.Client.InTime(func() (bool, error) {
		err := e.readEvery(ctx, req, batches)
		return req.Selection.byAge() && e.Client.ClockInDoubt(), err
	})
	if err != nil {
		return batches, err
	}
	return e.present(ctx, req, batches)
}

// readEvery reads what is selected at each parent, side by side.
func (e *Engine) readEvery(ctx context.Context, req Request, batches []*batch) error {
	group, listing := errgroup.WithContext(ctx)
	group.SetLimit(e.Client.Parallelism())
	for _, b := range batches {
		group.Go(func() error {
			tokens, err := e.list(listing, b, e.matcher(req.Selection))
			b.items, b.byID, b.listed = nil, nil, true
			b.add(tokens)
			return err
		})
	}
	return group.Wait()
}

// present drops the batches of clients that were deleted since they were listed. Their
// tokens went with them.
func (e *Engine) present(ctx context.Context, req Request, batches []*batch) ([]*batch, error) {
	missing := func(b *batch) bool { return b.missing != nil }
	if !slices.ContainsFunc(batches, missing) {
		return batches, nil
	}
	listed, err := e.parents(ctx, req)
	if err != nil {
		return batches, err
	}
	for _, b := range batches {
		same := func(other *batch) bool { return other.parent == b.parent }
		if missing(b) && slices.ContainsFunc(listed, same) {
			return batches, &okta.ContradictionError{What: "client " + b.parent.ClientID(), NotFound: b.missing}
		}
	}
	return slices.DeleteFunc(slices.Clone(batches), missing), nil
}

// findNamed makes a batch of the tokens that are named by ID, in one parent.
//
// A token that is missing from a list is looked for by its ID before anything
// protected could be revoked with it: Okta's lists have been short before.
func (e *Engine) findNamed(ctx context.Context, req Request, read bool) (*batch, error) {
	b := &batch{parent: req.Target.parent}
	for _, id := range req.Selection.ids {
		b.put(&item{token: okta.RefreshToken{ID: id}})
	}
	if !read {
		return b, nil
	}
	found, err := e.locate(ctx, b.parent, req.Selection.ids, noBudget)
	if err == nil && !e.Protected.empty() {
		err = e.readEach(ctx, b.parent, found.unseen(req.Selection.ids), &found)
	}
	if err == nil {
		err = e.confirm(ctx, b.parent, &found)
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

// parents makes an empty batch for each parent of the target. A client that is
// listed twice, as it may be while the list changes, is one.
func (e *Engine) parents(ctx context.Context, req Request) ([]*batch, error) {
	bulk := bulkNone
	if req.Selection.all && !e.oneByOne(req) {
		bulk = bulkDue
	}
	if !req.Target.every {
		return []*batch{{parent: req.Target.parent, bulk: bulk}}, nil
	}
	var batches []*batch
	known := okta.Set{}
	for client, err := range e.Client.Clients(ctx, req.Target.holder) {
		if err != nil {
			return nil, err
		}
		if known.Has(client.ID) {
			continue
		}
		known.Add(client.ID)
		batches = append(batches, &batch{parent: req.Target.holder.Client(client.ID), enumerated: true, bulk: bulk})
	}
	return batches, nil
}

// list reads the tokens of a batch's parent that are alive and match. None are there,
// and the batch is missing, when Okta says so of a client that it has named itself.
func (e *Engine) list(ctx context.Context, b *batch, match matcher) ([]okta.RefreshToken, error) {
	b.missing = nil
	found, err := e.readList(ctx, b.parent, nil)
	switch {
	case err != nil && b.enumerated && okta.IsNotFound(err):
		b.missing = err
		return nil, nil
	case err != nil:
		return nil, err
	}
	return match.among(found.others)
}

// matcher reports whether a token is selected. Its error says that only a field
// that could not be read decides.
type matcher func(okta.RefreshToken) (bool, error)

// among are those of the tokens that match.
func (match matcher) among(tokens []okta.RefreshToken) ([]okta.RefreshToken, error) {
	var matching []okta.RefreshToken
	for _, token := range tokens {
		matches, err := match(token)
		if err != nil {
			return nil, err
		}
		if matches {
			matching = append(matching, token)
		}
	}
	return matching, nil
}

// everyToken matches them all.
func everyToken(okta.RefreshToken) (bool, error) { return true, nil }

// matcher is the selection as a predicate. Ages are measured by Okta's clock.
func (e *Engine) matcher(s Selection) matcher {
	switch {
	case s.all:
		return everyToken
	case s.filter != nil:
		return func(token okta.RefreshToken) (bool, error) { return s.filter.Match(token, e.Client.Now()) }
	default:
		ids := okta.NewSet(s.ids...)
		return func(token okta.RefreshToken) (bool, error) { return ids.Has(token.ID), nil }
	}
}

package revoke

import (
	"context"
	"maps"
	"math"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// batch is what a request selects at one parent.
type batch struct {
	parent okta.Parent
	items  []*item
	// listed tells that items is what Okta listed. A batch that is not listed
	// is revoked without having been read.
	listed bool
	// proven tells that Okta answered a request below the parent with success.
	// Okta says of a token that is gone and of a parent that never was the same,
	// so that only then a missing token is one that was revoked before.
	proven bool
	// enumerated tells that Okta named the parent itself, as one of a holder's
	// clients. When it is gone later, so are its tokens.
	enumerated bool
	// missing is why an enumerated parent could not be listed: Okta said that it does
	// not exist.
	missing error
	// due tells that a DELETE of all tokens is to be sent, sent that one was which
	// may have taken effect, took that it did.
	due, sent, took bool
	told            bool // whether an Event has counted the parent

	appeared []okta.RefreshToken // issued while others were revoked
	err      error               // why the DELETE of all tokens failed
}

// item is one selected token.
type item struct {
	token okta.RefreshToken // only the ID when it was not read
	seen  bool              // whether Okta said it was alive before it was revoked
	acked bool              // whether Okta ever said it was revoked
	told  bool              // whether an Event has named it
	state state
	err   error // why state is failed
}

// confirm takes in that a token was revoked.
func (it *item) confirm() { it.state, it.acked, it.err = confirmed, true, nil }

// vanish takes in that a token is not there. It was revoked here if Okta said so
// before, and went on listing it for a while.
func (it *item) vanish() {
	it.state, it.err = gone, nil
	if it.acked {
		it.state = confirmed
	}
}

// state is what has become of an item.
type state int

const (
	pending   state = iota // to be revoked
	confirmed              // Okta says it is revoked
	uncertain              // a DELETE was sent and its outcome is not known
	gone                   // was not there when it was to be revoked
	failed                 // could not be revoked
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
	batches, err := e.parents(ctx, req.Target)
	if err != nil || req.Selection.all && !read {
		return batches, err
	}
	group, listing := errgroup.WithContext(ctx)
	group.SetLimit(e.Client.Parallelism())
	for _, b := range batches {
		group.Go(func() error {
			tokens, err := e.list(listing, b, e.matcher(req.Selection))
			b.listed, b.proven = true, true
			b.add(tokens)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return batches, err
	}
	return e.present(ctx, req.Target, batches)
}

// present are the batches but for those of clients that were deleted since Okta named
// them, and whose tokens went with them. Okta only says that such a client is not there,
// which it has said in error: so the clients are listed again, where one is met.
func (e *Engine) present(ctx context.Context, target Target, batches []*batch) ([]*batch, error) {
	missing := func(b *batch) bool { return b.missing != nil }
	if !slices.ContainsFunc(batches, missing) {
		return batches, nil
	}
	listed, err := e.parents(ctx, target)
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
		b.items = append(b.items, &item{token: okta.RefreshToken{ID: id}})
	}
	if !read {
		return b, nil
	}
	found, err := e.locate(ctx, b.parent, req.Selection.ids, math.MaxInt)
	if err == nil && !e.Protected.empty() {
		err = e.readEach(ctx, b.parent, found.unseen(req.Selection.ids), &found)
	}
	for _, it := range b.items {
		if token, ok := found.alive[it.token.ID]; ok {
			it.token, it.seen = token, true
		} else if found.gone.Has(it.token.ID) {
			it.vanish()
		}
	}
	b.proven = found.proven
	if err == nil && b.anyIn(gone) {
		err = e.prove(ctx, b)
	}
	return b, err
}

// parents makes an empty batch for each parent of the target. A client that is
// listed twice, as it may be while the list changes, is one.
func (e *Engine) parents(ctx context.Context, target Target) ([]*batch, error) {
	if !target.every {
		return []*batch{{parent: target.parent, due: true}}, nil
	}
	var batches []*batch
	known := okta.Set{}
	for client, err := range e.Client.Clients(ctx, target.holder) {
		if err != nil {
			return nil, err
		}
		if known.Has(client.ID) {
			continue
		}
		known[client.ID] = struct{}{}
		batches = append(batches, &batch{parent: target.holder.Client(client.ID), enumerated: true, due: true})
	}
	return batches, nil
}

// list reads the tokens of a batch's parent that are alive and match. None are there,
// and the batch is missing, when Okta says so of a client that it has named itself.
func (e *Engine) list(ctx context.Context, b *batch, match matcher) ([]okta.RefreshToken, error) {
	b.missing = nil
	var tokens []okta.RefreshToken
	for token, err := range e.Client.RefreshTokens(ctx, b.parent) {
		switch {
		case err != nil && b.enumerated && okta.IsNotFound(err):
			b.missing = err
			return nil, nil
		case err != nil:
			return nil, err
		case !token.Alive():
			continue
		}
		matches, err := match(token)
		if err != nil {
			return nil, err
		}
		if matches {
			tokens = append(tokens, token)
		}
	}
	return tokens, nil
}

// matcher reports whether a token is selected. Its error says that only a field
// that could not be read decides.
type matcher func(okta.RefreshToken) (bool, error)

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

// revive takes in that Okta lists tokens which it said were not there.
func (b *batch) revive(listed []okta.RefreshToken) {
	for _, token := range listed {
		for _, it := range b.items {
			if it.token.ID == token.ID && it.state == gone && token.Alive() {
				it.token, it.seen, it.state = token, true, pending
			}
		}
	}
}

// add takes in tokens that were read.
func (b *batch) add(tokens []okta.RefreshToken) {
	for _, token := range b.unknown(tokens) {
		b.items = append(b.items, &item{token: token, seen: true})
	}
}

// unknown are those of the tokens that are not among the batch's, each once: a
// list that changes while it is read can show a token on two pages.
func (b *batch) unknown(tokens []okta.RefreshToken) []okta.RefreshToken {
	known := okta.Set{}
	for _, it := range b.items {
		known[it.token.ID] = struct{}{}
	}
	var unknown []okta.RefreshToken
	for _, token := range tokens {
		if !known.Has(token.ID) {
			known[token.ID] = struct{}{}
			unknown = append(unknown, token)
		}
	}
	return unknown
}

// idsIn are the IDs of the tokens that are in a state.
func (b *batch) idsIn(in state) []string {
	var ids []string
	b.each(in, func(it *item) { ids = append(ids, it.token.ID) })
	return ids
}

// anyIn reports whether a token of the batch is in one of these states.
func (b *batch) anyIn(states ...state) bool {
	return slices.ContainsFunc(b.items, func(it *item) bool { return slices.Contains(states, it.state) })
}

// move puts the tokens that are in one of the states from into another.
func (b *batch) move(to state, err error, from ...state) {
	for _, it := range b.items {
		if slices.Contains(from, it.state) {
			it.state, it.err = to, err
		}
	}
}

// each changes the tokens that are in a state.
func (b *batch) each(in state, change func(*item)) {
	for _, it := range b.items {
		if it.state == in {
			change(it)
		}
	}
}

// location is where a search for tokens has come.
type location struct {
	alive    map[string]okta.RefreshToken
	gone     okta.Set // tokens of which Okta says so, rather than leaving them out of a list
	complete bool     // whether the tokens that were not found are not there
	proven   bool     // as in batch
}

// locate finds out which of these tokens of a parent are alive, with at most
// budget requests.
//
// Reading the list costs a request for 200 tokens, however many of them are
// wanted; reading each token costs a request for each. Which is cheaper depends
// on the length of the list, which nobody knows. So the list is read until that
// has cost as much as reading the missing tokens one by one, and then those are:
// at worst twice the requests of the better way.
func (e *Engine) locate(ctx context.Context, parent okta.Parent, ids []string, budget int) (location, error) {
	found := location{alive: map[string]okta.RefreshToken{}, gone: okta.Set{}}
	missing := okta.NewSet(ids...)
	spent := 0
	if len(missing) > 1 {
		for page, err := range e.Client.RefreshTokenPages(ctx, parent) {
			if err != nil {
				return found, err
			}
			spent++
			found.proven = true
			for _, token := range page.Items {
				if missing.Has(token.ID) {
					delete(missing, token.ID)
					found.add(token)
				}
			}
			if page.Last || len(missing) == 0 {
				found.complete = true
				return found, nil
			}
			if spent+1 >= len(missing) || spent == budget {
				break
			}
		}
	}
	if spent+len(missing) > budget {
		return found, nil
	}
	found.complete = true
	return found, e.readEach(ctx, parent, missing, &found)
}

// readEach reads tokens one by one.
func (e *Engine) readEach(ctx context.Context, parent okta.Parent, ids okta.Set, found *location) error {
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(e.Client.Parallelism())
	for _, id := range slices.Sorted(maps.Keys(ids)) { // the same order each time
		group.Go(func() error {
			token, err := e.Client.RefreshToken(ctx, parent, id)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case okta.IsNotFound(err):
				found.gone[id] = struct{}{}
				return nil
			case err == nil:
				found.proven = true
				found.add(token)
			}
			return err
		})
	}
	return group.Wait()
}

func (l *location) add(token okta.RefreshToken) {
	if token.Alive() {
		l.alive[token.ID] = token
	} else {
		l.gone[token.ID] = struct{}{}
	}
}

// unseen are the tokens that were neither found alive nor found to be gone.
func (l *location) unseen(ids []string) okta.Set {
	unseen := okta.NewSet(ids...)
	for id := range unseen {
		if _, lives := l.alive[id]; lives || l.gone.Has(id) {
			delete(unseen, id)
		}
	}
	return unseen
}

// count is how many tokens are selected.
func count(batches []*batch) int64 {
	count := 0
	for _, b := range batches {
		count += len(b.items)
	}
	return int64(count)
}

// tokens are all selected tokens, oldest first.
func tokens(batches []*batch) []okta.RefreshToken {
	var all []okta.RefreshToken
	for _, b := range batches {
		for _, it := range b.items {
			all = append(all, it.token)
		}
	}
	slices.SortFunc(all, okta.RefreshToken.Compare)
	return all
}

package revoke

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// verify looks again at what was revoked, and settles what became of it. What the
// lists show besides, alive and selected, joins the selection.
func (r *run) verify(ctx context.Context) error {
	if err := r.verifyParents(ctx); err != nil {
		return err
	}
	if err := walk.Each(ctx, r.Client, r.batches, r.lookAgain); err != nil {
		return err
	}
	if err := r.confirmMissing(ctx, r.batches); err != nil {
		return err
	}
	for _, b := range r.batches {
		if b.missing != nil { // the client was deleted, and its tokens with it
			b.settle(location{toEnd: true})
		}
	}
	return nil
}

// confirmMissing confirms the 404s of clients that were listed before.
func (e *Engine) confirmMissing(ctx context.Context, batches []*batch) error {
	missing := map[walk.Parent]error{}
	for _, b := range batches {
		if b.missing != nil {
			missing[b.parent] = b.missing
		}
	}
	return walk.ConfirmGone(ctx, e.Client, missing)
}

// verifyParents adds the clients of the holder that were not listed before, so that
// none is missed.
func (r *run) verifyParents(ctx context.Context) error {
	if !r.req.Target.EveryClient() || r.req.Selection.empty() || !r.mustVerifyParents() {
		return nil
	}
	now, err := r.req.Target.Parents(ctx, r.Client)
	if err != nil {
		return err
	}
	known := map[okta.Parent]bool{}
	for _, b := range r.batches {
		known[b.parent.Parent] = true
	}
	for _, parent := range now {
		if !known[parent.Parent] {
			r.batches = append(r.batches, &batch{parent: parent, listed: true, late: true})
		}
	}
	return nil
}

// mustVerifyParents reports whether a client that was not listed would be missed:
// where anything was revoked, or a token that was named was not found.
func (r *run) mustVerifyParents() bool {
	if r.req.Selection.all || len(r.notFound()) > 0 {
		return true
	}
	for _, b := range r.batches {
		if len(b.items) > 0 {
			return true
		}
	}
	return false
}

// lookAgain looks at a parent's tokens after DELETEs, and records what it shows.
func (r *run) lookAgain(ctx context.Context, b *batch) error {
	b.missing = nil
	found, err := r.look(ctx, b)
	if b.parent.Missing(err) {
		b.missing = err
		return nil
	}
	if err != nil {
		if okta.IsNotFound(err) { // there is no such parent
			b.each(uncertain, func(it *item) { it.fail(err) })
		}
		return err
	}
	b.settle(found)
	r.meet(b, found.others)
	b.settleBulk()
	return nil
}

// look reads what is needed to settle a batch. A 404 that nothing confirms yet, and
// a list that shows what Okta denies, are settled by a list alone.
func (r *run) look(ctx context.Context, b *batch) (location, error) {
	ids := b.idsIn(confirmed, lagging, uncertain, missing)
	var found location
	var err error
	switch {
	case r.req.Selection.all || b.late || b.anyIn(lagging, missing):
		found, err = r.readList(ctx, b.parent.Parent, okta.NewSet(ids...))
	case len(ids) > 0:
		found, err = r.locate(ctx, b.parent.Parent, ids, noBudget)
	}
	if err != nil || b.bulk == bulkOpen {
		return found, err
	}
	// A list may be short, and nothing else says that these are revoked.
	open := b.idsIn(uncertain)
	if err := r.readEach(ctx, b.parent.Parent, found.unseen(open), &found); err != nil {
		return found, err
	}
	if slices.ContainsFunc(open, found.notFound.Has) {
		err = r.confirm(ctx, b.parent.Parent, &found)
	}
	return found, err
}

// settle records which of the tokens a look showed alive, and which it would have
// shown.
func (b *batch) settle(found location) {
	for _, token := range found.others { // known ones that need not be looked for
		if it, known := b.byID[token.ID]; known {
			it.sawAlive(token)
		}
	}
	for _, it := range b.items {
		if token, lives := found.alive[it.token.ID]; lives {
			it.sawAlive(token)
		} else if found.complete || found.toEnd {
			it.sawNone()
		}
	}
}

// meet records tokens that a look showed alive and the batch does not have. One
// that is older than the run was selected, and a list left it out: it is revoked
// unless a guard refuses it. One that was issued since is left.
func (r *run) meet(b *batch, listed []okta.RefreshToken) {
	selected, err := r.req.Selection.choice().Among(r.Client, listed)
	if err != nil {
		b.err = errors.Join(b.err, err)
		return
	}
	// Okta's clock is only known now if it was not asked anything before the run.
	start := r.Client.Now().Add(-time.Since(r.began))
	b.appeared = nil
	for _, token := range selected {
		_, known := b.byID[token.ID]
		switch {
		case known:
		case token.Created.IsZero() || token.Created.After(start):
			if r.req.Selection.all {
				b.appeared = append(b.appeared, token)
			}
		default:
			b.put(r.admit(b, token))
		}
	}
}

// admit makes an item of a token that a list showed late.
func (r *run) admit(b *batch, token okta.RefreshToken) *item {
	it := &item{token: token, seen: true}
	if err := r.allow(b.parent.Parent, token); err != nil {
		it.bar(fmt.Errorf("not revoking refresh token %s, which an earlier list left out: %w", prose.Printable(token.ID), err))
		return it
	}
	switch b.bulk {
	case bulkDone: // which may still have taken it
		it.state, it.sent, it.looks = lagging, true, 1
		b.doubted = true
	case bulkOpen, bulkRefused:
		it.fail(b.err) // until the DELETE of all tokens is repeated, if it is
	case bulkNone, bulkDue:
		it.state = pending
	}
	return it
}

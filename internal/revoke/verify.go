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

// verify looks again at what was revoked, and settles it. It also adds selected tokens
// that only now turn up in a list.
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
		if b.missing != nil { // the client was deleted with its tokens
			b.settle(location{toEnd: true})
		}
	}
	return nil
}

// confirmMissing confirms the 404s for clients that Okta listed before.
func (e *Engine) confirmMissing(ctx context.Context, batches []*batch) error {
	missing := map[walk.Parent]error{}
	for _, b := range batches {
		if b.missing != nil {
			missing[b.parent] = b.missing
		}
	}
	return walk.ConfirmGone(ctx, e.Client, missing)
}

// verifyParents adds clients of the holder that an earlier list did not have.
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
			r.batches = append(r.batches, &batch{parent: parent, listed: true, late: true, owners: r.owners(parent.Parent)})
		}
	}
	return nil
}

// owners starts the check of a list that is first read now.
func (r *run) owners(parent okta.Parent) okta.Owners {
	if len(r.batches) == 0 {
		return parent.Owners()
	}
	return r.batches[len(r.batches)-1].owners.Next(parent)
}

// mustVerifyParents reports whether a client that was not listed could matter: if
// anything was selected, or a named token was not found.
func (r *run) mustVerifyParents() bool {
	return r.req.Selection.all || len(r.notFound()) > 0 || len(r.items()) > 0 || len(r.req.Unsettled) > 0
}

// lookAgain looks at a parent's tokens after DELETEs, and records the result.
func (r *run) lookAgain(ctx context.Context, b *batch) error {
	b.missing = nil
	found, err := r.look(ctx, b)
	if b.parent.Missing(err) {
		b.missing = err
		return nil
	}
	if err != nil {
		b.dark = ctx.Err() == nil
		if okta.IsNotFound(err) { // there is no such parent
			b.each(uncertain, func(it *item) { it.fail(err) })
		}
		return err
	}
	b.unanswered = false
	r.noteAlive(b, found)
	b.settle(found)
	r.addListed(b, found.others)
	b.settleBulk()
	return nil
}

// look reads what is needed to settle a batch. Only a list can settle a token that Okta
// answered 404 for, or that it still lists after confirming its DELETE.
func (r *run) look(ctx context.Context, b *batch) (location, error) {
	ids := b.idsIn(confirmed, lagging, uncertain, missing)
	var found location
	var err error
	switch {
	case r.req.Selection.all || b.late || len(r.req.Unsettled) > 0 || b.anyIn(lagging, missing):
		found, err = r.readList(ctx, b.parent.Parent, okta.NewSet(ids...))
	case len(ids) > 0:
		found, err = r.locate(ctx, b.parent.Parent, ids, noBudget)
	}
	if err != nil || b.bulk == bulkOpen {
		return found, err
	}
	// A list may be short, and no response says that these are revoked.
	open := b.idsIn(uncertain)
	if err := r.readEach(ctx, b.parent.Parent, found.unseen(open), &found); err != nil {
		return found, err
	}
	if slices.ContainsFunc(open, found.notFound.Has) {
		err = r.confirm(ctx, b.parent.Parent, &found)
	}
	return found, err
}

// settle records which tokens a look showed alive, and which it did not though it
// could have.
func (b *batch) settle(found location) {
	for _, token := range found.others { // known ones that were not looked for
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

// addListed records tokens that a look showed alive and that the batch does not have. If
// a token is older than the run, an earlier list left it out: it is revoked unless a
// guard refuses it. A token that was issued since is left.
func (r *run) addListed(b *batch, listed []okta.RefreshToken) {
	selected, err := r.req.Selection.choice().Among(r.Client, listed)
	if err != nil {
		b.err = errors.Join(b.err, err)
		return
	}
	// Before the run, Okta's time may not have been known.
	start := r.Client.Now().Add(-time.Since(r.began))
	b.appeared = nil
	for _, token := range selected {
		_, known := b.byID[token.ID]
		switch {
		case known:
		case r.Client.CheckClock() != nil: // nothing says whether it is older than the run
			it := &item{token: token, seen: true}
			it.bar(r.Client.CheckClock())
			b.put(it)
		case token.Created.IsZero() || token.Created.After(start):
			if !r.req.Selection.Named() {
				b.appeared = append(b.appeared, token)
			}
		default:
			b.put(r.admit(b, token))
		}
	}
}

// admit makes an item of a token that an earlier list left out.
func (r *run) admit(b *batch, token okta.RefreshToken) *item {
	it := &item{token: token, seen: true}
	if err := r.allow(b, token); err != nil {
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

package revoke

import (
	"context"
	"math"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// verify looks again at what Okta said it revoked. A token that is still alive
// becomes pending, one whose outcome was not known is settled.
func (r *run) verify(ctx context.Context) error {
	verify := r.verifyNamed
	if r.req.Selection.all {
		if err := r.verifyParents(ctx); err != nil {
			return err
		}
		verify = func(ctx context.Context, b *batch) error {
			_, err := r.verifyAll(ctx, b)
			return err
		}
	}
	group, looking := errgroup.WithContext(ctx)
	group.SetLimit(r.Client.Parallelism())
	for _, b := range r.batches {
		group.Go(func() error { return verify(looking, b) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if _, err := r.present(ctx, r.req.Target, r.batches); err != nil {
		return err
	}
	for _, b := range r.batches {
		if b.missing != nil {
			b.settle(location{})
		}
	}
	return nil
}

// verifyNamed looks for the tokens of a batch that a DELETE was sent for. One
// that Okta listed, and then said was not there, is among them: if it is listed
// again, that was wrong.
func (r *run) verifyNamed(ctx context.Context, b *batch) error {
	var ids []string
	for _, it := range b.items {
		if it.state == confirmed || it.state == uncertain || it.state == gone && it.seen {
			ids = append(ids, it.token.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	b.missing = nil
	found, err := r.locate(ctx, b.parent, ids, math.MaxInt)
	if b.enumerated && okta.IsNotFound(err) {
		b.missing = err
		return nil
	}
	if err == nil {
		// A list may be short, and nothing else says that these are revoked.
		err = r.readEach(ctx, b.parent, found.unseen(b.idsIn(uncertain)), &found)
	}
	if err != nil {
		return err
	}
	b.settle(found)
	r.proveGone(ctx, b)
	return nil
}

// settle takes in where the tokens were found that a DELETE was sent for. When none is
// left, whatever was answered to a DELETE of all tokens, it took effect.
func (b *batch) settle(found location) {
	for _, it := range b.items {
		_, lives := found.alive[it.token.ID]
		it.settle(lives)
	}
	if b.due = b.anyIn(pending); !b.anyIn(pending, failed) && okta.IsUncertain(b.err) {
		b.err = nil
	}
}

// settle takes in whether a token that a DELETE was sent for is alive.
func (it *item) settle(lives bool) {
	switch {
	case (it.state == confirmed || it.state == gone) && lives:
		it.state = pending
	case it.state == uncertain && lives:
		it.state = failed // retries are spent, and it.err says on what
	case it.state == uncertain && it.seen:
		it.confirm()
	case it.state == uncertain:
		it.vanish() // nobody knows whether it ever was there
	}
}

// verifyParents adds the clients that have come to hold tokens of the holder, so that
// none is missed.
func (r *run) verifyParents(ctx context.Context) error {
	if !r.req.Target.every {
		return nil
	}
	now, err := r.parents(ctx, r.req.Target)
	if err != nil {
		return err
	}
	known := map[okta.Parent]bool{}
	for _, b := range r.batches {
		known[b.parent] = true
	}
	for _, b := range now {
		if !known[b.parent] {
			b.listed, b.due = true, false // whatever it holds has appeared since
			r.batches = append(r.batches, b)
		}
	}
	return nil
}

// verifyAll lists a parent whose tokens were all to be revoked, settles its
// batch, and reports whether any token is left that was there before.
//
// Where the tokens were not listed before, those count as left that are not
// younger than the run.
func (r *run) verifyAll(ctx context.Context, b *batch) (left bool, err error) {
	listed, err := r.list(ctx, b, everyToken)
	if err != nil || b.missing != nil {
		return false, err
	}
	sent := confirmed
	if b.err != nil {
		sent = uncertain
	}
	// Okta's clock is only known now if it was not asked anything before the run.
	start := r.Client.Now().Add(-time.Since(r.began))
	b.appeared = nil
	for _, token := range b.unknown(listed) {
		if b.listed || token.Created.After(start) {
			b.appeared = append(b.appeared, token)
		} else {
			b.items = append(b.items, &item{token: token, seen: true, state: sent, err: b.err})
		}
	}
	found := location{alive: map[string]okta.RefreshToken{}, gone: okta.Set{}}
	for _, token := range listed {
		found.add(token)
	}
	doubted := okta.IsUncertain(b.err)
	b.settle(found)
	b.took = b.took || doubted && b.err == nil
	return b.anyIn(pending, failed), nil
}

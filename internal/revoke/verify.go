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
	if r.req.Selection.all {
		return r.verifyEverything(ctx)
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(r.Client.Parallelism())
	for _, b := range r.batches {
		group.Go(func() error { return r.verifyNamed(ctx, b) })
	}
	return group.Wait()
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
	found, err := r.locate(ctx, b.parent, ids, math.MaxInt)
	if err != nil && !(b.enumerated && okta.IsNotFound(err)) {
		return err
	}
	for _, it := range b.items {
		_, lives := found.alive[it.token.ID]
		it.settle(lives)
	}
	r.proveGone(ctx, b)
	return nil
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

// verifyEverything lists the target again, and the clients of a holder too, so
// that a client that came to hold tokens meanwhile is not missed.
func (r *run) verifyEverything(ctx context.Context) error {
	if err := r.verifyParents(ctx); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(r.Client.Parallelism())
	for _, b := range r.batches {
		group.Go(func() error {
			_, err := r.verifyAll(ctx, b)
			return err
		})
	}
	return group.Wait()
}

// verifyParents adds the clients that have come to hold tokens of the holder.
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
	if err != nil {
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
	lives := okta.Set{}
	for _, token := range listed {
		lives[token.ID] = struct{}{}
	}
	for _, it := range b.items {
		it.settle(lives.Has(it.token.ID))
	}
	if left = b.anyIn(pending, failed); !left && okta.IsUncertain(b.err) {
		b.err = nil // whatever was answered, it took effect
	}
	b.due = b.anyIn(pending)
	return left, nil
}

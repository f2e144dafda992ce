package revoke

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// maxFailures is how many tokens may fail, each after all its retries, before
// that counts as a pattern.
const maxFailures = 10

// halt stops a run early when what failed for one token would fail for the next:
// Okta counts every refused request, and an outage is not outlasted by haste.
type halt struct {
	mu       sync.Mutex
	failures int
	err      error
}

// consider takes in how the DELETE of a token ended.
func (h *halt) consider(err error) {
	if err == nil || okta.IsNotFound(err) {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failures++
	hopeless := okta.IsRefused(err) || okta.IsRateLimited(err) || okta.IsUnavailable(err)
	if h.err == nil && (hopeless || h.failures >= maxFailures) {
		h.err = err
	}
}

// reason is why the run stops, or nil.
func (h *halt) reason() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.err
}

// revokePending sends the DELETEs for what is pending, side by side.
func (r *run) revokePending(ctx context.Context) {
	group := errgroup.Group{}
	group.SetLimit(r.Client.Parallelism())
	each := func(do func()) {
		group.Go(func() error {
			if r.stopped(ctx) == nil {
				do()
			}
			return nil
		})
	}
	for _, b := range r.batches {
		if r.req.Selection.all {
			if b.due {
				each(func() { r.revokeAll(ctx, b) })
			}
			continue
		}
		for _, it := range b.items {
			if it.state == pending {
				each(func() { r.revokeOne(ctx, b.parent, it) })
			}
		}
	}
	_ = group.Wait() // the errors are in the items
	for _, b := range r.batches {
		b.proven = b.proven || b.anyIn(confirmed)
	}
	if r.req.Selection.Named() && !r.req.Target.every && ctx.Err() == nil {
		r.proveGone(ctx, r.batches[0])
	}
}

// revokeOne revokes one token.
func (r *run) revokeOne(ctx context.Context, parent okta.Parent, it *item) {
	err := r.Client.RevokeRefreshToken(ctx, parent, it.token.ID)
	switch {
	case err == nil:
		it.state = confirmed
	case okta.IsNotFound(err) && (it.seen && landedEarlier(err)):
		it.state = confirmed
	case okta.IsNotFound(err):
		it.state = gone
	case okta.IsUncertain(err):
		it.state, it.err = uncertain, err
	case ctx.Err() == nil:
		it.state, it.err = failed, err
	}
	r.halt.consider(err)
}

// landedEarlier reports whether a 404 answers the repetition of a DELETE that
// may have taken effect the first time.
func landedEarlier(err error) bool {
	e, ok := errors.AsType[*okta.Error](err)
	return ok && e.MayHaveLanded
}

// proveGone makes sure that tokens which were not there are gone, rather than
// looked for at a parent that does not exist.
func (r *run) proveGone(ctx context.Context, b *batch) {
	if !b.anyIn(gone) {
		return
	}
	if err := r.prove(ctx, b); err != nil {
		b.move(failed, err, gone)
	}
}

// bulkAttempts is how often a DELETE of all tokens is tried whose outcome is not
// known.
const bulkAttempts = 4

// revokeAll revokes every token of a batch's parent in one request, even when
// none was listed: Okta's lists have been short before, and "all" is what was
// asked for.
//
// When the outcome is not known, the tokens are listed before the request is
// repeated: if it took effect, a repetition would only hit tokens issued since.
func (r *run) revokeAll(ctx context.Context, b *batch) {
	b.due = false
	for attempt := 1; ; attempt++ {
		b.add(b.appeared) // a repeated request hits what has appeared since the first
		b.appeared = nil
		b.err = r.Client.RevokeAllRefreshTokens(ctx, b.parent)
		switch {
		case b.err == nil:
			b.proven = true
			b.move(confirmed, nil, pending)
			return
		case okta.IsNotFound(b.err) && b.enumerated:
			b.err = nil
			b.move(gone, nil, pending)
			return
		case !okta.IsUncertain(b.err):
			if ctx.Err() == nil {
				b.move(failed, b.err, pending)
			}
			r.halt.consider(b.err)
			return
		}
		b.move(uncertain, b.err, pending)
		if attempt == bulkAttempts || ctx.Err() != nil {
			return
		}
		if left, err := r.verifyAll(ctx, b); err != nil || !left {
			return
		}
		if pause(ctx, attempt) != nil {
			return
		}
		b.move(pending, nil, failed)
	}
}

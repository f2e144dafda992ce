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
				each(func() {
					r.revokeOne(ctx, b.parent, it)
					r.tell(0, it)
				})
			}
		}
	}
	_ = group.Wait() // the errors are in the items
	for _, b := range r.batches {
		b.proven = b.proven || b.anyIn(confirmed)
		r.proveGone(ctx, b)
	}
}

// revokeOne revokes one token.
func (r *run) revokeOne(ctx context.Context, parent okta.Parent, it *item) {
	err := r.Client.RevokeRefreshToken(ctx, parent, it.token.ID)
	switch {
	case err == nil, okta.IsNotFound(err) && it.seen && landedEarlier(err):
		it.confirm()
	case okta.IsNotFound(err):
		it.vanish()
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
	if b.enumerated || !b.anyIn(gone) {
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
// asked for. But where a guard is set, a DELETE of all tokens could only hit what
// the guard has not seen.
//
// When the outcome is not known, the tokens are listed before the request is
// repeated: if it took effect, a repetition would only hit tokens issued since.
func (r *run) revokeAll(ctx context.Context, b *batch) {
	b.due = false
	if b.listed && len(b.items) == 0 && r.guarded() {
		return
	}
	for attempt := 1; ; attempt++ {
		if b.err = r.takeIn(b); b.err != nil {
			b.move(failed, b.err, pending)
			return
		}
		b.err = r.Client.RevokeAllRefreshTokens(ctx, b.parent)
		b.sent = b.sent || b.err == nil || okta.IsUncertain(b.err)
		switch {
		case b.err == nil:
			b.proven, b.took = true, true
			b.each(pending, (*item).confirm)
			r.tellAll(b)
			return
		case okta.IsNotFound(b.err) && b.enumerated:
			b.err = nil
			b.each(pending, (*item).vanish)
			r.tellAll(b)
			return
		case !okta.IsUncertain(b.err):
			if ctx.Err() == nil {
				b.move(failed, b.err, pending)
			}
			r.halt.consider(b.err)
			return
		}
		b.move(uncertain, b.err, pending)
		left, err := r.verifyAll(ctx, b)
		switch {
		case err != nil:
			r.halt.consider(err)
			return
		case !left:
			r.tellAll(b)
			return
		case attempt == bulkAttempts:
			r.halt.consider(b.err)
			return
		case pause(ctx, attempt) != nil:
			return
		}
		b.move(pending, nil, failed)
	}
}

// takeIn makes what has appeared since the first DELETE of all tokens a part of
// the selection, because a repetition hits it too, unless a guard forbids that.
func (r *run) takeIn(b *batch) error {
	if len(b.appeared) == 0 {
		return nil
	}
	err := r.Protected.checkTokens(b.appeared)
	if err == nil {
		err = tooMany(r.req.MaxTokens, r.selected.Add(int64(len(b.appeared))))
	}
	if err != nil {
		// Not wrapped: the guards' errors say that nothing was revoked.
		return errors.New("not revoking the tokens that were issued meanwhile: " + err.Error())
	}
	b.add(b.appeared)
	b.appeared = nil
	return nil
}

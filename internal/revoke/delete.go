package revoke

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// maxFailures is how many tokens may fail, each after all its retries, before the run
// stops.
const maxFailures = 10

// halt stops a run early when the next token would probably fail too. Okta counts refused
// requests against the rate limit, and more requests do not end an outage.
type halt struct {
	mu       sync.Mutex
	failures int
	err      error
}

// consider records how a DELETE ended. After an odd success, the next look shows whether
// it took effect.
func (h *halt) consider(err error) {
	if err == nil || okta.IsNotFound(err) || okta.IsOddSuccess(err) {
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

// reason returns why the run stops, or nil.
func (h *halt) reason() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.err
}

// revokePending sends the DELETEs that are pending, side by side.
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
		if b.bulk == bulkDue {
			each(func() { r.revokeAll(ctx, b) })
			continue
		}
		for _, it := range b.items {
			if it.state == pending {
				each(func() {
					r.revokeOne(ctx, b.parent.Parent, it)
					r.tell(0, it)
				})
			}
		}
	}
	_ = group.Wait() // the errors are in the items
}

// revokeOne revokes one token.
func (r *run) revokeOne(ctx context.Context, parent okta.Parent, it *item) {
	err := r.Client.RevokeRefreshToken(ctx, parent, it.token.ID)
	switch {
	case err == nil:
		it.confirm()
	case okta.IsNotFound(err) && landedEarlier(err):
		it.notFoundAgain()
	case okta.IsNotFound(err):
		it.notFound()
	case okta.IsUncertain(err):
		it.leaveOpen(err)
	case ctx.Err() == nil:
		it.fail(err)
	}
	r.halt.consider(err)
}

// landedEarlier reports whether a 404 is the response to a repeated DELETE that may have
// taken effect the first time.
func landedEarlier(err error) bool {
	e, ok := errors.AsType[*okta.Error](err)
	return ok && e.MayHaveLanded
}

// bulkAttempts is how often a bulk DELETE is sent while its outcome is not known.
const bulkAttempts = 4

// revokeAll revokes every token of a batch's parent in one request, even if none was
// listed: Okta's lists have been short before, and the request says "all". But with a
// guard, an empty list leaves only tokens that the guard has not seen, and nothing is
// sent.
//
// If the outcome is not known, the tokens are listed before the DELETE is repeated. It is
// not repeated if it would take tokens issued since the run began.
func (r *run) revokeAll(ctx context.Context, b *batch) {
	if b.listed && len(b.items) == 0 && r.guarded() {
		b.bulk = bulkNone
		return
	}
	for attempt := 1; ; attempt++ {
		if r.sendBulk(ctx, b); b.bulk != bulkOpen {
			return
		}
		sent := b.err
		if err := r.lookAgain(ctx, b); err != nil || b.missing != nil {
			r.halt.consider(err)
			return
		}
		switch {
		case b.bulk == bulkDone:
			r.tellAll(b)
			return
		case okta.IsOddSuccess(sent): // not Okta's response, and no effect
			b.refuseBulk(sent)
			return
		case b.barsBulk():
			b.stopBulk()
			return
		case attempt == bulkAttempts:
			r.halt.consider(sent)
			return
		case pause(ctx, attempt) != nil:
			return
		}
		b.repeatBulk()
	}
}

// sendBulk sends one bulk DELETE.
func (r *run) sendBulk(ctx context.Context, b *batch) {
	err := r.Client.RevokeAllRefreshTokens(ctx, b.parent.Parent)
	if err != nil && ctx.Err() != nil && !okta.IsUncertain(err) && !okta.IsNotFound(err) {
		b.err = err // nothing was sent: it is still due
		r.halt.consider(err)
		return
	}
	b.answerBulk(err)
	switch b.bulk {
	case bulkDone, bulkNone:
		r.tellAll(b)
	case bulkRefused:
		r.halt.consider(err)
	case bulkDue, bulkOpen:
	}
}

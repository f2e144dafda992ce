package revoke

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// Engine revokes through one client, under one set of protections. It is safe
// for use by many goroutines.
type Engine struct {
	Client    *okta.Client
	Protected Protected
}

// Find lists the tokens that a request selects and that are alive, oldest
// first. It changes nothing and checks no guard.
func (e *Engine) Find(ctx context.Context, req Request) ([]okta.RefreshToken, error) {
	if err := req.validate(); err != nil {
		return nil, err
	}
	batches, err := e.find(ctx, req, true)
	if err != nil {
		return nil, err
	}
	for _, b := range batches {
		if err := e.prove(ctx, b); err != nil {
			return nil, err
		}
		b.dropUnseen()
	}
	return tokens(batches), nil
}

// Check holds tokens that were found, and what the request names, against the
// guards, without sending anything.
func (e *Engine) Check(req Request, found []okta.RefreshToken) error {
	if err := e.checkRequest(req); err != nil {
		return err
	}
	b := &batch{}
	b.add(found)
	return e.check(req, []*batch{b})
}

// Revoke carries out a request: it finds what is selected, checks the guards,
// revokes, and lists again until nothing selected is left.
//
// An error that is not an [*IncompleteError] came before anything was revoked.
// The outcome tells the truth in every case.
func (e *Engine) Revoke(ctx context.Context, req Request) (Outcome, error) {
	if err := e.checkRequest(req); err != nil {
		return Outcome{}, err
	}
	batches, err := e.find(ctx, req, e.mustRead(req))
	if err != nil {
		return Outcome{}, err
	}
	if err := e.check(req, batches); err != nil {
		return Outcome{}, err
	}
	if !req.allOfUser() {
		if err := e.checkSessions(ctx, req); err != nil {
			return Outcome{}, err
		}
	}
	r := &run{Engine: e, req: req, batches: batches, began: time.Now()}
	r.selected.Store(count(batches))
	r.begin()
	r.work(ctx)
	r.tellRest()
	return r.outcome(ctx)
}

// mustRead reports whether tokens have to be read before they are revoked.
func (e *Engine) mustRead(req Request) bool {
	if !e.Protected.empty() || req.Evidence == FullEvidence {
		return true
	}
	return req.Selection.all && (req.MaxTokens != nil || req.Evidence == IDEvidence)
}

// prove makes sure that a batch's parent exists, which nothing has shown yet. What
// the answer shows besides costs nothing more.
func (e *Engine) prove(ctx context.Context, b *batch) error {
	if b.proven {
		return nil
	}
	for page, err := range e.Client.RefreshTokenPages(ctx, b.parent) {
		if err != nil {
			return err
		}
		b.revive(page.Items)
		break
	}
	b.proven = true
	return nil
}

func (b *batch) dropUnseen() {
	b.items = slices.DeleteFunc(b.items, func(it *item) bool { return !it.seen })
}

// run is one revocation under way.
type run struct {
	*Engine
	req     Request
	batches []*batch
	began   time.Time // by this machine's clock

	selected atomic.Int64 // tokens in batches

	sessionsEnded bool
	sessionsErr   error
	verifyErr     error // why it is not verified what became of the tokens
	halt          halt
	watch         watch
}

// work revokes and verifies, in rounds, until nothing is pending. A second round
// is for tokens that are still listed though Okta confirmed the first.
func (r *run) work(ctx context.Context) {
	for round := 1; ; round++ {
		r.revokePending(ctx)
		if r.verifyErr = r.stopped(ctx); r.verifyErr != nil {
			return
		}
		if r.req.EndSessions && !r.sessionsEnded && !r.misdirected() {
			r.sessionsErr = r.Client.EndSessions(ctx, r.req.userID())
			r.sessionsEnded = r.sessionsErr == nil
		}
		if r.verifyErr = r.verify(ctx); r.verifyErr != nil || !r.anyPending() {
			return
		}
		if pause(ctx, round) != nil {
			r.verifyErr = errStillListed
			return
		}
	}
}

// errStillListed is why a run ends whose time is up.
var errStillListed = errors.New("Okta says that they are revoked or gone, and still lists the tokens")

// stopped says why nothing more should be sent, or nil.
func (r *run) stopped(ctx context.Context) error {
	if err := r.halt.reason(); err != nil {
		return err
	}
	return context.Cause(ctx)
}

// misdirected reports whether the selection names a parent that does not exist. Who
// asked for that has not asked for all of the user's tokens.
func (r *run) misdirected() bool {
	return slices.ContainsFunc(r.batches, func(b *batch) bool {
		return okta.IsNotFound(b.err) || slices.ContainsFunc(b.items, func(it *item) bool { return okta.IsNotFound(it.err) })
	})
}

func (r *run) anyPending() bool {
	return slices.ContainsFunc(r.batches, func(b *batch) bool { return b.anyIn(pending) })
}

// maxPause bounds the wait between two looks at the same tokens.
const maxPause = 30 * time.Second

// pause waits before a round is repeated: one second, then twice as long each
// time. It returns why the context ended first.
func pause(ctx context.Context, round int) error {
	wait := min(time.Second<<min(round-1, 10), maxPause)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

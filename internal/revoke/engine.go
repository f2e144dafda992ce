package revoke

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
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
		b.dropUnseen()
	}
	return tokens(batches), nil
}

// FindAgain is Find for a request that was carried out before. Where its parent was
// deleted since, there are no tokens.
func (e *Engine) FindAgain(ctx context.Context, req Request) ([]okta.RefreshToken, error) {
	found, err := e.Find(ctx, req)
	if okta.IsNotFound(err) {
		err = req.Target.ConfirmGone(ctx, e.Client, err)
	}
	return found, err
}

// Check holds tokens that were found, and what the request names, against the
// guards, without sending anything.
func (e *Engine) Check(req Request, found []okta.RefreshToken) error {
	if err := e.checkRequest(req); err != nil {
		return err
	}
	b := &batch{parent: walk.Parent{Parent: req.Target.Parent()}}
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
	began, refused := time.Now(), e.Client.RefusedClock()
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
	r := &run{Engine: e, req: req, batches: batches, began: began, refused: refused}
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

// run is one revocation under way.
type run struct {
	*Engine
	req     Request
	batches []*batch
	began   time.Time // by this machine's clock
	refused time.Time // the time that was not believed before the run

	selected atomic.Int64 // tokens in batches

	sessionsAsked bool // whether the request to end them was sent
	sessionsEnded bool
	sessionsErr   error
	verifyErr     error    // why it is not verified what became of the tokens
	open          []string // IDs that the last round left open, sorted
	unchanged     int      // rounds since they last changed
	halt          halt
	watch         watch
}

// work revokes and verifies, in rounds, until nothing is open. A second round is
// for tokens that are still listed though Okta confirmed the first.
func (r *run) work(ctx context.Context) {
	for round := 1; ; round++ {
		r.revokePending(ctx)
		if r.verifyErr = r.stopped(ctx); r.verifyErr != nil {
			return
		}
		if r.verifyErr = r.endSessions(ctx); r.verifyErr != nil {
			return
		}
		if r.verifyErr = r.verify(ctx); r.verifyErr != nil {
			return
		}
		switch open := r.openIDs(); {
		case len(open) == 0:
			return
		case r.givesUp(open), pause(ctx, round) != nil:
			r.verifyErr = r.stillListed()
			return
		}
	}
}

// endSessions ends the user's sessions, once, if that is asked for. Who names a
// parent that does not exist has not asked for all of the user's tokens.
func (r *run) endSessions(ctx context.Context) error {
	if !r.req.EndSessions || r.sessionsAsked {
		return nil
	}
	if err := r.settleMissing(ctx); err != nil {
		return err
	}
	if r.misdirected() {
		return nil
	}
	r.sessionsAsked = true
	r.sessionsErr = r.Client.EndSessions(ctx, r.req.Target.UserID())
	r.sessionsEnded = r.sessionsErr == nil
	return nil
}

// settleMissing looks again where Okta answered 404 for a token of a parent that
// nothing has shown to exist.
func (r *run) settleMissing(ctx context.Context) error {
	for _, b := range r.batches {
		if b.parent.Listed || !b.anyIn(missing) {
			continue
		}
		if err := r.lookAgain(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// misdirected reports whether Okta says that a parent does not exist.
func (r *run) misdirected() bool {
	return slices.ContainsFunc(r.batches, func(b *batch) bool { return okta.IsNotFound(b.err) })
}

// openIDs are the IDs of the tokens that are not settled, sorted.
func (r *run) openIDs() []string {
	var open []string
	for _, b := range r.batches {
		open = append(open, b.idsIn(pending, lagging)...)
	}
	slices.Sort(open)
	return open
}

// maxUnchanged is how many rounds may leave the same tokens open. With the pauses
// between them, that is about a minute.
const maxUnchanged = 6

// givesUp reports whether the same tokens have been open for too many rounds.
func (r *run) givesUp(open []string) bool {
	if r.unchanged++; !slices.Equal(open, r.open) {
		r.unchanged = 0
	}
	r.open = open
	return r.unchanged == maxUnchanged
}

// stopped says why nothing more should be sent, or nil.
func (r *run) stopped(ctx context.Context) error {
	if err := r.halt.reason(); err != nil {
		return err
	}
	return context.Cause(ctx)
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

package revoke

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// Engine revokes through one client, and never what is protected. It is safe for use
// by many goroutines.
type Engine struct {
	Client    *okta.Client
	Protected Protected
}

// Find returns the tokens that a request selects and that are alive, oldest first. It
// changes nothing and checks no guard.
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

// Check checks the guards for a request and the tokens that it found. It sends
// nothing.
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
// An error that is not an [*IncompleteError] came before anything was revoked. The
// outcome is true either way.
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
		seen, err := e.checkSessions(ctx, req)
		if err == nil {
			err = e.addSeen(req, batches, seen)
		}
		if err != nil {
			return Outcome{}, err
		}
	}
	r := &run{Engine: e, req: req, batches: batches, began: began, refused: refused}
	r.selected.Store(count(batches))
	r.begin()
	r.work(ctx)
	r.lookLast(ctx)
	r.tellRest()
	return r.outcome(ctx)
}

// mustRead reports whether tokens must be read before they are revoked.
func (e *Engine) mustRead(req Request) bool {
	if !e.Protected.empty() || req.Evidence == FullEvidence {
		return true
	}
	return req.Selection.all && (req.MaxTokens != nil || req.Evidence == IDEvidence)
}

// run is a revocation in progress.
type run struct {
	*Engine
	req     Request
	batches []*batch
	began   time.Time // by this machine's clock
	refused time.Time // Okta's last unbelieved time before the run

	selected      atomic.Int64 // tokens in batches, without those that max_tokens refuses
	refusedTokens atomic.Int64 // that max_tokens refuses

	sessionsAsked bool // whether the request to end them was sent
	sessionsEnded bool
	sessionsErr   error
	verifyErr     error    // why the result could not be verified
	open          []string // IDs that the last round did not settle, sorted
	unchanged     int      // rounds since open changed
	halt          halt
	watch         watch
}

// work revokes and verifies, in rounds, until every token is settled. A second round
// is for tokens that are still listed after Okta confirmed the first.
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

// endSessions ends the user's sessions, once, if the request says so. If the parent does
// not exist, the request may be a mistake, and the sessions are left alone.
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

// settleMissing looks again where Okta answered 404 for a token and nothing has shown
// that its parent exists.
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

// openIDs returns the IDs of the tokens that are not settled, sorted.
func (r *run) openIDs() []string {
	var open []string
	for _, b := range r.batches {
		open = append(open, b.idsIn(pending, lagging)...)
	}
	slices.Sort(open)
	return open
}

// maxUnchanged is how many rounds may leave the same tokens open. With their pauses,
// these take about a minute.
const maxUnchanged = 6

// givesUp reports whether the same tokens have been open for too many rounds.
func (r *run) givesUp(open []string) bool {
	if r.unchanged++; !slices.Equal(open, r.open) {
		r.unchanged = 0
	}
	r.open = open
	return r.unchanged == maxUnchanged
}

// stopped returns why nothing more should be sent, or nil.
func (r *run) stopped(ctx context.Context) error {
	if err := r.halt.reason(); err != nil {
		return err
	}
	return context.Cause(ctx)
}

// maxPause is the longest pause between two rounds.
const maxPause = 30 * time.Second

// pause waits before the next round: one second, then twice as long each time. It
// returns an error if the context ends first.
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

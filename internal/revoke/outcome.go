package revoke

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// Outcome is what a revocation did. The zero Outcome is that of one that did not
// begin.
type Outcome struct {
	// Revoked are the tokens that were revoked, oldest first, as they were just
	// before. A token that was not read has its ID only.
	Revoked []okta.RefreshToken
	// Count is how many tokens were revoked, or nil when that is not known: all
	// tokens of a parent were, or may have been, and nobody listed them first.
	Count *int64
	// Uncounted tells that Okta confirmed to have revoked tokens that nobody listed
	// first.
	Uncounted bool
	// Gone are the IDs of the selected tokens that were not there any more, sorted, and
	// AlreadyGone is how many they are.
	Gone        []string
	AlreadyGone int64
	// Left are the IDs of selected tokens that are alive, or may be. Sorted.
	Left []string
	// LeftAt are the parents whose tokens nobody listed, and of which all are alive,
	// or may be.
	LeftAt []okta.Parent
	// Appeared are the tokens that were issued while others were revoked, and
	// are alive. Sorted by age.
	Appeared []okta.RefreshToken
	// SessionsEnded tells that the user's sessions were ended, SessionsUncertain that
	// they may have been.
	SessionsEnded, SessionsUncertain bool
	// At is when the run ended, by Okta's clock, which tells whole seconds.
	At time.Time
}

// Acted reports whether the run changed anything in Okta, as far as is known.
func (o Outcome) Acted() bool {
	return len(o.Revoked) > 0 || o.Uncounted || o.SessionsEnded
}

// IncompleteError says that a run did not get to its end. Its outcome tells how
// far it got.
type IncompleteError struct {
	Outcome Outcome
	// Interrupted tells that the run was cancelled or out of time.
	Interrupted bool
	// Unverified tells that Okta confirmed what was revoked, but could not be
	// asked again.
	Unverified bool
	// Err is the first thing that failed.
	Err error
}

func (e *IncompleteError) Error() string {
	return fmt.Sprintf("revoked %d refresh tokens, %d are left: %s", len(e.Outcome.Revoked), len(e.Outcome.Left), e.Err)
}

// Unwrap is the first thing that failed.
func (e *IncompleteError) Unwrap() error { return e.Err }

// outcome sums the run up.
func (r *run) outcome(ctx context.Context) (Outcome, error) {
	out := Outcome{
		SessionsEnded: r.sessionsEnded, SessionsUncertain: okta.IsUncertain(r.sessionsErr),
		At: r.Client.Now().Truncate(time.Second),
	}
	var errs []error
	known := true
	for _, b := range r.batches {
		for _, it := range b.items {
			switch it.state {
			case confirmed:
				out.Revoked = append(out.Revoked, it.token)
			case gone:
				out.Gone = append(out.Gone, it.token.ID)
			default:
				out.Left = append(out.Left, it.token.ID)
				errs = append(errs, it.err)
			}
		}
		if !b.listed {
			known = known && !b.sent
			out.Uncounted = out.Uncounted || b.took
		}
		if r.req.Selection.all && !b.listed && len(b.items) == 0 && (b.due || b.err != nil) {
			out.LeftAt = append(out.LeftAt, b.parent)
		}
		out.Appeared = append(out.Appeared, b.appeared...)
		errs = append(errs, b.err)
	}
	out.Gone = append(out.Gone, r.notFound()...)
	out.AlreadyGone = int64(len(out.Gone))
	if known {
		count := int64(len(out.Revoked))
		out.Count = &count
	}
	slices.SortFunc(out.Revoked, okta.RefreshToken.Compare)
	slices.SortFunc(out.Appeared, okta.RefreshToken.Compare)
	slices.Sort(out.Left)
	slices.Sort(out.Gone)
	return out, r.incomplete(ctx, out, append(errs, r.sessionsErr, r.verifyErr))
}

// notFound are the named tokens that were looked for at every client of a holder
// and found at none.
func (r *run) notFound() []string {
	if !r.req.Selection.Named() || !r.req.Target.every {
		return nil
	}
	missing := okta.NewSet(r.req.Selection.ids...)
	for _, b := range r.batches {
		for _, it := range b.items {
			delete(missing, it.token.ID)
		}
	}
	return slices.Collect(maps.Keys(missing))
}

// incomplete is nil when nothing failed and nothing is left. Its reason is the first
// thing that failed, but for requests that failed because the run was ended.
func (r *run) incomplete(ctx context.Context, out Outcome, errs []error) error {
	err := context.Cause(ctx)
	interrupted := err != nil
	for _, e := range errs {
		ended := interrupted && (errors.Is(e, context.Canceled) || errors.Is(e, context.DeadlineExceeded))
		if e != nil && !ended {
			err = e
			break
		}
	}
	if len(out.Left) == 0 && !slices.ContainsFunc(errs, func(err error) bool { return err != nil }) {
		return nil
	}
	return &IncompleteError{
		Outcome:     out,
		Interrupted: interrupted,
		Unverified:  r.verifyErr != nil && len(out.Left) == 0 && !r.anyOpen(),
		Err:         err,
	}
}

// anyOpen reports whether a DELETE of all tokens is still to be sent, or failed.
func (r *run) anyOpen() bool {
	return r.req.Selection.all && slices.ContainsFunc(r.batches, func(b *batch) bool { return b.due || b.err != nil })
}

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

// Outcome is what a revocation did. The zero Outcome is that of a revocation that did
// not start.
type Outcome struct {
	// Revoked are the tokens that were revoked, oldest first, as they were just
	// before. A token that was not read has only its ID.
	Revoked []okta.RefreshToken
	// Count is how many tokens were revoked. It is nil if that is not known: a bulk
	// DELETE took, or may have taken, tokens that were not listed first.
	Count *int64
	// Uncounted says that Okta confirmed a bulk DELETE of tokens that were not listed
	// first.
	Uncounted bool
	// Gone are the IDs of the selected tokens that no longer existed, sorted. There are
	// AlreadyGone of them.
	Gone        []string
	AlreadyGone int64
	// StillListed are the IDs of tokens in Revoked that Okta still lists after it
	// confirmed their DELETEs. Sorted.
	StillListed []string
	// Left are the IDs of selected tokens that are alive, or may be. Sorted.
	Left []string
	// LeftAt are the parents whose tokens were not listed, and all of whose tokens are
	// alive, or may be.
	LeftAt []okta.Parent
	// Unanswered and UnansweredAt are those of Left and LeftAt for which a DELETE was
	// sent, and no answer and no look says what it did. Unanswered is sorted.
	Unanswered   []string
	UnansweredAt []okta.Parent
	// Unsettled are the tokens in Left that this run may have revoked all the same, with
	// what is known of them. The Request of the next run needs them to say so.
	Unsettled []okta.RefreshToken
	// Appeared are the tokens that were issued during the run and are alive. Oldest
	// first.
	Appeared []okta.RefreshToken
	// SessionsEnded says that the user's sessions were ended, SessionsUncertain that
	// they may have been.
	SessionsEnded, SessionsUncertain bool
	// RefusedClock is a time that Okta gave during the run and that was not believed;
	// see [okta.Client.RefusedClock]. It is zero if there was none.
	RefusedClock time.Time
	// At is when the run ended, by Okta's clock, to the second.
	At time.Time
}

// Acted reports whether the run is known to have changed anything in Okta.
func (o Outcome) Acted() bool {
	return len(o.Revoked) > 0 || o.Uncounted || o.SessionsEnded
}

// MayHaveActed reports whether the run changed anything in Okta, or may have.
func (o Outcome) MayHaveActed() bool {
	return o.Acted() || len(o.Unanswered) > 0 || len(o.UnansweredAt) > 0 || len(o.Unsettled) > 0
}

// IncompleteError is returned by a run that did not finish. Its outcome says how far it
// got.
type IncompleteError struct {
	Outcome Outcome
	// Interrupted says that the run was cancelled or out of time.
	Interrupted bool
	// Unverified says that Okta confirmed every DELETE, but could not be asked again.
	Unverified bool
	// Err is the first thing that failed.
	Err error
}

func (e *IncompleteError) Error() string {
	return fmt.Sprintf("revoked %d refresh tokens, %d are left: %s", len(e.Outcome.Revoked), len(e.Outcome.Left), e.Err)
}

// Unwrap returns the first thing that failed.
func (e *IncompleteError) Unwrap() error { return e.Err }

// outcome sums up the run.
func (r *run) outcome(ctx context.Context) (Outcome, error) {
	out := Outcome{
		SessionsEnded: r.sessionsEnded, SessionsUncertain: okta.IsUncertain(r.sessionsErr),
		At: r.Client.Now().Truncate(time.Second),
	}
	if refused := r.Client.RefusedClock(); !refused.Equal(r.refused) {
		out.RefusedClock = refused
	}
	errs := r.addTokens(&out)
	known := true
	for _, b := range r.batches {
		if !b.listed {
			known = known && !b.bulkSent
			out.Uncounted = out.Uncounted || b.bulk == bulkDone && !b.doubted
		}
		if !b.listed && len(b.items) == 0 && b.bulkOpen() {
			out.LeftAt = append(out.LeftAt, b.parent.Parent)
			if b.unanswered {
				out.UnansweredAt = append(out.UnansweredAt, b.parent.Parent)
			}
		}
		out.Appeared = append(out.Appeared, b.appeared...)
		errs = append(errs, b.err)
	}
	if known {
		count := int64(len(out.Revoked))
		out.Count = &count
	}
	slices.SortFunc(out.Revoked, okta.RefreshToken.Compare)
	slices.SortFunc(out.Appeared, okta.RefreshToken.Compare)
	slices.Sort(out.Left)
	slices.Sort(out.StillListed)
	slices.Sort(out.Unanswered)
	return out, r.incomplete(ctx, out, append(errs, r.sessionsErr, r.verifyErr))
}

// addTokens adds the result for each selected token, and returns the errors. A token that
// two parents list counts once.
func (r *run) addTokens(out *Outcome) []error {
	var errs []error
	counted, already := okta.Set{}, okta.Set{}
	once := func(id string) bool {
		again := counted.Has(id)
		counted.Add(id)
		return !again
	}
	unsettled := r.unsettled()
	for _, it := range r.items() {
		if token, ours := it.claim(unsettled); ours && once(token.ID) {
			out.Revoked = append(out.Revoked, token)
			if it.state == lagging || it.state == pending {
				out.StillListed = append(out.StillListed, it.token.ID)
			}
		}
	}
	for _, it := range r.items() {
		switch _, ours := it.claim(unsettled); {
		case ours:
		case it.state == gone:
			already.Add(it.token.ID)
		default:
			if once(it.token.ID) {
				out.addLeft(it, unsettled)
			}
			errs = append(errs, it.err)
		}
	}
	r.addUnsettled(out, once)
	for _, id := range r.notFound() {
		already.Add(id)
	}
	for id := range counted {
		delete(already, id)
	}
	out.Gone = slices.Sorted(maps.Keys(already))
	out.AlreadyGone = int64(len(out.Gone))
	return errs
}

// items returns the selected tokens of all parents.
func (r *run) items() []*item {
	var items []*item
	for _, b := range r.batches {
		items = append(items, b.items...)
	}
	return items
}

// notFound returns the IDs of the named tokens that no client of the holder has.
func (r *run) notFound() []string {
	if !r.req.Selection.Named() || !r.req.Target.EveryClient() {
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

// incomplete returns an [*IncompleteError], or nil if nothing failed and nothing is left.
// Its reason is the first thing that failed, except requests that failed because the
// run was ended.
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
	open := slices.ContainsFunc(r.batches, func(b *batch) bool { return b.bulkOpen() || b.err != nil })
	if bound, ok := errors.AsType[*TooManyError](err); ok {
		bound.Found = r.selected.Load() + r.refusedTokens.Load() // by now, all are counted
	}
	return &IncompleteError{
		Outcome:     out,
		Interrupted: interrupted,
		Unverified:  r.verifyErr != nil && len(out.Left) == 0 && len(out.StillListed) == 0 && !open,
		Err:         err,
	}
}

// StillListedError is returned when Okta lists tokens that it says are revoked or gone.
type StillListedError struct {
	IDs     []string // sorted
	Expired []string // those that have expired by Okta's clock
}

func (e *StillListedError) Error() string {
	text := "Okta says that the refresh tokens are revoked or gone, and still lists them"
	switch {
	case len(e.Expired) == 0:
	case len(e.Expired) == len(e.IDs):
		text += "; they have expired"
	default:
		text += fmt.Sprintf("; %d of the %d have expired", len(e.Expired), len(e.IDs))
	}
	return text
}

// stillListed returns why the run ends with tokens that are not settled.
func (r *run) stillListed() error {
	e := &StillListedError{}
	for _, it := range r.items() {
		if it.state != pending && it.state != lagging {
			continue
		}
		e.IDs = append(e.IDs, it.token.ID)
		if expiry := it.token.ExpiresAt; !expiry.IsZero() && expiry.Before(r.Client.Now()) {
			e.Expired = append(e.Expired, it.token.ID)
		}
	}
	slices.Sort(e.IDs)
	slices.Sort(e.Expired)
	return e
}

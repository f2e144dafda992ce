package inventory

import (
	"context"
	"maps"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// Take takes an inventory. Its error is a [*Failure], which wraps the client's
// error, or why ctx ended.
//
// Where every authorization server is walked, it costs a request for their list,
// one for the clients of each, and one for every 200 tokens of each client. What
// is deleted meanwhile costs one more.
func Take(ctx context.Context, client *okta.Client, req Request) (Inventory, error) {
	c := &census{client: client, req: req, counted: okta.Set{}}
	phases, err := c.discover(ctx)
	if err != nil {
		return Inventory{}, err
	}
	c.sums = newSums(req, len(phases) > 1 || len(req.UserIDs) > 1 || len(req.AppIDs) > 1)
	for i, lists := range phases {
		c.remembers = i < len(phases)-1
		if err := each(ctx, client, lists, c.walk); err != nil {
			return Inventory{}, err
		}
		c.remember()
	}
	return c.sums.inventory(c.failures), nil
}

// census is one inventory under way.
type census struct {
	client *okta.Client
	req    Request
	// counted are the tokens that earlier phases counted. It does not change while
	// a phase is under way.
	counted okta.Set
	// remembers tells that another phase follows, which has to know.
	remembers bool

	mu       sync.Mutex
	sums     *sums
	ids      []okta.Set // of the tokens that this phase counted, if it remembers
	failures []*Failure
	streak   int   // failures since the last list that was read
	hopeless error // why nothing more is asked for
}

// each calls do for every item, for as many at a time as the client has requests
// in flight. The first error ends the others.
func each[T any](ctx context.Context, client *okta.Client, items []T, do func(context.Context, T) error) error {
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(client.Parallelism())
	for _, item := range items {
		group.Go(func() error {
			if err := context.Cause(groupCtx); err != nil {
				return err
			}
			return do(groupCtx, item)
		})
	}
	return group.Wait()
}

// walk reads a list of tokens to its end and adds it to the sums.
func (c *census) walk(ctx context.Context, l tokenList) error {
	t := newTally(c.req, l, c.counted)
	if err := c.given(); err != nil {
		return c.fail(ctx, &Failure{Parent: l.parent, Err: err})
	}
	err := t.read(ctx, c.client)
	if err == nil {
		c.add(t)
		return nil
	}
	if l.enumerated && okta.IsNotFound(err) {
		if err = c.clientIsGone(ctx, l, err); err == nil {
			return nil
		}
	}
	return c.fail(ctx, &Failure{Parent: l.parent, TokensSeen: t.seen, Err: err})
}

// add adds a list of tokens that was read to its end to the sums.
func (c *census) add(t *tally) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.streak = 0
	c.sums.add(t)
	if c.remembers {
		c.ids = append(c.ids, t.ids)
	}
}

// remember makes what this phase counted known to the next.
func (c *census) remember() {
	for _, ids := range c.ids {
		maps.Copy(c.counted, ids)
	}
	c.ids = nil
}

// maxStreak is how many places in a row may fail before the rest is not asked
// for: what fails for one after the other fails for the next, and an org counts
// every request, refused or not. That a place does not exist says nothing about
// the next, and neither adds to a row of failures nor ends it.
const maxStreak = 10

// endStreak takes in that a list was read.
func (c *census) endStreak() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.streak = 0
}

// given is why nothing more is asked for, or nil.
func (c *census) given() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.hopeless
}

// fail takes in that a place could not be read. It returns the error of the whole
// inventory, or nil to go on.
func (c *census) fail(ctx context.Context, failure *Failure) error {
	if !c.req.Continue || ctx.Err() != nil {
		return failure
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failures = append(c.failures, failure)
	if c.hopeless != nil || okta.IsNotFound(failure.Err) {
		return nil
	}
	if c.streak++; c.streak == maxStreak {
		c.hopeless = &notAskedError{failure.Err}
	}
	return nil
}

// notAskedError is why a place was not asked for.
type notAskedError struct{ last error }

func (e *notAskedError) Error() string {
	return "not asked for, because the places before could not be read one after the other; the last for this reason: " + e.last.Error()
}

func (e *notAskedError) Unwrap() error { return e.last }

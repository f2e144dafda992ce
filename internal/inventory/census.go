package inventory

import (
	"context"
	"fmt"
	"maps"
	"sync"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// Take takes an inventory. Its error is a [*Failure], which wraps the client's
// error, or the reason why ctx ended.
//
// For every authorization server, it costs one request to list them, one for the
// clients of each, and one for every 200 tokens of each client. Anything deleted
// meanwhile costs one more.
func Take(ctx context.Context, client *okta.Client, req Request) (Inventory, error) {
	c := &census{client: client, req: req, counted: okta.Set{}}
	phases, err := c.discover(ctx)
	if err != nil {
		return Inventory{}, err
	}
	c.sums = newSums(req, len(phases) > 1 || len(req.UserIDs) > 1 || len(req.AppIDs) > 1)
	for i, parents := range phases {
		c.remembers = i < len(phases)-1
		if err := walk.Each(ctx, client, parents, c.sumUp); err != nil {
			return Inventory{}, err
		}
		c.remember()
	}
	return c.sums.inventory(c.failures), nil
}

// census is an inventory in progress.
type census struct {
	client *okta.Client
	req    Request
	// counted are the tokens that earlier phases counted. It does not change during
	// a phase.
	counted okta.Set
	// remembers is set if another phase follows, which needs to know what this one
	// counted.
	remembers bool

	mu       sync.Mutex
	sums     *sums
	ids      []okta.Set // IDs of the tokens that this phase counted, if it remembers
	failures []*Failure
	streak   int   // failures since the last list that was read
	skipping error // why the remaining lists are skipped, or nil
}

// sumUp reads a parent's list of tokens to its end and adds it to the sums.
func (c *census) sumUp(ctx context.Context, parent walk.Parent) error {
	if err := c.skip(); err != nil {
		return c.fail(ctx, &Failure{Parent: parent.Parent, Err: err})
	}
	t := newTally(c.req, parent, c.counted, c.remembers)
	seen, err := t.read(ctx, c.client)
	if err == nil {
		c.add(t)
		return nil
	}
	if parent.Missing(err) {
		if err = walk.ConfirmGone(ctx, c.client, map[walk.Parent]error{parent: err}); err == nil {
			return nil
		}
	}
	return c.fail(ctx, &Failure{Parent: parent.Parent, TokensSeen: seen, Err: err})
}

// add adds a complete list of tokens to the sums.
func (c *census) add(t *tally) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.streak = 0
	c.sums.add(t)
	if c.remembers {
		c.ids = append(c.ids, t.ids)
	}
}

// remember passes the tokens that this phase counted on to the next.
func (c *census) remember() {
	for _, ids := range c.ids {
		maps.Copy(c.counted, ids)
	}
	c.ids = nil
}

// maxStreak is how many lists in a row may fail before the rest are skipped: the
// next one would probably fail, too, and Okta counts refused requests as well. A
// list that does not exist says nothing about the next. It neither adds to the
// streak nor ends it.
const maxStreak = 10

// endStreak records that a list was read.
func (c *census) endStreak() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.streak = 0
}

// skip returns why the remaining lists are skipped, or nil.
func (c *census) skip() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.skipping
}

// fail records a failure. It returns the error of the whole inventory, or nil to
// continue.
func (c *census) fail(ctx context.Context, failure *Failure) error {
	if !c.req.Continue || ctx.Err() != nil {
		return failure
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failures = append(c.failures, failure)
	if c.skipping != nil || okta.IsNotFound(failure.Err) {
		return nil
	}
	if c.streak++; c.streak == maxStreak {
		c.skipping = &skippedError{failure.Err}
	}
	return nil
}

// skippedError is why a list was skipped.
type skippedError struct{ last error }

func (e *skippedError) Error() string {
	return fmt.Sprintf("skipped, because %d lists in a row could not be read; the last error: %s", maxStreak, e.last)
}

func (e *skippedError) Unwrap() error { return e.last }

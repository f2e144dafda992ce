package revoke

import (
	"slices"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// batch is what a request selects at one parent.
type batch struct {
	parent walk.Parent
	items  []*item
	byID   map[string]*item
	// listed says that Okta listed the items. A batch that is not listed is revoked
	// unread.
	listed bool
	// late says that the parent was first listed when the run looked again.
	late bool
	// missing is the 404 that a parent got which Okta listed.
	missing error

	bulk       bulk
	bulkSent   bool // whether a bulk DELETE may have taken effect
	unanswered bool // whether neither an answer nor a look says what the last bulk DELETE did
	dark       bool // whether the last look failed, though there was time for it
	doubted    bool // whether tokens were alive after a confirmed bulk DELETE
	told       bool // whether an Event counted the parent

	owners   okta.Owners         // of the tokens that were seen
	appeared []okta.RefreshToken // issued during the run
	alive    okta.Set            // unsettled tokens of an earlier run that the last look showed
	err      error               // why the bulk DELETE or a look failed
}

// bulk is the state of a bulk DELETE, which revokes all tokens of a parent.
//
//	bulkNone      none is sent: tokens are revoked one by one
//	bulkDue       it is to be sent
//	bulkOpen      it was sent, and its effect is not known
//	bulkDone      it took effect; what is left is revoked one by one
//	bulkRefused   Okta refused it, or it failed for good
type bulk int

const (
	bulkNone bulk = iota
	bulkDue
	bulkOpen
	bulkDone
	bulkRefused
)

// answerBulk records how the bulk DELETE ended.
func (b *batch) answerBulk(err error) {
	b.err, b.unanswered, b.dark = err, okta.IsUncertain(err), false
	switch {
	case err == nil:
		b.bulk, b.bulkSent = bulkDone, true
		b.each(pending, (*item).confirm)
	case b.parent.Missing(err):
		b.bulk, b.err = bulkNone, nil // a look says whether the client was deleted
		b.each(pending, (*item).notFound)
	case okta.IsUncertain(err):
		b.bulk, b.bulkSent = bulkOpen, true
		b.each(pending, func(it *item) { it.leaveOpen(err) })
	default:
		b.refuseBulk(err)
	}
}

// bulkOpen reports whether a bulk DELETE was due and is not known to have taken effect.
func (b *batch) bulkOpen() bool {
	return b.bulk == bulkDue || b.bulk == bulkOpen || b.bulk == bulkRefused
}

func (b *batch) refuseBulk(err error) {
	b.bulk, b.err = bulkRefused, err
	for _, it := range b.items {
		if it.state == pending || it.state == uncertain {
			it.fail(err)
		}
	}
}

// settleBulk records that the bulk DELETE took effect if a look found no token alive,
// whatever its response was.
func (b *batch) settleBulk() {
	if b.bulk == bulkOpen && !b.anyIn(pending, lagging, uncertain, failed) {
		b.bulk, b.err = bulkDone, nil
	}
}

// repeatBulk makes the bulk DELETE due again after a look found tokens alive.
func (b *batch) repeatBulk() {
	b.bulk, b.err = bulkDue, nil
	b.each(failed, (*item).retry)
}

// stopBulk revokes what is left one by one.
func (b *batch) stopBulk() {
	b.bulk, b.err = bulkNone, nil
	b.each(failed, (*item).retry)
}

// put adds an item, unless its token is in the batch.
func (b *batch) put(it *item) {
	if _, known := b.byID[it.token.ID]; known {
		return
	}
	if b.byID == nil {
		b.byID = map[string]*item{}
	}
	b.byID[it.token.ID] = it
	b.items = append(b.items, it)
}

// add adds tokens that were read.
func (b *batch) add(tokens []okta.RefreshToken) {
	for _, token := range tokens {
		b.put(&item{token: token, seen: true})
	}
}

// barsBulk reports whether a bulk DELETE would take a token that must not be revoked.
func (b *batch) barsBulk() bool {
	return len(b.appeared) > 0 || slices.ContainsFunc(b.items, func(it *item) bool { return it.barred })
}

// idsIn returns the IDs of the tokens in these states.
func (b *batch) idsIn(states ...state) []string {
	var ids []string
	for _, it := range b.items {
		if slices.Contains(states, it.state) {
			ids = append(ids, it.token.ID)
		}
	}
	return ids
}

// anyIn reports whether a token is in one of these states.
func (b *batch) anyIn(states ...state) bool {
	return slices.ContainsFunc(b.items, func(it *item) bool { return slices.Contains(states, it.state) })
}

// each changes the tokens in a state.
func (b *batch) each(in state, change func(*item)) {
	for _, it := range b.items {
		if it.state == in {
			change(it)
		}
	}
}

func (b *batch) dropUnseen() {
	b.items = slices.DeleteFunc(b.items, func(it *item) bool { return !it.seen })
}

// count returns how many tokens are selected.
func count(batches []*batch) int64 {
	count := 0
	for _, b := range batches {
		count += len(b.items)
	}
	return int64(count)
}

// tokens returns all selected tokens, oldest first.
func tokens(batches []*batch) []okta.RefreshToken {
	var all []okta.RefreshToken
	for _, b := range batches {
		for _, it := range b.items {
			all = append(all, it.token)
		}
	}
	slices.SortFunc(all, okta.RefreshToken.Compare)
	return all
}

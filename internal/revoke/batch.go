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
	// listed says that items are what Okta listed. A batch that is not listed is
	// revoked without having been read.
	listed bool
	// late says that the parent was first named when the run looked again.
	late bool
	// missing is why a parent that Okta listed could not be read: Okta said that it
	// does not exist.
	missing error

	bulk     bulk
	bulkSent bool // whether a DELETE of all tokens went out that may have taken effect
	doubted  bool // whether tokens were alive after a DELETE of all that Okta confirmed
	told     bool // whether an Event has counted the parent

	appeared []okta.RefreshToken // issued while others were revoked
	err      error               // what failed, other than the items
}

// bulk is how far the DELETE of all tokens of a parent has come.
//
//	bulkNone      none is to be sent: tokens are revoked one by one
//	bulkDue       it is to be sent
//	bulkOpen      it was sent, and what it did is not known
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

// answerBulk records how the DELETE of all tokens ended.
func (b *batch) answerBulk(err error) {
	b.err = err
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

// bulkOpen reports whether a DELETE of all tokens was to be sent, and is not known
// to have taken effect.
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

// settleBulk records that a look found none of the tokens alive: the DELETE of all
// tokens took effect, whatever was answered.
func (b *batch) settleBulk() {
	if b.bulk == bulkOpen && !b.anyIn(pending, lagging, uncertain, failed) {
		b.bulk, b.err = bulkDone, nil
	}
}

// repeatBulk makes the DELETE of all tokens due again, for those that a look found
// alive after one whose answer got lost.
func (b *batch) repeatBulk() {
	b.bulk, b.err = bulkDue, nil
	b.each(failed, (*item).retry)
}

// stopBulk has what is left revoked one by one.
func (b *batch) stopBulk() {
	b.bulk, b.err = bulkNone, nil
	b.each(failed, (*item).retry)
}

// item is one selected token.
type item struct {
	token okta.RefreshToken // only the ID when it was not read
	state state
	err   error // why state is failed or uncertain

	seen bool // whether Okta showed it alive before it was revoked
	// absent says that the run knew before its DELETE that the token is not there.
	absent bool
	// sent says that a DELETE of this run's may have revoked it, though none was
	// confirmed.
	sent bool
	acks int // DELETEs of it that Okta confirmed
	// denied says that Okta confirmed a DELETE, and then answered 404 to another.
	denied bool
	looks  int // that showed it alive since the last DELETE that Okta confirmed
	// barred says that a guard refuses it, or that it belongs elsewhere: it is never
	// revoked.
	barred bool
	told   bool // whether an Event has named it
}

// state is what has become of an item. What moves it from one to another are the
// methods below.
//
//	state      meaning                                             outcome
//	pending    a DELETE of it is to be sent                        left (1)
//	confirmed  Okta says that our DELETE revoked it                revoked
//	lagging    the same, and a list shows it all the same          revoked (1) or left
//	uncertain  a DELETE was sent, and what it did is not known     left
//	missing    Okta answered 404, and no list agrees yet           left
//	gone       a 404 and a list agree that it was gone before      already gone
//	failed     it could not be revoked                             left
//
//	event      pending    confirmed  lagging       uncertain      missing  gone
//	confirm    confirmed  -          -             -              -        -
//	notFound   (2)        -          -             -              -        -
//	leaveOpen  uncertain  -          -             -              -        -
//	fail       failed     -          -             as pending     -        -
//	sawAlive   -          lagging    pending (3)   failed         pending  as missing
//	sawNone    -          -          confirmed     settled (4)    gone     -
//
//	(1) revoked, and still listed, if Okta confirmed just one DELETE, or denied the
//	    token after it. A second confirmation says that the first did nothing.
//	(2) confirmed if a DELETE of ours may have taken it, gone if a list has shown
//	    that it is not there, else missing
//	(3) after a few looks, unless Okta denies the token
//	(4) gone, if nothing ever showed it and the DELETE was answered with a failure,
//	    else confirmed
type state int

const (
	pending state = iota
	confirmed
	lagging
	uncertain
	missing
	gone
	failed
)

// confirm records that Okta confirmed a DELETE.
func (it *item) confirm() {
	it.state, it.err = confirmed, nil
	it.acks++
	it.looks = 0
}

// notFound records that Okta answered 404 to a request for the token.
func (it *item) notFound() {
	it.err = nil
	switch {
	case it.acks > 0:
		it.state, it.denied = confirmed, true
	case it.sent:
		it.state = confirmed
	case it.absent:
		it.state = gone
	default:
		it.state = missing
	}
}

// notFoundAgain records that Okta answered 404 to the repetition of a DELETE that
// may have taken effect without an answer: the token was there until then, unless
// the run knows better.
func (it *item) notFoundAgain() {
	it.sent = it.sent || !it.absent
	it.notFound()
}

// leaveOpen records a DELETE whose effect is not known.
func (it *item) leaveOpen(err error) { it.state, it.err, it.sent = uncertain, err, !it.absent }

// fail records why the token could not be revoked.
func (it *item) fail(err error) { it.state, it.err = failed, err }

// bar records why the token must not be revoked.
func (it *item) bar(err error) {
	it.fail(err)
	it.barred = true
}

// retry has another DELETE sent.
func (it *item) retry() {
	if !it.barred {
		it.state, it.err = pending, nil
	}
}

// patience is how many looks show a token alive whose DELETE Okta confirmed before
// the DELETE is repeated: lists lag behind.
const patience = 2

// sawAlive records that a look showed the token alive.
func (it *item) sawAlive(token okta.RefreshToken) {
	if !it.seen {
		it.token, it.seen, it.absent = token, true, false
	}
	switch it.state {
	case confirmed, lagging:
		it.state = lagging
		if it.looks++; it.looks >= patience && !it.denied {
			it.state = pending
		}
	case missing, gone:
		it.state = pending
	case uncertain:
		it.state, it.sent = failed, false // retries are spent, and it.err says on what
	case pending, failed:
	}
}

// sawNone records that a look that could have shown the token did not.
func (it *item) sawNone() {
	switch it.state {
	case lagging:
		it.state = confirmed
	case missing:
		it.state = gone
	case uncertain:
		it.state = confirmed
		if !it.seen && !okta.IsOddSuccess(it.err) {
			it.state = gone // it may never have been there
		}
		it.err = nil
	case pending, confirmed, gone, failed:
	}
}

// claimed reports whether the token counts as revoked by this run.
func (it *item) claimed() bool {
	listed := it.state == lagging || it.state == pending
	return it.state == confirmed || listed && (it.acks == 1 || it.denied)
}

// put adds an item, unless there is one of the same token.
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

// barsBulk reports whether a DELETE of all tokens would hit one that was not
// selected.
func (b *batch) barsBulk() bool {
	return len(b.appeared) > 0 || slices.ContainsFunc(b.items, func(it *item) bool { return it.barred })
}

// idsIn are the IDs of the tokens that are in one of these states.
func (b *batch) idsIn(states ...state) []string {
	var ids []string
	for _, it := range b.items {
		if slices.Contains(states, it.state) {
			ids = append(ids, it.token.ID)
		}
	}
	return ids
}

// anyIn reports whether a token of the batch is in one of these states.
func (b *batch) anyIn(states ...state) bool {
	return slices.ContainsFunc(b.items, func(it *item) bool { return slices.Contains(states, it.state) })
}

// each changes the tokens that are in a state.
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

// count is how many tokens are selected.
func count(batches []*batch) int64 {
	count := 0
	for _, b := range batches {
		count += len(b.items)
	}
	return int64(count)
}

// tokens are all selected tokens, oldest first.
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

package revoke

import "github.com/oktatokens/terraform-provider-oktatokens/internal/okta"

// item is one selected token.
type item struct {
	token okta.RefreshToken // only the ID when it was not read
	state state
	err   error // why state is failed or uncertain

	seen bool // whether Okta showed it alive before it was revoked
	// absent says that the run knew before its DELETE that the token does not exist.
	absent bool
	// sent says that an unconfirmed DELETE of this run may have revoked it.
	sent bool
	// inDoubt says that the run stopped without an answer to its DELETE. The last look
	// may have come too soon to see the effect.
	inDoubt bool
	acks    int // DELETEs of it that Okta confirmed
	// denied says that Okta confirmed a DELETE, and then answered 404 to another.
	denied bool
	looks  int // that showed it alive since the last confirmed DELETE
	// barred says that a guard refuses it, or that it belongs to another parent. It is
	// never revoked.
	barred bool
	told   bool // whether an Event named it
}

// state is the state of an item. The methods below are its transitions.
//
//	state      meaning                                             outcome
//	pending    a DELETE of it is to be sent                        left (1)
//	confirmed  Okta confirmed our DELETE                           revoked
//	lagging    confirmed, but a list still shows it                revoked (1) or left
//	uncertain  a DELETE was sent, and its effect is not known      left
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
//	(1) revoked, and still listed, if Okta confirmed just one DELETE, or answered 404
//	    after it. A second confirmation means that the first did nothing.
//	(2) confirmed if a DELETE of ours may have revoked it, gone if a list has shown
//	    that it does not exist, else missing
//	(3) after a few looks, unless Okta answered 404 for the token
//	(4) gone, if nothing ever showed it and the DELETE failed, else confirmed
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

// notFoundAgain records a 404 for a repeated DELETE. The first one may have taken effect,
// unless the run knew that the token did not exist.
func (it *item) notFoundAgain() {
	it.sent = it.sent || !it.absent
	it.notFound()
}

// leaveOpen records a DELETE with an unknown effect.
func (it *item) leaveOpen(err error) { it.state, it.err, it.sent = uncertain, err, !it.absent }

// fail records why the token could not be revoked.
func (it *item) fail(err error) { it.state, it.err = failed, err }

// bar records why the token must not be revoked.
func (it *item) bar(err error) {
	it.fail(err)
	it.barred = true
}

// retry makes another DELETE pending.
func (it *item) retry() {
	if !it.barred {
		it.state, it.err = pending, nil
	}
}

// patience is how many looks must show a token alive before its confirmed DELETE is
// repeated: lists lag behind.
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
		it.state, it.sent = failed, false // no retries are left, and it.err has the last failure
	case pending, failed:
	}
}

// sawNone records that a look did not show the token, though it could have.
func (it *item) sawNone() {
	switch it.state {
	case lagging:
		it.state = confirmed
	case missing:
		it.state = gone
	case uncertain:
		it.state = confirmed
		if !it.seen && !okta.IsOddSuccess(it.err) {
			it.state = gone // it may never have existed
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

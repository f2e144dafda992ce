package revoke

import "sync"

// Event reports progress. The first event comes when the guards have passed the request,
// before anything is done.
type Event struct {
	// Revoked are the IDs of the tokens whose DELETEs Okta has just confirmed. Each
	// token is reported once, before it is verified: the outcome is final.
	Revoked []string
	// Done is how many tokens were reported so far, Selected how many there are to
	// revoke. Both count listed tokens only.
	Done, Selected int64
	// DoneParents is how many parents, out of Parents, have no token left according to
	// Okta. Both are zero unless the request selects every token.
	DoneParents, Parents int
}

// watch is what was reported so far.
type watch struct {
	mu          sync.Mutex
	done        int64
	doneParents int
}

// begin reports that the run begins.
func (r *run) begin() {
	if r.req.Progress != nil {
		r.req.Progress(r.event())
	}
}

func (r *run) event() Event {
	e := Event{Done: r.watch.done, Selected: r.selected.Load()}
	if r.req.Selection.all {
		e.DoneParents, e.Parents = r.watch.doneParents, len(r.batches)
	}
	return e
}

// tellAll reports that all tokens of a batch's parent are revoked.
func (r *run) tellAll(b *batch) {
	parents := 1
	if b.told {
		parents = 0
	}
	b.told = true
	r.tell(parents, b.items...)
}

// tell reports the items that Okta has confirmed, and how many more parents have no token
// left.
func (r *run) tell(parents int, items ...*item) {
	if r.req.Progress == nil {
		return
	}
	r.watch.mu.Lock() // until Progress returns: calls do not overlap
	defer r.watch.mu.Unlock()
	var ids []string
	for _, it := range items {
		if it.state == confirmed && !it.told {
			it.told = true
			ids = append(ids, it.token.ID)
		}
	}
	if len(ids) == 0 && parents == 0 {
		return
	}
	r.watch.done += int64(len(ids))
	r.watch.doneParents += parents
	e := r.event()
	e.Revoked = ids
	r.req.Progress(e)
}

// tellRest reports the tokens that only a later look showed to be revoked.
func (r *run) tellRest() {
	for _, b := range r.batches {
		r.tell(0, b.items...)
	}
}

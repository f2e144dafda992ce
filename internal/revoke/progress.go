package revoke

import "sync"

// Event tells one who watches a run how far it has come. The first event, with
// nothing done, comes when the guards have let the request pass.
type Event struct {
	// Revoked are the IDs of the tokens that Okta has just confirmed to be
	// revoked. Each token is told of once, and before it is looked for again: the
	// outcome has the last word.
	Revoked []string
	// Done is how many tokens were told of so far, Selected how many there are to
	// revoke. Tokens that are all to be revoked are only known when they were
	// listed, and count for nothing otherwise.
	Done, Selected int64
	// DoneParents is how many parents, out of Parents, Okta has confirmed to have
	// no token left. Both are zero unless every token is to be revoked.
	DoneParents, Parents int
}

// watch is what the one who watches a run was told.
type watch struct {
	mu          sync.Mutex
	done        int64
	doneParents int
}

// begin tells that the run begins.
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

// tellAll tells that all tokens of a batch's parent are revoked.
func (r *run) tellAll(b *batch) {
	parents := 1
	if b.told {
		parents = 0
	}
	b.told = true
	r.tell(parents, b.items...)
}

// tell tells of those of the items that Okta has confirmed, and of more parents
// without a token.
func (r *run) tell(parents int, items ...*item) {
	if r.req.Progress == nil {
		return
	}
	r.watch.mu.Lock() // while it is told, so that one event comes after another
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

// tellRest tells of what only turned out to be revoked when it was looked for.
func (r *run) tellRest() {
	for _, b := range r.batches {
		r.tell(0, b.items...)
	}
}

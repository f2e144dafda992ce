package revoke

import (
	"context"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// lastLookTime bounds the last look. A provider that is told to stop has 20 seconds,
// and up to twelve of them are spent waiting for the answers.
const lastLookTime = 5 * time.Second

// lookLast looks once where a DELETE got no answer, after a run that stopped before it
// looked. It has time of its own, because the run's may have ended.
func (r *run) lookLast(ctx context.Context) {
	var open []*batch
	for _, b := range r.batches {
		b.each(uncertain, func(it *item) { it.inDoubt = it.sent })
		if !b.dark && (b.unanswered || b.anyIn(uncertain)) {
			open = append(open, b)
		}
	}
	if len(open) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastLookTime)
	defer cancel()
	_ = walk.Each(ctx, r.Client, open, func(ctx context.Context, b *batch) error {
		_ = r.lookAgain(ctx, b) // what it does not settle is still unanswered
		return nil
	})
}

// unsettled are the request's unsettled tokens, by ID.
func (r *run) unsettled() map[string]okta.RefreshToken {
	tokens := make(map[string]okta.RefreshToken, len(r.req.Unsettled))
	for _, token := range r.req.Unsettled {
		tokens[token.ID] = token
	}
	return tokens
}

// claim returns what is known of the token, and whether it was revoked by this run or, if
// it is one of these unsettled tokens, by an earlier one.
func (it *item) claim(unsettled map[string]okta.RefreshToken) (okta.RefreshToken, bool) {
	earlier, known := unsettled[it.token.ID]
	ours := it.claimed() || known && it.state == gone
	if known && !it.seen {
		return earlier, ours
	}
	return it.token, ours
}

// addLeft adds a token that may be alive.
func (o *Outcome) addLeft(it *item, unsettled map[string]okta.RefreshToken) {
	token, _ := it.claim(unsettled)
	_, known := unsettled[token.ID]
	o.Left = append(o.Left, token.ID)
	if it.state == uncertain && it.sent || known && !it.seen {
		o.Unanswered = append(o.Unanswered, token.ID)
	}
	if known || it.inDoubt && it.seen {
		o.Unsettled = append(o.Unsettled, token)
	}
}

// noteAlive records the tokens that a look showed alive, for [run.addUnsettled].
func (r *run) noteAlive(b *batch, found location) {
	b.alive = okta.Set{}
	if len(r.req.Unsettled) == 0 {
		return
	}
	for id := range found.alive {
		b.alive.Add(id)
	}
	for _, token := range found.others {
		b.alive.Add(token.ID)
	}
}

// addUnsettled adds the tokens that an earlier run left unsettled and this one has not
// selected, because no list showed them. If all lists were read to their end, they were
// revoked by the earlier run.
func (r *run) addUnsettled(out *Outcome, add func(id string) bool) {
	if r.req.Selection.empty() {
		return
	}
	alive := okta.Set{}
	for _, b := range r.batches {
		for id := range b.alive {
			alive.Add(id)
		}
	}
	for _, token := range r.req.Unsettled {
		switch {
		case !add(token.ID):
		case r.verifyErr != nil:
			out.Left = append(out.Left, token.ID)
			out.Unanswered = append(out.Unanswered, token.ID)
			out.Unsettled = append(out.Unsettled, token)
		case !alive.Has(token.ID):
			out.Revoked = append(out.Revoked, token)
		}
	}
}

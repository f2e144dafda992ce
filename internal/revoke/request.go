package revoke

import (
	"errors"
	"fmt"
	"slices"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// Selection says which tokens of the target to revoke. The zero Selection selects
// none.
type Selection struct {
	ids    []string
	filter *okta.Filter
	all    bool
}

// Tokens selects exactly the tokens with these IDs.
func Tokens(ids ...string) Selection {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return Selection{ids: slices.Compact(ids)}
}

// Matching selects the tokens that match a filter at the time of the run.
func Matching(filter okta.Filter) Selection { return Selection{filter: &filter} }

// Everything selects every token of the target.
func Everything() Selection { return Selection{all: true} }

// Named reports whether the selection names its tokens by ID.
func (s Selection) Named() bool { return !s.all && s.filter == nil }

// choice returns what to look for in a list to find the selected tokens.
func (s Selection) choice() walk.Choice {
	c := walk.Choice{Alive: true}
	switch {
	case s.all:
	case s.filter != nil:
		c.Filter = *s.filter
	default:
		c.Filter.TokenIDs = okta.NewSet(s.ids...)
	}
	return c
}

// empty reports whether the selection can have no tokens.
func (s Selection) empty() bool { return s.Named() && len(s.ids) == 0 }

// Evidence says how much to learn about tokens before they are revoked.
type Evidence int

// The degrees of evidence.
const (
	// FullEvidence reads every token before it is revoked.
	FullEvidence Evidence = iota
	// IDEvidence learns the IDs of the tokens.
	IDEvidence
	// NoEvidence reads only what the guards need. It is the fastest.
	NoEvidence
)

// Request is one revocation.
type Request struct {
	Target    walk.Target
	Selection Selection

	// MaxTokens refuses the request if it would revoke more tokens. Nil sets no
	// limit.
	MaxTokens *int64
	// EndSessions also ends the sessions of the target's user, which revokes all
	// of the user's tokens at every client.
	EndSessions bool
	Evidence    Evidence
	// Unsettled are the Unsettled of the outcome of an earlier run of this request.
	Unsettled []okta.RefreshToken
	// Progress, unless it is nil, is called after each step of a run. Calls do not
	// overlap, and the run waits for each.
	Progress func(Event)
}

// Nothing reports whether the request would do nothing.
func (r Request) Nothing() bool { return r.Selection.empty() && !r.EndSessions }

// allOfUser reports whether the request selects every token of a user.
func (r Request) allOfUser() bool {
	return r.Target.EveryClient() && r.Selection.all && r.Target.UserID() != ""
}

// validate returns why a request makes no sense, or nil.
func (r Request) validate() error {
	if r.EndSessions && r.Target.UserID() == "" {
		return errors.New("sessions can only be ended when the tokens of a user are revoked")
	}
	if f := r.Selection.filter; f != nil && f.Empty() {
		return errors.New("a filter without any part would select every token")
	}
	for _, id := range r.Selection.ids {
		if err := okta.CheckID(id); err != nil {
			return fmt.Errorf("selecting refresh tokens: %w", err)
		}
	}
	return nil
}

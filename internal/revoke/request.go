package revoke

import (
	"errors"
	"fmt"
	"slices"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// Target is where tokens are revoked: at one parent, or at every client of an
// authorization server or a user. The zero Target is invalid.
type Target struct {
	parent okta.Parent
	holder okta.Holder
	every  bool
}

// At is one parent.
func At(parent okta.Parent) Target { return Target{parent: parent} }

// AtEveryClient is every client that holds tokens of the holder when the request
// is carried out.
func AtEveryClient(holder okta.Holder) Target { return Target{holder: holder, every: true} }

// EveryClient tells that the target is every client of a holder.
func (t Target) EveryClient() bool { return t.every }

// String names the target in prose.
func (t Target) String() string {
	if t.every {
		return fmt.Sprintf("all clients of %s", t.holder)
	}
	return t.parent.String()
}

// Selection is which tokens of the target are meant. The zero Selection selects
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

// Matching selects the tokens that match when the request is carried out.
func Matching(filter okta.Filter) Selection { return Selection{filter: &filter} }

// Everything selects every token of the target.
func Everything() Selection { return Selection{all: true} }

// Named reports whether the selection names its tokens by ID.
func (s Selection) Named() bool { return !s.all && s.filter == nil }

// byAge reports whether the selection depends on the time of the run.
func (s Selection) byAge() bool { return s.filter != nil && s.filter.ByAge() }

// empty reports whether the selection is none.
func (s Selection) empty() bool { return s.Named() && len(s.ids) == 0 }

// Evidence is how much is found out about tokens before they are revoked.
type Evidence int

// The degrees of evidence.
const (
	// FullEvidence reads every token before it is revoked.
	FullEvidence Evidence = iota
	// IDEvidence finds out the IDs of what is revoked.
	IDEvidence
	// NoEvidence reads nothing that the guards do not need: the fastest way.
	NoEvidence
)

// Request is one revocation.
type Request struct {
	Target    Target
	Selection Selection

	// MaxTokens refuses the request when it would hit more tokens. Nil sets no
	// bound.
	MaxTokens *int64
	// EndSessions also ends the sessions of the target's user, which revokes all
	// of the user's tokens at every client.
	EndSessions bool
	Evidence    Evidence
	// Progress, unless it is nil, is told of each step of a run. Steps do not
	// overlap, and the run waits for it.
	Progress func(Event)
}

// Nothing reports whether the request would do nothing.
func (r Request) Nothing() bool { return r.Selection.empty() && !r.EndSessions }

// allOfUser reports whether the request selects every token of a user.
func (r Request) allOfUser() bool { return r.Target.every && r.Selection.all && r.userID() != "" }

// validate says why a request makes no sense, or nil.
func (r Request) validate() error {
	if r.EndSessions && r.userID() == "" {
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

// userID is the user whose tokens the request is about, or "".
func (r Request) userID() string {
	switch okta.KindUser {
	case r.Target.holder.Kind():
		return r.Target.holder.ID()
	case r.Target.parent.Kind():
		return r.Target.parent.ID()
	default:
		return ""
	}
}

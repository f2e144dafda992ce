package walk

import (
	"context"
	"fmt"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// Target says where tokens are: at one parent, or at every client of an
// authorization server or a user. The zero Target is invalid.
type Target struct {
	parent okta.Parent
	holder okta.Holder
	every  bool
}

// At returns a target with one parent.
func At(parent okta.Parent) Target { return Target{parent: parent} }

// AtEveryClient returns a target that spans every client of the holder at the time of
// the walk.
func AtEveryClient(holder okta.Holder) Target { return Target{holder: holder, every: true} }

// EveryClient reports whether the target is every client of a holder.
func (t Target) EveryClient() bool { return t.every }

// Parent returns the target's one parent, or zero for every client of a holder.
func (t Target) Parent() okta.Parent { return t.parent }

// Kind returns the kind of the target's parents.
func (t Target) Kind() okta.Kind {
	if t.every {
		return t.holder.Kind()
	}
	return t.parent.Kind()
}

// UserID returns the ID of the target's user, or "".
func (t Target) UserID() string {
	switch {
	case t.Kind() != okta.KindUser:
		return ""
	case t.every:
		return t.holder.ID()
	default:
		return t.parent.ID()
	}
}

// String names the target in prose.
func (t Target) String() string {
	if t.every {
		return fmt.Sprintf("all clients of %s", t.holder)
	}
	return t.parent.String()
}

// Parents returns the parents that the target spans. It sends a request only for every
// client of a holder.
func (t Target) Parents(ctx context.Context, client *okta.Client) ([]Parent, error) {
	if !t.every {
		return []Parent{{Parent: t.parent}}, nil
	}
	return Holder{Holder: t.holder}.Parents(ctx, client)
}

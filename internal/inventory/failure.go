package inventory

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// Failure is a list that could not be read to its end. No sum includes any of it.
type Failure struct {
	// At most one of these is set: the parent if its tokens could not be listed, the
	// holder if its clients could not be. Neither is set for the list of authorization
	// servers.
	Parent okta.Parent
	Holder okta.Holder

	TokensSeen int // tokens that were read before it broke off
	Err        error
}

func (f *Failure) Error() string {
	if f.TokensSeen == 0 {
		return fmt.Sprintf("listing the %s: %s", f.List(), f.Err)
	}
	return fmt.Sprintf("listing the %s, after %d tokens: %s", f.List(), f.TokensSeen, f.Err)
}

// Unwrap returns what went wrong.
func (f *Failure) Unwrap() error { return f.Err }

// List names the list in prose: "clients of user 00u1".
func (f *Failure) List() string {
	switch {
	case f.Parent != okta.Parent{}:
		return fmt.Sprintf("refresh tokens of %s", f.Parent)
	case f.Holder != okta.Holder{}:
		return fmt.Sprintf("clients of %s", f.Holder)
	default:
		return "authorization servers of the org"
	}
}

// Kind returns the kind of parent that was asked for.
func (f *Failure) Kind() okta.Kind {
	return cmp.Or(f.Parent.Kind(), f.Holder.Kind(), okta.KindAuthorizationServer)
}

// ID returns the ID of the authorization server, user or app, or "" if the list is
// of another kind.
func (f *Failure) ID(kind okta.Kind) string {
	if f.Kind() != kind {
		return ""
	}
	return cmp.Or(f.Parent.ID(), f.Holder.ID())
}

// compare orders failures by kind, then by IDs.
func (f *Failure) compare(other *Failure) int {
	kind := f.Kind()
	return cmp.Or(
		cmp.Compare(kind, other.Kind()),
		strings.Compare(f.ID(kind), other.ID(kind)),
		strings.Compare(f.Parent.ClientID(), other.Parent.ClientID()),
	)
}

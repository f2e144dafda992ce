package okta

import (
	"reflect"
	"slices"
	"time"
)

// Set is a set of IDs or names. A nil Set is none at all, which differs from an
// empty one: an empty set holds nothing.
type Set map[string]struct{}

// NewSet returns the set of these members, never nil.
func NewSet(members ...string) Set {
	set := make(Set, len(members))
	for _, member := range members {
		set[member] = struct{}{}
	}
	return set
}

// Has reports whether member is in the set.
func (s Set) Has(member string) bool {
	_, ok := s[member]
	return ok
}

// Filter selects refresh tokens. Okta filters none itself. Every part that is
// set must hold; nil parts are not set. A token without the field that a part
// looks at does not match, and neither does any token an empty set.
type Filter struct {
	TokenIDs      Set
	UserIDs       Set
	ClientIDs     Set
	AuthServerIDs Set
	AnyScopes     Set
	AllScopes     Set

	// Instants bound without including the bound itself.
	CreatedBefore     *time.Time
	CreatedAfter      *time.Time
	LastUpdatedBefore *time.Time
	LastUpdatedAfter  *time.Time
	ExpiresBefore     *time.Time
	ExpiresAfter      *time.Time

	OlderThan *time.Duration // since Created
	IdleFor   *time.Duration // since LastUpdated

	NeverExpires *bool
}

// Empty reports whether no part is set, so that every token matches. A filter
// that selects what to revoke must not be.
func (f Filter) Empty() bool { return reflect.ValueOf(f).IsZero() }

// MatchesNothing reports whether a set of the filter is empty, so that no token can
// match.
func (f Filter) MatchesNothing() bool {
	return slices.ContainsFunc([]Set{f.TokenIDs, f.UserIDs, f.ClientIDs, f.AuthServerIDs, f.AnyScopes, f.AllScopes},
		func(set Set) bool { return set != nil && len(set) == 0 })
}

// Match reports whether every part of the filter holds for t. Ages are measured
// at now.
func (f Filter) Match(t RefreshToken, now time.Time) bool {
	return among(f.TokenIDs, t.ID) &&
		among(f.UserIDs, t.UserID) &&
		among(f.ClientIDs, t.ClientID) &&
		among(f.AuthServerIDs, t.AuthServerID) &&
		f.matchScopes(t.Scopes) &&
		before(t.Created, f.CreatedBefore) && after(t.Created, f.CreatedAfter) &&
		before(t.LastUpdated, f.LastUpdatedBefore) && after(t.LastUpdated, f.LastUpdatedAfter) &&
		before(t.ExpiresAt, f.ExpiresBefore) && after(t.ExpiresAt, f.ExpiresAfter) &&
		aged(t.Created, f.OlderThan, now) && aged(t.LastUpdated, f.IdleFor, now) &&
		(f.NeverExpires == nil || *f.NeverExpires == t.ExpiresAt.IsZero())
}

func (f Filter) matchScopes(scopes []string) bool {
	if f.AnyScopes != nil && !slices.ContainsFunc(scopes, f.AnyScopes.Has) {
		return false
	}
	if f.AllScopes == nil {
		return true
	}
	for scope := range f.AllScopes {
		if !slices.Contains(scopes, scope) {
			return false
		}
	}
	return len(f.AllScopes) > 0
}

func among(set Set, member string) bool {
	return set == nil || member != "" && set.Has(member)
}

func before(i Instant, bound *time.Time) bool {
	return bound == nil || !i.IsZero() && i.Before(*bound)
}

func after(i Instant, bound *time.Time) bool {
	return bound == nil || !i.IsZero() && i.After(*bound)
}

func aged(i Instant, age *time.Duration, now time.Time) bool {
	return age == nil || !i.IsZero() && now.Sub(i.Time) > *age
}

package okta

import (
	"reflect"
	"slices"
	"time"
)

// Filter selects refresh tokens. Okta has no filter of its own. A token matches when
// every part that is set holds. A nil part is not set. A token without the field that
// a part examines does not match. No token matches an empty set. An unreadable field
// is an error, unless another part excludes the token.
type Filter struct {
	TokenIDs      Set
	UserIDs       Set
	ClientIDs     Set
	AuthServerIDs Set
	AnyScopes     Set
	AllScopes     Set

	// The bounds are exclusive.
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

// Empty reports whether no part is set, so every token matches. A filter that selects
// tokens to revoke must not be empty.
func (f Filter) Empty() bool { return reflect.ValueOf(f).IsZero() }

// ByAge reports whether the filter's matches depend on the time of reading.
func (f Filter) ByAge() bool { return f.OlderThan != nil || f.IdleFor != nil }

// MatchesNothing reports whether a set of the filter is empty, so no token can match.
func (f Filter) MatchesNothing() bool {
	return slices.ContainsFunc([]Set{f.TokenIDs, f.UserIDs, f.ClientIDs, f.AuthServerIDs, f.AnyScopes, f.AllScopes},
		func(set Set) bool { return set != nil && len(set) == 0 })
}

// Match reports whether every part of the filter holds for t at the time now. It
// returns an [*UnreadableError] when only unreadable fields decide.
func (f Filter) Match(t RefreshToken, now time.Time) (bool, error) {
	var undecided Fields
	for _, part := range f.parts(t, now) {
		switch {
		case !part.set:
		case t.Unreadable.Has(part.field):
			undecided |= part.field
		case !part.holds:
			return false, nil
		}
	}
	if undecided != 0 {
		return false, &UnreadableError{TokenID: t.ID, Fields: undecided}
	}
	return true, nil
}

// part is one condition of a filter, on one field of a token.
type part struct {
	field Fields
	set   bool
	holds bool
}

func (f Filter) parts(t RefreshToken, now time.Time) [15]part {
	return [...]part{
		among(0, f.TokenIDs, t.ID),
		among(FieldUserID, f.UserIDs, t.UserID),
		among(FieldClientID, f.ClientIDs, t.ClientID),
		among(FieldAuthServer, f.AuthServerIDs, t.AuthServerID),
		{FieldScopes, f.AnyScopes != nil, slices.ContainsFunc(t.Scopes, f.AnyScopes.Has)},
		{FieldScopes, f.AllScopes != nil, f.hasAllScopes(t.Scopes)},
		before(FieldCreated, t.Created, f.CreatedBefore), after(FieldCreated, t.Created, f.CreatedAfter),
		before(FieldLastUpdated, t.LastUpdated, f.LastUpdatedBefore), after(FieldLastUpdated, t.LastUpdated, f.LastUpdatedAfter),
		before(FieldExpiresAt, t.ExpiresAt, f.ExpiresBefore), after(FieldExpiresAt, t.ExpiresAt, f.ExpiresAfter),
		aged(FieldCreated, t.Created, f.OlderThan, now), aged(FieldLastUpdated, t.LastUpdated, f.IdleFor, now),
		{FieldExpiresAt, f.NeverExpires != nil, f.NeverExpires != nil && *f.NeverExpires == t.NeverExpires()},
	}
}

func (f Filter) hasAllScopes(scopes []string) bool {
	for scope := range f.AllScopes {
		if !slices.Contains(scopes, scope) {
			return false
		}
	}
	return len(f.AllScopes) > 0
}

func among(field Fields, set Set, member string) part {
	return part{field, set != nil, member != "" && set.Has(member)}
}

func before(field Fields, i Time, bound *time.Time) part {
	return part{field, bound != nil, bound != nil && !i.IsZero() && i.Before(*bound)}
}

func after(field Fields, i Time, bound *time.Time) part {
	return part{field, bound != nil, bound != nil && !i.IsZero() && i.After(*bound)}
}

func aged(field Fields, i Time, age *time.Duration, now time.Time) part {
	return part{field, age != nil, age != nil && !i.IsZero() && now.Sub(i.Time) > *age}
}

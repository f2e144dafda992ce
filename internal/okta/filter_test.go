package okta

import (
	"errors"
	"testing"
	"time"
)

var (
	filterNow = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

	// filtered was created 100 hours ago and used 50 hours ago, and expires in 50.
	filtered = RefreshToken{
		ID: "oar1", UserID: "00u1", ClientID: "0oa1", AuthServerID: "aus1", Scopes: []string{"a", "b"},
		Created:     NewTime(filterNow.Add(-100 * time.Hour)),
		LastUpdated: NewTime(filterNow.Add(-50 * time.Hour)),
		ExpiresAt:   NewTime(filterNow.Add(50 * time.Hour)),
	}
)

func TestFilterParts(t *testing.T) {
	t.Parallel()
	at := func(hours int, more time.Duration) *time.Time {
		return new(filterNow.Add(time.Duration(hours)*time.Hour + more))
	}
	hours := func(n int, more time.Duration) *time.Duration { return new(time.Duration(n)*time.Hour + more) }
	for name, tc := range map[string]struct {
		filter    Filter
		want      bool
		wantBlank bool // of a token that has nothing but an ID of another
	}{
		"nothing": {Filter{}, true, true},

		"token":                {Filter{TokenIDs: NewSet("oar0", "oar1")}, true, false},
		"another token":        {Filter{TokenIDs: NewSet("oar2")}, false, false},
		"no token":             {Filter{TokenIDs: NewSet()}, false, false},
		"user":                 {Filter{UserIDs: NewSet("00u1")}, true, false},
		"another user":         {Filter{UserIDs: NewSet("00u2")}, false, false},
		"no user":              {Filter{UserIDs: NewSet()}, false, false},
		"an empty user":        {Filter{UserIDs: NewSet("")}, false, false},
		"client":               {Filter{ClientIDs: NewSet("0oa1")}, true, false},
		"another client":       {Filter{ClientIDs: NewSet("0OA1")}, false, false},
		"no client":            {Filter{ClientIDs: NewSet()}, false, false},
		"an empty client":      {Filter{ClientIDs: NewSet("")}, false, false},
		"server":               {Filter{AuthServerIDs: NewSet("aus1")}, true, false},
		"another server":       {Filter{AuthServerIDs: NewSet("aus2")}, false, false},
		"no server":            {Filter{AuthServerIDs: NewSet()}, false, false},
		"an empty server":      {Filter{AuthServerIDs: NewSet("")}, false, false},
		"any scope":            {Filter{AnyScopes: NewSet("b", "c")}, true, false},
		"any of others":        {Filter{AnyScopes: NewSet("c")}, false, false},
		"any of none":          {Filter{AnyScopes: NewSet()}, false, false},
		"all scopes":           {Filter{AllScopes: NewSet("a", "b")}, true, false},
		"all of fewer":         {Filter{AllScopes: NewSet("a")}, true, false},
		"all of more":          {Filter{AllScopes: NewSet("a", "b", "c")}, false, false},
		"all of none":          {Filter{AllScopes: NewSet()}, false, false},
		"any and all":          {Filter{AnyScopes: NewSet("a"), AllScopes: NewSet("b")}, true, false},
		"any but not all":      {Filter{AnyScopes: NewSet("a"), AllScopes: NewSet("c")}, false, false},
		"all but not any":      {Filter{AnyScopes: NewSet("c"), AllScopes: NewSet("a")}, false, false},
		"scopes, letters case": {Filter{AnyScopes: NewSet("A")}, false, false},

		"created before":        {Filter{CreatedBefore: at(-100, 1)}, true, false},
		"created before, bound": {Filter{CreatedBefore: at(-100, 0)}, false, false},
		"created after":         {Filter{CreatedAfter: at(-100, -1)}, true, false},
		"created after, bound":  {Filter{CreatedAfter: at(-100, 0)}, false, false},
		"updated before":        {Filter{LastUpdatedBefore: at(-50, 1)}, true, false},
		"updated before, bound": {Filter{LastUpdatedBefore: at(-50, 0)}, false, false},
		"updated after":         {Filter{LastUpdatedAfter: at(-50, -1)}, true, false},
		"updated after, bound":  {Filter{LastUpdatedAfter: at(-50, 0)}, false, false},
		"expires before":        {Filter{ExpiresBefore: at(50, 1)}, true, false},
		"expires before, bound": {Filter{ExpiresBefore: at(50, 0)}, false, false},
		"expires after":         {Filter{ExpiresAfter: at(50, -1)}, true, false},
		"expires after, bound":  {Filter{ExpiresAfter: at(50, 0)}, false, false},
		"created between":       {Filter{CreatedAfter: at(-101, 0), CreatedBefore: at(-99, 0)}, true, false},
		"created never":         {Filter{CreatedAfter: at(-99, 0), CreatedBefore: at(-101, 0)}, false, false},

		"older":         {Filter{OlderThan: hours(100, -1)}, true, false},
		"just as old":   {Filter{OlderThan: hours(100, 0)}, false, false},
		"older than 0":  {Filter{OlderThan: hours(0, 0)}, true, false},
		"idle":          {Filter{IdleFor: hours(50, -1)}, true, false},
		"idle as long":  {Filter{IdleFor: hours(50, 0)}, false, false},
		"idle, not old": {Filter{IdleFor: hours(99, 0)}, false, false},

		"never expires": {Filter{NeverExpires: new(true)}, false, true},
		"expires":       {Filter{NeverExpires: new(false)}, true, false},
	} {
		if got, err := tc.filter.Match(filtered, filterNow); got != tc.want || err != nil {
			t.Errorf("%s: got %t, %v, want %t", name, got, err, tc.want)
		}
		if got, err := tc.filter.Match(RefreshToken{ID: "oar9"}, filterNow); got != tc.wantBlank || err != nil {
			t.Errorf("%s, of a token without the field: got %t, %v, want %t", name, got, err, tc.wantBlank)
		}
	}
}

// First every part holds for the token. Then each in turn does not.
func TestFilterPartsMustAllHold(t *testing.T) {
	t.Parallel()
	all := func() Filter {
		return Filter{
			TokenIDs: NewSet("oar1"), UserIDs: NewSet("00u1"), ClientIDs: NewSet("0oa1"), AuthServerIDs: NewSet("aus1"),
			AnyScopes: NewSet("a"), AllScopes: NewSet("a"),
			CreatedBefore: new(filterNow), CreatedAfter: new(time.Time{}),
			LastUpdatedBefore: new(filterNow), LastUpdatedAfter: new(time.Time{}),
			ExpiresBefore: new(filterNow.AddDate(1, 0, 0)), ExpiresAfter: new(filterNow),
			OlderThan: new(time.Hour), IdleFor: new(time.Hour), NeverExpires: new(false),
		}
	}
	if matches, err := all().Match(filtered, filterNow); !matches || err != nil {
		t.Fatal("a filter of parts that all hold does not match")
	}
	early, late := time.Unix(0, 0), filterNow.AddDate(10, 0, 0)
	for name, spoil := range map[string]func(*Filter){
		"TokenIDs":          func(f *Filter) { f.TokenIDs = NewSet("x") },
		"UserIDs":           func(f *Filter) { f.UserIDs = NewSet("x") },
		"ClientIDs":         func(f *Filter) { f.ClientIDs = NewSet("x") },
		"AuthServerIDs":     func(f *Filter) { f.AuthServerIDs = NewSet("x") },
		"AnyScopes":         func(f *Filter) { f.AnyScopes = NewSet("x") },
		"AllScopes":         func(f *Filter) { f.AllScopes = NewSet("x") },
		"CreatedBefore":     func(f *Filter) { f.CreatedBefore = &early },
		"CreatedAfter":      func(f *Filter) { f.CreatedAfter = &late },
		"LastUpdatedBefore": func(f *Filter) { f.LastUpdatedBefore = &early },
		"LastUpdatedAfter":  func(f *Filter) { f.LastUpdatedAfter = &late },
		"ExpiresBefore":     func(f *Filter) { f.ExpiresBefore = &early },
		"ExpiresAfter":      func(f *Filter) { f.ExpiresAfter = &late },
		"OlderThan":         func(f *Filter) { f.OlderThan = new(10000 * time.Hour) },
		"IdleFor":           func(f *Filter) { f.IdleFor = new(10000 * time.Hour) },
		"NeverExpires":      func(f *Filter) { f.NeverExpires = new(true) },
	} {
		filter := all()
		spoil(&filter)
		if matches, err := filter.Match(filtered, filterNow); matches || err != nil {
			t.Errorf("%s does not hold, but got %t, %v", name, matches, err)
		}
	}
}

// An unreadable field decides nothing, in either direction.
func TestFilterRefusesToGuessAnUnreadableField(t *testing.T) {
	t.Parallel()
	day := filterNow.AddDate(0, 0, -1)
	for name, tc := range map[string]struct {
		filter Filter
		field  Fields
	}{
		"user":           {Filter{UserIDs: NewSet("00u1")}, FieldUserID},
		"client":         {Filter{ClientIDs: NewSet("0oa1")}, FieldClientID},
		"server":         {Filter{AuthServerIDs: NewSet("aus1")}, FieldAuthServer},
		"any scope":      {Filter{AnyScopes: NewSet("a")}, FieldScopes},
		"all scopes":     {Filter{AllScopes: NewSet("a")}, FieldScopes},
		"created before": {Filter{CreatedBefore: &day}, FieldCreated},
		"created after":  {Filter{CreatedAfter: &day}, FieldCreated},
		"updated before": {Filter{LastUpdatedBefore: &day}, FieldLastUpdated},
		"updated after":  {Filter{LastUpdatedAfter: &day}, FieldLastUpdated},
		"expires before": {Filter{ExpiresBefore: &day}, FieldExpiresAt},
		"expires after":  {Filter{ExpiresAfter: &day}, FieldExpiresAt},
		"older":          {Filter{OlderThan: new(time.Hour)}, FieldCreated},
		"idle":           {Filter{IdleFor: new(time.Hour)}, FieldLastUpdated},
		"never expires":  {Filter{NeverExpires: new(true)}, FieldExpiresAt},
		"expires":        {Filter{NeverExpires: new(false)}, FieldExpiresAt},
	} {
		token := RefreshToken{ID: "oar1", Unreadable: tc.field}
		matches, err := tc.filter.Match(token, filterNow)
		e, ok := errors.AsType[*UnreadableError](err)
		if matches || !ok || e.TokenID != "oar1" || e.Fields != tc.field {
			t.Errorf("%s: got %t, %v, want an error that names %s of oar1", name, matches, err, tc.field)
		}
		token.Unreadable = ^tc.field
		if _, err := tc.filter.Match(token, filterNow); err != nil {
			t.Errorf("%s: got %v, want none: the fields that cannot be read are others", name, err)
		}
		token.Unreadable = tc.field
		tc.filter.TokenIDs = NewSet("oar2")
		if matches, err := tc.filter.Match(token, filterNow); matches || err != nil {
			t.Errorf("%s: got %t, %v, want that the ID alone excludes the token", name, matches, err)
		}
	}
}

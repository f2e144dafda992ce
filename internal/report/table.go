package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The most rows in a table, and the most scopes or IDs in a cell.
const (
	maxFailures = 100
	maxRows     = 400
	maxInCell   = 8
)

// table is the first rows of a list.
type table[T any] struct {
	Rows []T
	All  int64
	// MoreRows is the number of rows left out, MoreTokens the number of their tokens.
	MoreRows, MoreTokens int64
}

// newTable returns a table with rows for the first items of a list.
func newTable[S, T any](items []S, limit int, tokens func(S) int64, row func(S) T) table[T] {
	shown := items[:min(len(items), limit)]
	t := table[T]{All: int64(len(items)), MoreRows: int64(len(items) - len(shown))}
	for _, item := range shown {
		t.Rows = append(t.Rows, row(item))
	}
	for _, item := range items[len(shown):] {
		t.MoreTokens += tokens(item)
	}
	return t
}

// named is an ID, usually with a name.
type named struct{ Name, ID string }

// Label returns the name, or the ID if there is no name.
func (n named) Label() string { return cmp.Or(n.Name, n.ID) }

// Detail returns the ID if the label is the name.
func (n named) Detail() string {
	if n.Label() == n.ID {
		return ""
	}
	return n.ID
}

// serverNamed returns an authorization server's name. The org authorization server has neither a name
// nor an ID.
func serverNamed(name string, id Text) named {
	if name == "" && id.IsNull() {
		return named{Name: "Org authorization server"}
	}
	return named{name, id.value}
}

// bar returns the length of a bar, relative to the longest.
func bar(n, longest int64) string {
	if longest <= 0 {
		return "0%"
	}
	return fmt.Sprintf("%.1f%%", 100*float64(max(n, 0))/float64(longest))
}

type clientRow struct {
	Client, Server              named
	Tokens                      int64
	Users, NeverExpire          *int64
	Bar                         string
	Oldest, Newest, LongestIdle moment
	Scopes                      []scopeCount
	MoreScopes                  int64
}

type scopeCount struct {
	Name   string
	Tokens int64
}

func (v *view) clients(clients []Client) table[clientRow] {
	ranked := slices.SortedStableFunc(slices.Values(clients), func(a, b Client) int {
		return cmp.Or(
			cmp.Compare(b.TokenCount, a.TokenCount),
			strings.Compare(a.ClientID, b.ClientID),
			strings.Compare(a.AuthServerID.value, b.AuthServerID.value),
		)
	})
	return newTable(ranked, maxRows, func(c Client) int64 { return c.TokenCount }, func(c Client) clientRow {
		scopes := rankedScopes(c.ScopeCounts)
		shown := scopes[:min(len(scopes), maxInCell)]
		return clientRow{
			Client: named{c.ClientName, c.ClientID}, Server: serverNamed(c.AuthServerName, c.AuthServerID),
			Tokens: c.TokenCount, Users: c.UserCount, NeverExpire: c.NeverExpiresCount,
			Bar:    bar(c.TokenCount, ranked[0].TokenCount),
			Oldest: v.moment(c.OldestCreated), Newest: v.moment(c.NewestCreated), LongestIdle: v.moment(c.OldestLastUpdated),
			Scopes: shown, MoreScopes: int64(len(scopes) - len(shown)),
		}
	})
}

// rankedScopes returns the scopes, those with the most tokens first.
func rankedScopes(counts map[string]int64) []scopeCount {
	var scopes []scopeCount
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		scopes = append(scopes, scopeCount{name, counts[name]})
	}
	slices.SortStableFunc(scopes, func(a, b scopeCount) int { return cmp.Compare(b.Tokens, a.Tokens) })
	return scopes
}

type userRow struct {
	User    named
	Tokens  int64
	Clients *int64
	Bar     string
}

func users(users []User) *table[userRow] {
	ranked := slices.SortedStableFunc(slices.Values(users), func(a, b User) int {
		return cmp.Or(cmp.Compare(b.TokenCount, a.TokenCount), strings.Compare(a.UserID, b.UserID))
	})
	t := newTable(ranked, maxRows, func(u User) int64 { return u.TokenCount }, func(u User) userRow {
		return userRow{
			User: named{u.UserName, u.UserID}, Tokens: u.TokenCount, Clients: u.ClientCount,
			Bar: bar(u.TokenCount, ranked[0].TokenCount),
		}
	})
	return &t
}

type tokenRow struct {
	ID, Status            string
	Client, User, Server  named
	Issued, Used, Expires moment
	NeverExpires          bool
	Scopes                string
}

func (v *view) tokens(tokens []Token) *table[tokenRow] {
	type dated struct {
		Token
		issued moment
	}
	oldestFirst := make([]dated, len(tokens))
	for i, token := range tokens {
		oldestFirst[i] = dated{token, v.moment(token.Created)}
	}
	slices.SortStableFunc(oldestFirst, func(a, b dated) int {
		return cmp.Or(strings.Compare(a.issued.Machine, b.issued.Machine), strings.Compare(a.ID, b.ID))
	})
	t := newTable(oldestFirst, maxRows, func(dated) int64 { return 1 }, func(t dated) tokenRow {
		scopes := ""
		if t.Scopes != nil {
			scopes = listed(t.Scopes)
		}
		return tokenRow{
			ID: t.ID, Status: t.Status,
			Client: named{t.ClientName, t.ClientID}, User: named{t.UserName, t.UserID}, Server: serverNamed(t.AuthServerName, t.AuthServerID),
			Issued: t.issued, Used: v.moment(t.LastUpdated), Expires: v.moment(t.ExpiresAt.value), NeverExpires: t.ExpiresAt.IsNull(),
			Scopes: scopes,
		}
	})
	return &t
}

package inventory

import (
	"context"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// tally sums up one list of tokens while it is read. The inventory includes it only
// if it was read to its end.
type tally struct {
	req      Request
	filtered bool // whether the request has a filter
	parent   walk.Parent
	counted  okta.Set // tokens that earlier phases counted

	ids    okta.Set // tokens that this tally counted; nil unless a later phase needs them
	ages   [len(ageEdges)]int
	rows   map[rowKey]*row
	last   *row // the last token's row, which is usually the next one's
	tokens []okta.RefreshToken

	unreadable okta.Unreadable
}

// rowKey says which tokens are summed up together.
type rowKey struct{ authServerID, clientID string }

// row sums up the tokens of a client at an authorization server.
type row struct {
	Client
	users map[string]userSum
}

// userSum is a user's part of a row.
type userSum struct {
	tokens int
	name   string
}

func newTally(req Request, parent walk.Parent, counted okta.Set, remembers bool) *tally {
	t := &tally{req: req, filtered: !req.Filter.Empty(), parent: parent, counted: counted, rows: map[rowKey]*row{}}
	if remembers {
		t.ids = okta.Set{}
	}
	return t
}

// read reads the list to its end, and returns how many tokens it has seen.
func (t *tally) read(ctx context.Context, client *okta.Client) (int, error) {
	return walk.Read(ctx, client, t.parent.Parent, true, func(tokens []okta.RefreshToken) error {
		if t.req.Filter.ByAge() {
			if err := client.CheckClock(); err != nil {
				return err
			}
		}
		now := client.Now()
		for i := range tokens {
			if err := t.add(&tokens[i], now); err != nil {
				return err
			}
		}
		return nil
	})
}

// add counts a token if it is wanted and no earlier phase counted it.
func (t *tally) add(token *okta.RefreshToken, now time.Time) error {
	wanted, err := t.wants(token, now)
	if err != nil || !wanted || t.counted.Has(token.ID) {
		return err
	}
	t.unreadable.Add(*token)
	if t.ids != nil {
		t.ids.Add(token.ID)
	}
	t.row(token).add(token, t.parent)
	if !token.Created.IsZero() {
		t.ages[ageBand(now.Sub(token.Created.Time))]++
	}
	if t.req.KeepTokens {
		t.tokens = append(t.tokens, *token)
	}
	return nil
}

// wants reports whether the request includes a token. Only an app's list does
// not say whose tokens it has.
func (t *tally) wants(token *okta.RefreshToken, now time.Time) (bool, error) {
	if !token.Alive() {
		return false, nil
	}
	if t.filtered {
		if matches, err := t.req.Filter.Match(*token, now); err != nil || !matches {
			return false, err
		}
	}
	if t.parent.Kind() != okta.KindApp || t.req.ClientIDs == nil {
		return true, nil
	}
	return okta.Filter{ClientIDs: t.req.ClientIDs}.Match(*token, now)
}

// row returns the row that a token belongs to. A list of an authorization server or
// a client decides that, whatever the token says.
func (t *tally) row(token *okta.RefreshToken) *row {
	key := rowKey{token.AuthServerID, token.ClientID}
	if t.parent.Kind() == okta.KindAuthorizationServer {
		key.authServerID = t.parent.ID()
	}
	if id := t.parent.ClientID(); id != "" {
		key.clientID = id
	}
	if t.last != nil && t.last.key() == key {
		return t.last
	}
	r := t.rows[key]
	if r == nil {
		r = newRow(key)
		t.rows[key] = r
	}
	t.last = r
	return r
}

func newRow(key rowKey) *row {
	return &row{
		Client: Client{AuthServerID: key.authServerID, ClientID: key.clientID, TokensByScope: map[string]int{}},
		users:  map[string]userSum{},
	}
}

func (r *row) key() rowKey { return rowKey{r.AuthServerID, r.ClientID} }

func (r *row) add(token *okta.RefreshToken, from walk.Parent) {
	r.TokenCount++
	if token.NeverExpires() {
		r.NeverExpiresCount++
	}
	for _, scope := range token.Scopes {
		r.TokensByScope[scope]++
	}
	r.widen(token.Created, token.Created, token.LastUpdated)
	r.name(firstOf(from.Holder.Name, token.AuthServerName), firstOf(from.ClientName, token.ClientName))
	if token.UserID != "" {
		user := r.users[token.UserID]
		user.tokens++
		user.name = firstOf(user.name, token.UserName)
		r.users[token.UserID] = user
	}
}

// widen extends the row's range of times.
func (r *row) widen(oldest, newest, lastUpdated okta.Time) {
	if isBefore(oldest, r.OldestCreated) {
		r.OldestCreated = oldest
	}
	if r.NewestCreated.Before(newest.Time) {
		r.NewestCreated = newest
	}
	if isBefore(lastUpdated, r.OldestLastUpdated) {
		r.OldestLastUpdated = lastUpdated
	}
}

// isBefore reports whether t is earlier. A time that Okta left out is never
// earlier, and any other is earlier than it.
func isBefore(t, than okta.Time) bool {
	return !t.IsZero() && (than.IsZero() || t.Before(than.Time))
}

func (r *row) name(server, client string) {
	r.AuthServerName = firstOf(r.AuthServerName, server)
	r.ClientName = firstOf(r.ClientName, client)
}

// merge adds another row with the same key.
func (r *row) merge(other *row) {
	r.TokenCount += other.TokenCount
	r.NeverExpiresCount += other.NeverExpiresCount
	for scope, n := range other.TokensByScope {
		r.TokensByScope[scope] += n
	}
	r.widen(other.OldestCreated, other.NewestCreated, other.OldestLastUpdated)
	r.name(other.AuthServerName, other.ClientName)
	for id, theirs := range other.users {
		ours := r.users[id]
		r.users[id] = userSum{ours.tokens + theirs.tokens, firstOf(ours.name, theirs.name)}
	}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// ageBand returns the index of an age's band. If our clock is behind, a token from
// the future counts as new.
func ageBand(age time.Duration) int {
	band := 0
	for band+1 < len(ageEdges) && age >= time.Duration(ageEdges[band+1])*24*time.Hour {
		band++
	}
	return band
}

package oktafake

import (
	"cmp"
	"fmt"
	"slices"
)

// store holds the org's objects. It has one set of tokens and an index of them for each parent, so a
// token revoked through one parent is gone from all.
type store struct {
	servers     []*AuthorizationServer
	serverByID  map[string]*AuthorizationServer
	apps        []*App
	appByID     map[string]*App
	appByClient map[string]*App
	userByID    map[string]*User
	userByLogin map[string]*User

	tokens map[string]*token
	// views has the live tokens of each parent in the order in which they were added, which is
	// the order of their sequence numbers.
	views map[view][]*token
	last  int

	revoked  []revocation
	sessions []EndedSession
}

// token is a stored token. It never changes after it was added. Its sequence number is its place in
// every list, so a cursor stays valid when other tokens are removed.
type token struct {
	Token
	seq  int
	gone bool
}

// revocation is a [Revocation] that shares its token.
type revocation struct {
	token *token
	path  string
}

// view is a parent, as the key of the index.
type view struct {
	level level
	// owner is the ID of the authorization server or user; an app's view has none.
	owner, client string
}

// level is the kind of parent. It keeps the views of a server and of a user apart if a test gives
// both the same ID.
type level byte

const (
	appLevel level = iota
	serverLevel
	userLevel
)

func newStore() store {
	return store{
		serverByID:  map[string]*AuthorizationServer{},
		appByID:     map[string]*App{},
		appByClient: map[string]*App{},
		userByID:    map[string]*User{},
		userByLogin: map[string]*User{},
		tokens:      map[string]*token{},
		views:       map[view][]*token{},
	}
}

// views returns the parents that the token is listed under. The org authorization server is no
// parent: the API does not list it, and its tokens are listed under their user and app only.
func (t *token) views() []view {
	views := append(make([]view, 0, 3), view{appLevel, "", t.ClientID})
	if t.AuthServerID != "" {
		views = append(views, view{serverLevel, t.AuthServerID, t.ClientID})
	}
	if t.UserID != "" {
		views = append(views, view{userLevel, t.UserID, t.ClientID})
	}
	return views
}

// addToken adds a complete token at the end of each of its lists. Its parents must exist.
func (s *store) addToken(t Token) {
	if s.tokens[t.ID] != nil {
		panic(fmt.Sprintf("oktafake: there already is a token %s", t.ID))
	}
	s.last++
	stored := &token{Token: t, seq: s.last}
	s.tokens[t.ID] = stored
	for _, v := range stored.views() {
		s.views[v] = append(s.views[v], stored)
	}
}

// token returns a live token of the view, or nil.
func (s *store) token(v view, id string) *token {
	t := s.tokens[id]
	if t == nil || !slices.Contains(t.views(), v) {
		return nil
	}
	return t
}

// page returns up to n tokens of the view after a sequence number, and whether more follow. The
// result is valid until the lock is released.
func (s *store) page(v view, after, n int) (tokens []*token, more bool) {
	all := s.views[v]
	start := index(all, after+1)
	end := min(start+n, len(all))
	return all[start:end], end < len(all)
}

// index returns the position of the first token with the sequence number seq or a later one.
func index(tokens []*token, seq int) int {
	i, _ := slices.BinarySearchFunc(tokens, seq, func(t *token, seq int) int {
		return cmp.Compare(t.seq, seq)
	})
	return i
}

// remove removes tokens from the store and from every view.
func (s *store) remove(tokens ...*token) {
	affected := map[view][]*token{}
	for _, t := range tokens {
		delete(s.tokens, t.ID)
		t.gone = true
		for _, v := range t.views() {
			affected[v] = append(affected[v], t)
		}
	}
	for v, gone := range affected {
		left := s.views[v]
		if len(gone) == 1 {
			// Much cheaper in a long view than checking every token.
			i := index(left, gone[0].seq)
			left = slices.Delete(left, i, i+1)
		} else {
			left = slices.DeleteFunc(left, func(t *token) bool { return t.gone })
		}
		if len(left) == 0 {
			delete(s.views, v)
		} else {
			s.views[v] = left
		}
	}
}

// revoke removes tokens for a request of the API and records it.
func (s *store) revoke(path string, tokens ...*token) {
	for _, t := range tokens {
		s.revoked = append(s.revoked, revocation{t, path})
	}
	s.remove(tokens...)
}

// clients returns the apps that have tokens of a view's owner, in the order in which they were added.
func (s *store) clients(v view) []*App {
	var apps []*App
	for _, app := range s.apps {
		v.client = app.ClientID
		if len(s.views[v]) > 0 {
			apps = append(apps, app)
		}
	}
	return apps
}

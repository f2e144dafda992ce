package inventory

import (
	"cmp"
	"slices"
	"strings"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// sums adds up the lists that were read to their end.
type sums struct {
	req Request
	// shared is set if several lists can add to one row. A row then keeps its users
	// to the end, to count each once. That happens with users who hold tokens of one
	// client, apps whose tokens do not name their client, and several phases.
	shared bool
	ages   [len(ageEdges)]int
	rows   map[rowKey]*row
	users  map[string]*user
	tokens []okta.RefreshToken

	unreadable okta.Unreadable
}

// user sums up one user. Its clients are nil unless the request counts users.
type user struct {
	name    string
	tokens  int
	clients okta.Set
}

func newSums(req Request, shared bool) *sums {
	return &sums{req: req, shared: shared, rows: map[rowKey]*row{}, users: map[string]*user{}}
}

// add adds a list.
func (s *sums) add(t *tally) {
	for band, n := range t.ages {
		s.ages[band] += n
	}
	s.tokens = append(s.tokens, t.tokens...)
	s.unreadable.Merge(t.unreadable)
	for key, theirs := range t.rows {
		s.addUsers(theirs)
		if ours := s.rows[key]; ours != nil {
			ours.merge(theirs)
			continue
		}
		s.rows[key] = theirs
		theirs.UserCount = len(theirs.users)
		if !s.shared {
			theirs.users = nil
		}
	}
}

func (s *sums) addUsers(r *row) {
	for id, sum := range r.users {
		u := s.users[id]
		if u == nil {
			u = &user{}
			if s.req.CountUsers {
				u.clients = okta.Set{}
			}
			s.users[id] = u
		}
		if s.req.CountUsers {
			u.name = firstOf(u.name, sum.name)
			u.tokens += sum.tokens
			u.clients.Add(r.ClientID)
		}
	}
}

// inventory returns the sums as an inventory.
func (s *sums) inventory(failures []*Failure) Inventory {
	i := Inventory{UserCount: len(s.users), Unreadable: s.unreadable}
	for _, failure := range failures {
		i.Failures = append(i.Failures, *failure)
	}
	slices.SortFunc(i.Failures, func(a, b Failure) int { return a.compare(&b) })
	clients := okta.Set{}
	for _, r := range s.rows {
		if r.users != nil {
			r.UserCount = len(r.users)
		}
		i.Clients = append(i.Clients, r.Client)
		i.TokenCount += r.TokenCount
		clients.Add(r.ClientID)
	}
	i.ClientCount = len(clients)
	slices.SortFunc(i.Clients, func(a, b Client) int {
		return cmp.Or(strings.Compare(a.AuthServerID, b.AuthServerID), strings.Compare(a.ClientID, b.ClientID))
	})
	for band, n := range s.ages {
		to := 0
		if band+1 < len(ageEdges) {
			to = ageEdges[band+1]
		}
		i.Ages = append(i.Ages, AgeBand{From: ageEdges[band], To: to, Count: n})
	}
	if s.req.CountUsers {
		i.Users = s.byID()
	}
	if s.req.KeepTokens {
		slices.SortFunc(s.tokens, okta.RefreshToken.Compare)
		i.Tokens = append([]okta.RefreshToken{}, s.tokens...)
	}
	return i
}

// byID returns the users, sorted by ID.
func (s *sums) byID() []User {
	users := make([]User, 0, len(s.users))
	for id, u := range s.users {
		users = append(users, User{ID: id, Name: u.name, TokenCount: u.tokens, ClientCount: len(u.clients)})
	}
	slices.SortFunc(users, func(a, b User) int { return strings.Compare(a.ID, b.ID) })
	return users
}

package acceptance

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// wish is the configuration of a revocation, as a test that shares no code with
// the provider understands it.
type wish struct {
	server, user, app string // one of them
	client            string
	every             bool

	// One of the selections.
	tokenID string
	ids     []string // nil unless token_ids is set
	parts   []part   // of a filter
	all     bool

	evidence       string
	limit          int // max_tokens, or -1
	sessions       bool
	reappear, dry  bool
	trigger, notes int
}

// part is a part of a filter, in the configuration and as the test reads it.
type part struct {
	name  string
	value any
	holds func(oktafake.Token) bool
}

// named reports whether the selection is a list of IDs.
func (w wish) named() []string {
	if w.tokenID != "" {
		return []string{w.tokenID}
	}
	return w.ids
}

func (w wish) byName() bool { return w.tokenID != "" || w.ids != nil }

// holds reports whether a token hangs from the parent.
func (w wish) holds(t oktafake.Token) bool {
	switch {
	case w.app != "":
		return t.ClientID == w.app
	case w.server != "":
		return t.AuthServerID == w.server && (w.every || t.ClientID == w.client)
	default:
		return t.UserID == w.user && (w.every || t.ClientID == w.client)
	}
}

// selects reports whether a token is meant, alive or not.
func (w wish) selects(t oktafake.Token) bool {
	if !w.holds(t) {
		return false
	}
	if w.byName() {
		return slices.Contains(w.named(), t.ID)
	}
	for _, p := range w.parts {
		if !p.holds(t) {
			return false
		}
	}
	return w.all || len(w.parts) > 0
}

// attributes are the wish as it is configured.
func (w wish) attributes() attributes {
	limits := attributes{"create": "3m", "update": "3m", "read": "3m"}
	a := attributes{"evidence": w.evidence, "timeouts": limits, "triggers": attributes{"n": fmt.Sprint(w.trigger)}, "reason": fmt.Sprint(w.notes)}
	for name, value := range map[string]string{
		"auth_server_id": w.server, "user_id": w.user, "app_id": w.app, "client_id": w.client, "token_id": w.tokenID,
	} {
		if value != "" {
			a[name] = value
		}
	}
	for name, value := range map[string]bool{"all_clients": w.every, "all": w.all, "end_sessions": w.sessions, "dry_run": w.dry} {
		if value {
			a[name] = true
		}
	}
	if w.ids != nil {
		a["token_ids"] = list(w.ids...)
	}
	if len(w.parts) > 0 {
		filter := attributes{}
		for _, p := range w.parts {
			filter[p.name] = p.value
		}
		a["filter"] = filter
	}
	if w.limit >= 0 {
		a["max_tokens"] = w.limit
	}
	if w.reappear {
		a["on_reappear"] = "revoke"
	}
	return a
}

// scenario is an org, a provider, and what is configured one after the other.
type scenario struct {
	tokens   []oktafake.Token
	ages     map[string]time.Duration
	pageSize int

	protectedClients, protectedUsers []string
	parallelism                      int
	tofu                             bool // whether an apply previews once more

	steps []step
}

// step is a configuration, and how many selected tokens clients get before it is
// applied.
type step struct {
	wish   wish
	issued int
}

var (
	sweepServers = []string{"aus1", "aus2"}
	sweepClients = []string{"0oa1", "0oa2", "0oa3"}
	sweepUsers   = []string{"00u1", "00u2", "00u3"}
	sweepScopes  = []string{"openid", "orders", "payroll"}
	sweepAges    = []time.Duration{time.Hour, 30 * time.Hour, 300 * time.Hour}
)

// dice makes a scenario from a seed: the same each time.
type dice struct{ *rand.Rand }

func newDice(seed uint64) dice { return dice{rand.New(rand.NewPCG(seed, 0))} }

// in is true once in n times.
func (d dice) in(n int) bool { return d.IntN(n) == 0 }

func (d dice) one(of []string) string { return of[d.IntN(len(of))] }

// some are a few of them, at least one.
func (d dice) some(of []string) []string {
	chosen := slices.Clone(of)
	d.Shuffle(len(chosen), func(i, j int) { chosen[i], chosen[j] = chosen[j], chosen[i] })
	chosen = chosen[:1+d.IntN(len(chosen))]
	slices.Sort(chosen)
	return chosen
}

// newScenario throws again where nothing is selected, but not always.
func newScenario(seed uint64) scenario {
	d := newDice(seed)
	for {
		if s := throw(d); s.selects() && (!s.guarded() || d.in(2)) || d.in(8) {
			return s
		}
	}
}

// selects reports whether the first configuration is to revoke anything.
func (s scenario) selects() bool { return !s.steps[0].wish.dry && len(s.selected()) > 0 }

// guarded reports whether a guard stands in its way.
func (s scenario) guarded() bool {
	limit := s.steps[0].wish.limit
	return limit >= 0 && len(s.selected()) > limit || slices.ContainsFunc(s.selected(), func(t oktafake.Token) bool {
		return slices.Contains(s.protectedClients, t.ClientID) || slices.Contains(s.protectedUsers, t.UserID)
	})
}

// selected are the tokens that the first configuration selects.
func (s scenario) selected() []oktafake.Token {
	return slices.DeleteFunc(slices.Clone(s.tokens), func(t oktafake.Token) bool {
		return t.Status == "REVOKED" || !s.steps[0].wish.selects(t)
	})
}

func throw(d dice) scenario {
	s := scenario{
		ages: map[string]time.Duration{}, pageSize: []int{2, 2, 3, 200}[d.IntN(4)],
		parallelism: []int{1, 1, 1, 4}[d.IntN(4)], tofu: d.in(3),
	}
	for i := range 4 + d.IntN(8) {
		s.tokens = append(s.tokens, s.token(d, fmt.Sprintf("oar%02d", i+1)))
	}
	if d.in(5) {
		s.protectedClients = []string{d.one(sweepClients)}
	}
	if d.in(5) {
		s.protectedUsers = []string{d.one(sweepUsers)}
	}
	w := s.wish(d)
	s.steps = append(s.steps, step{wish: w})
	for range d.IntN(3) {
		next := step{wish: s.changed(d, w)}
		if d.in(3) {
			next.issued = 1 + d.IntN(2)
		}
		s.steps, w = append(s.steps, next), next.wish
	}
	return s
}

func (s scenario) token(d dice, id string) oktafake.Token {
	t := oktafake.Token{
		ID: id, AuthServerID: d.one(sweepServers), ClientID: d.one(sweepClients), UserID: d.one(sweepUsers), Scopes: d.some(sweepScopes),
	}
	s.ages[id] = sweepAges[d.IntN(len(sweepAges))] + time.Duration(d.IntN(600))*time.Second
	if d.in(2) { // most tests want them together
		t.AuthServerID, t.ClientID, t.UserID = "aus1", "0oa1", "00u1"
	}
	if d.in(12) {
		t.AuthServerID = "" // of the org's own server
	}
	if d.in(15) {
		t.Status = "REVOKED"
	}
	return t
}

func (s scenario) wish(d dice) wish {
	w := wish{evidence: d.one([]string{"full", "full", "ids", "none"}), limit: -1, client: "0oa1"}
	if d.in(4) {
		w.client = d.one(sweepClients)
	}
	switch d.IntN(5) {
	case 0, 1:
		w.server = "aus1"
	case 2, 3:
		w.user = "00u1"
		w.sessions = d.in(3)
	default:
		w.app, w.client = w.client, ""
	}
	if w.app == "" && d.in(3) {
		w.client, w.every = "", true
	}
	s.choose(d, &w)
	switch d.IntN(5) {
	case 0:
		w.limit = d.IntN(4)
	case 1, 2:
		w.limit = 50
	}
	w.reappear, w.dry = d.in(3), d.in(6)
	return w
}

// choose makes a selection.
func (s scenario) choose(d dice, w *wish) {
	switch d.IntN(5) {
	case 0:
		w.tokenID = s.id(d, *w)
	case 1:
		w.ids = s.ids(d, *w)
	case 2, 3:
		w.parts = w.possible(d)
	default:
		w.all = true
	}
}

// possible are parts of a filter that a token of the parent can match: what never can is
// refused.
func (w wish) possible(d dice) []part {
	for {
		chosen := parts(d)
		if !slices.ContainsFunc(chosen, w.rulesOut) {
			return chosen
		}
	}
}

func (w wish) rulesOut(p part) bool {
	for name, id := range map[string]string{
		"auth_server_ids": w.server, "user_ids": w.user, "client_ids": w.client + w.app,
	} {
		if p.name == name && id != "" && !strings.Contains(fmt.Sprint(p.value), id) {
			return true
		}
	}
	return false
}

// id is that of a token, more often than not of one that hangs from the parent.
func (s scenario) id(d dice, w wish) string {
	if d.in(12) {
		return "oarUnknown"
	}
	var here []string
	for _, t := range s.tokens {
		if w.holds(t) {
			here = append(here, t.ID)
		}
	}
	if len(here) == 0 || d.in(8) {
		return s.tokens[d.IntN(len(s.tokens))].ID
	}
	return d.one(here)
}

func (s scenario) ids(d dice, w wish) []string {
	ids := []string{}
	for range d.IntN(6) {
		ids = append(ids, s.id(d, w))
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// parts are one part of a filter or two.
func parts(d dice) []part {
	chosen := []part{onePart(d)}
	if other := onePart(d); d.in(3) && other.name != chosen[0].name {
		chosen = append(chosen, other)
	}
	return chosen
}

func onePart(d dice) part {
	switch d.IntN(7) {
	case 0:
		users := d.some(sweepUsers)
		return part{"user_ids", list(users...), func(t oktafake.Token) bool { return slices.Contains(users, t.UserID) }}
	case 1:
		clients := d.some(sweepClients)
		return part{"client_ids", list(clients...), func(t oktafake.Token) bool { return slices.Contains(clients, t.ClientID) }}
	case 2:
		servers := d.some(sweepServers)
		return part{"auth_server_ids", list(servers...), func(t oktafake.Token) bool { return slices.Contains(servers, t.AuthServerID) }}
	case 3:
		scopes := d.some(sweepScopes)
		return part{"all_scopes", list(scopes...), func(t oktafake.Token) bool {
			return !slices.ContainsFunc(scopes, func(scope string) bool { return !slices.Contains(t.Scopes, scope) })
		}}
	case 4:
		return part{"older_than", "100h", func(t oktafake.Token) bool { return time.Since(t.Created) > 100*time.Hour }}
	case 5:
		return part{"never_expires", true, func(t oktafake.Token) bool { return t.ExpiresAt == nil }}
	default:
		scope := d.one(sweepScopes)
		return part{"any_scopes", list(scope), func(t oktafake.Token) bool { return slices.Contains(t.Scopes, scope) }}
	}
}

// changed is the wish after somebody has edited it.
func (s scenario) changed(d dice, w wish) wish {
	if w.dry && !d.in(3) {
		w.dry = false
		return w
	}
	switch d.IntN(11) {
	case 0:
		w.trigger++
	case 1:
		w.evidence = d.one([]string{"full", "ids", "none"})
	case 2:
		w.limit = 50
	case 3:
		w.sessions = w.user != ""
	case 4:
		w.reappear = !w.reappear
	case 5:
		w.notes++
	default:
		switch {
		case w.ids != nil:
			w.ids = append(s.ids(d, w), w.ids[min(1, len(w.ids)):]...) // never nil
			slices.Sort(w.ids)
			w.ids = slices.Compact(w.ids)
		case w.parts != nil:
			w.parts = w.possible(d)
		default:
			w.tokenID, w.all = "", false
			s.choose(d, &w)
		}
	}
	return w
}

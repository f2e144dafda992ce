package oktafake

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Population says what [Populate] puts into an org: Servers authorization servers, Clients clients for
// each server, Tokens tokens for each client, and Users users who hold them.
type Population struct {
	Servers, Clients, Tokens, Users int
	// Seed determines everything else: names, IDs, scopes, ages.
	Seed uint64
}

const day = 24 * time.Hour

var (
	serverNames = []string{
		"default", "Payments", "Partners", "Warehouse", "Mobile", "Analytics", "Support",
		"Telemetry",
	}
	products = []string{
		"Checkout", "Payroll", "Fleet", "Ledger", "Roster", "Claims", "Catalogue", "Field Service",
		"Inventory", "Timesheet", "Expenses", "Portal",
	}
	editions   = []string{"Web", "iOS", "Android", "Desktop", "CLI", "Kiosk", "Sync Agent"}
	givenNames = []string{
		"Amara", "Bjarne", "Chiara", "Dmitri", "Elif", "Farid", "Greta", "Hiro", "Ines", "Jonas",
		"Kofi", "Leila", "Mateo", "Nadia", "Oskar", "Priya", "Quentin", "Rosa", "Samir", "Tove",
		"Uma", "Viktor", "Wanjiru", "Yusuf", "Zofia",
	}
	familyNames = []string{
		"Abara", "Bergström", "Costa", "Dubois", "Eriksen", "Fontana", "Gupta", "Haddad",
		"Ivanova", "Jansen", "Kimura", "Lindqvist", "Moreau", "Nakamura", "Okafor", "Petrov",
		"Quispe", "Rossi", "Santos", "Tanaka", "Ueda", "Varga", "Weber", "Yilmaz",
	}
	resources = []string{"orders", "payroll", "reports", "devices", "documents", "messages"}
)

// windows are the times after which unused tokens expire, client by client. 0 means never.
var windows = []time.Duration{7 * day, 30 * day, 0, 7 * day, 90 * day, 7 * day, 365 * day, 7 * day}

// Populate fills an org. The same seed gives the same org, except for token times: ages count from the
// start of today in UTC, so a filter such as "older than 90 days" finds the same tokens every day.
//
// Every fourth client has a client ID of its own rather than its app's ID. The tokens of one client in
// eight never expire.
func Populate(o *Org, p Population) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if min(p.Servers, p.Clients, p.Tokens) > 0 && p.Users == 0 {
		panic("oktafake: a population with tokens needs users to hold them")
	}
	made := populator{
		org: o,
		// #nosec G404 -- The org must be reproducible, and guards nothing.
		random: rand.New(rand.NewPCG(p.Seed, 1)),
		today:  o.Now().UTC().Truncate(day),
	}
	o.ids = newIDSource(p.Seed)
	users := made.users(p.Users)
	for i := range p.Servers {
		server := made.server(i)
		for j := range p.Clients {
			client := i*p.Clients + j
			window := windows[client%len(windows)]
			made.tokens(p.Tokens, server, made.client(client), window, users)
		}
	}
}

// populator holds the org's lock while it works.
type populator struct {
	org    *Org
	random *rand.Rand
	today  time.Time
}

// users adds n users. Names repeat once every pair is used up, logins never do.
func (p populator) users(n int) []User {
	users := make([]User, n)
	for i := range users {
		given := givenNames[i%len(givenNames)]
		family := familyNames[i*7%len(familyNames)]
		// Every pair of names is in use: a number keeps the logins apart.
		login := strings.ToLower(given + "." + strings.ReplaceAll(family, "ö", "o"))
		if i >= len(givenNames)*len(familyNames) {
			login += fmt.Sprint(i)
		}
		users[i] = p.org.addUser(User{Login: login + "@example.com", Name: given + " " + family})
	}
	return users
}

// server adds the i-th authorization server. The first is the default one.
func (p populator) server(i int) AuthorizationServer {
	name := numbered(serverNames, i)
	return p.org.addServer(AuthorizationServer{
		Name:        name,
		Description: "Issues tokens for the " + name + " APIs",
		Audience:    "api://" + strings.ToLower(strings.ReplaceAll(name, " ", "-")),
		Default:     i == 0,
		Created:     p.today.AddDate(-2, 0, -i),
	})
}

// client adds the i-th client of the org.
func (p populator) client(i int) App {
	edition := editions[i%len(editions)]
	name := numbered(products, i/len(editions)+i) + " " + edition
	app := App{Name: name, ClientURI: "https://www.example.com/" + slug(name)}
	if i%4 == 3 {
		// These have every character that Okta allows besides letters and digits.
		app.ClientID = fmt.Sprintf("%s_%d%s", slug(name), i, []string{".v2", "+beta", "*(eu)!", "$x,'y'"}[i/4%4])
	}
	return p.org.addClient(app)
}

// tokens gives n tokens of a client to random users. None is expired: Okta lets a token expire when
// it was not used for the window.
func (p populator) tokens(n int, server AuthorizationServer, app App, window time.Duration, users []User) {
	grants := p.grants()
	for range n {
		created := p.today.Add(-p.upTo(365 * day))
		idle := p.today.Sub(created)
		if window > 0 {
			// A day less, so no token expires on the day that the org serves.
			idle = min(idle, window-day)
		}
		t := Token{
			ID:           p.org.ids.next("oar"),
			AuthServerID: server.ID,
			ClientID:     app.ClientID,
			UserID:       users[p.random.IntN(len(users))].ID,
			Scopes:       grants[p.random.IntN(len(grants))],
			Status:       "ACTIVE",
			Created:      created,
			LastUpdated:  p.today.Add(-p.upTo(idle)),
		}
		if window > 0 {
			expires := t.LastUpdated.Add(window)
			t.ExpiresAt = &expires
		}
		p.org.store.addToken(t)
	}
}

// grants returns the sets of scopes that one client asks for.
func (p populator) grants() [][]string {
	resource := resources[p.random.IntN(len(resources))]
	basic := []string{"openid", "offline_access"}
	return [][]string{
		basic,
		append(slices.Clone(basic), "profile", "email"),
		append(slices.Clone(basic), resource+":read"),
		append(slices.Clone(basic), "email", resource+":read", resource+":write"),
	}
}

// upTo returns a random duration of whole seconds below limit.
func (p populator) upTo(limit time.Duration) time.Duration {
	if limit < time.Second {
		return 0
	}
	return time.Duration(p.random.Int64N(int64(limit/time.Second))) * time.Second
}

// numbered returns the i-th name, with a number once the names are used up.
func numbered(names []string, i int) string {
	name := names[i%len(names)]
	if round := i / len(names); round > 0 {
		name += fmt.Sprintf(" %d", round+1)
	}
	return name
}

func slug(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, " ", "-"))
}

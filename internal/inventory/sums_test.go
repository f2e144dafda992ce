package inventory_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/inventory"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// The sums match those of the fake org's own store.
func TestSumsMatchTheStore(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.PageSize = 7
	oktafake.Populate(org.Org, oktafake.Population{Servers: 3, Clients: 8, Tokens: 40, Users: 30, Seed: 4})
	got := take(t, org, inventory.Request{CountUsers: true, KeepTokens: true})

	want := addUp(org, func(oktafake.Token) bool { return true })
	diff(t, "counts", countsOf(got), counts{3 * 8 * 40, 3 * 8, 30})
	diff(t, "clients", withoutNames(got.Clients), want.Clients)
	diff(t, "ages", got.Ages, want.Ages)
	diff(t, "users", withoutUserNames(got.Users), want.Users)
	diff(t, "tokens", len(got.Tokens), 3*8*40)
	if !slices.IsSortedFunc(got.Tokens, okta.RefreshToken.Compare) {
		t.Error("the tokens are not sorted by age")
	}
	for _, c := range got.Clients {
		if c.AuthServerName == "" || c.ClientName == "" {
			t.Errorf("client %s of %s has no name", c.ClientID, c.AuthServerID)
		}
	}
	again := take(t, org, inventory.Request{CountUsers: true, KeepTokens: true})
	diff(t, "the same org again", again, got)
}

// addUp sums up the tokens of custom authorization servers in an org's store.
func addUp(org *oktafake.Server, wanted func(oktafake.Token) bool) inventory.Inventory {
	type key struct{ server, client string }
	var (
		want    inventory.Inventory
		clients = map[key]*inventory.Client{}
		users   = map[string]*inventory.User{}
		pairs   = map[key]bool{} // user and client
		bands   = map[int]int{}
	)
	holders := map[key]map[string]bool{}
	for _, token := range org.Tokens() {
		if !wanted(token) || token.AuthServerID == "" {
			continue
		}
		k := key{token.AuthServerID, token.ClientID}
		c := clients[k]
		if c == nil {
			c = &inventory.Client{AuthServerID: k.server, ClientID: k.client, TokensByScope: map[string]int{}}
			clients[k], holders[k] = c, map[string]bool{}
		}
		addToClient(c, token)
		holders[k][token.UserID] = true
		c.UserCount = len(holders[k])
		u := users[token.UserID]
		if u == nil {
			u = &inventory.User{ID: token.UserID}
			users[token.UserID] = u
		}
		u.TokenCount++
		if pair := (key{token.UserID, token.ClientID}); !pairs[pair] {
			pairs[pair] = true
			u.ClientCount++
		}
		days := int(org.Now().Sub(token.Created) / (24 * time.Hour))
		for _, from := range []int{365, 180, 90, 30, 7, 1, 0} {
			if days >= from {
				bands[from]++
				break
			}
		}
	}
	for _, c := range clients {
		want.Clients = append(want.Clients, *c)
	}
	slices.SortFunc(want.Clients, func(a, b inventory.Client) int {
		return cmp.Or(strings.Compare(a.AuthServerID, b.AuthServerID), strings.Compare(a.ClientID, b.ClientID))
	})
	for _, u := range users {
		want.Users = append(want.Users, *u)
	}
	slices.SortFunc(want.Users, func(a, b inventory.User) int { return strings.Compare(a.ID, b.ID) })
	for _, band := range [][2]int{{0, 1}, {1, 7}, {7, 30}, {30, 90}, {90, 180}, {180, 365}, {365, 0}} {
		want.Ages = append(want.Ages, inventory.AgeBand{From: band[0], To: band[1], Count: bands[band[0]]})
	}
	return want
}

// addToClient adds a token to a client's sums, except the user count.
func addToClient(c *inventory.Client, token oktafake.Token) {
	created, updated := okta.NewTime(token.Created), okta.NewTime(token.LastUpdated)
	c.TokenCount++
	if c.TokenCount == 1 || created.Before(c.OldestCreated.Time) {
		c.OldestCreated = created
	}
	if c.TokenCount == 1 || created.After(c.NewestCreated.Time) {
		c.NewestCreated = created
	}
	if c.TokenCount == 1 || updated.Before(c.OldestLastUpdated.Time) {
		c.OldestLastUpdated = updated
	}
	if token.ExpiresAt == nil {
		c.NeverExpiresCount++
	}
	for _, scope := range token.Scopes {
		c.TokensByScope[scope]++
	}
}

func withoutNames(clients []inventory.Client) []inventory.Client {
	clients = slices.Clone(clients)
	for i := range clients {
		clients[i].AuthServerName, clients[i].ClientName = "", ""
	}
	return clients
}

func withoutUserNames(users []inventory.User) []inventory.User {
	users = slices.Clone(users)
	for i := range users {
		users[i].Name = ""
	}
	return users
}

// A token belongs to the last band whose first day it has reached.
func TestAgeBands(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for _, tc := range []struct {
		age  time.Duration
		band int // its first day
	}{
		{-time.Hour, 0}, // issued by a clock that is ahead
		{0, 0},
		{day - time.Second, 0},
		{day, 1},
		{7*day - time.Second, 1},
		{7 * day, 7},
		{30 * day, 30},
		{90*day - time.Second, 30},
		{90 * day, 90},
		{180 * day, 180},
		{365*day - time.Second, 180},
		{365 * day, 365},
		{5 * 365 * day, 365},
	} {
		org := oktafake.New(t)
		now := time.Date(2026, time.March, 1, 8, 0, 0, 0, time.UTC)
		org.Now = func() time.Time { return now }
		byOrg := func(cfg *okta.Config) { cfg.Clock = org.Now }
		org.AddToken(oktafake.Token{ID: "oar1", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1", Created: now.Add(-tc.age)})
		// The client's clock runs between Okta's answer and the count.
		got, err := inventory.Take(t.Context(), newClient(t, org, byOrg), inventory.Request{})
		if err != nil {
			t.Fatal(err)
		}
		for _, band := range got.Ages {
			if want := band.From == tc.band; (band.Count == 1) != want {
				t.Errorf("age %s: got %d tokens in the band from day %d, want it in that from day %d", tc.age, band.Count, band.From, tc.band)
			}
		}
	}
}

// A sum that needs a field leaves out the tokens without it.
func TestTokensThatLackFields(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.AddAuthorizationServer(oktafake.AuthorizationServer{ID: "aus1", Name: "Payments"})
	org.AddClient(oktafake.App{ID: "0oa1", Name: "Web"})
	org.Intercept = oktafake.First(
		oktafake.When(oktafake.On("GET", "/api/v1/authorizationServers/aus1/clients/0oa1/tokens"),
			answering(`[{"id":"oar1"},{"id":"oar2","status":"REVOKED","userId":"00u1"}]`)),
		oktafake.When(oktafake.On("GET", "/api/v1/authorizationServers/aus1/clients"),
			answering(`[{"client_id":"0oa1","client_name":"Web"},{"client_id":"0oa1"}]`)),
	)
	got := take(t, org, inventory.Request{CountUsers: true, KeepTokens: true})
	diff(t, "inventory", got.Clients, []inventory.Client{{
		AuthServerID: "aus1", AuthServerName: "Payments", ClientID: "0oa1", ClientName: "Web",
		TokenCount: 1, NeverExpiresCount: 1,
	}})
	diff(t, "counts", countsOf(got), counts{1, 1, 0})
	diff(t, "tokens", got.Tokens, []okta.RefreshToken{{ID: "oar1"}})
	for _, band := range got.Ages {
		if band.Count != 0 {
			t.Errorf("got %d tokens of an unknown age from day %d, want none", band.Count, band.From)
		}
	}
	diff(t, "a client listed twice is read once", len(org.RequestsOf("GET")), 3)
}

// Okta may leave out the client ID. The tokens of two apps then add up in one row.
func TestAppsWhoseTokensNameNoClient(t *testing.T) {
	t.Parallel()
	org := newOrg(t)
	org.Intercept = oktafake.First(
		oktafake.When(oktafake.On("GET", "/api/v1/apps/0oa1/tokens"), answering(`[{"id":"oar1","userId":"00u1"},{"id":"oar2","userId":"00u2"}]`)),
		oktafake.When(oktafake.On("GET", "/api/v1/apps/0oa2/tokens"), answering(`[{"id":"oar3","userId":"00u1"},{"id":"oar4"}]`)),
	)
	got := take(t, org, inventory.Request{AuthServerIDs: []string{}, AppIDs: []string{"0oa1", "0oa2"}, CountUsers: true})
	diff(t, "counts", countsOf(got), counts{4, 1, 2})
	diff(t, "clients", withoutNames(got.Clients), []inventory.Client{{TokenCount: 4, UserCount: 2, NeverExpiresCount: 4}})
	diff(t, "users", got.Users, []inventory.User{{ID: "00u1", TokenCount: 2, ClientCount: 1}, {ID: "00u2", TokenCount: 1, ClientCount: 1}})
}

// A list that changes while it is read can have a server on two pages.
func TestAServerOnTwoPagesCountsOnce(t *testing.T) {
	t.Parallel()
	once := newOrg(t)
	want := take(t, once, inventory.Request{CountUsers: true, KeepTokens: true})
	org := newOrg(t)
	org.Intercept = oktafake.When(oktafake.On("GET", servers),
		answering(`[{"id":"aus1","name":"Payments"},{"id":"aus2","name":"Partners"},{"id":"aus1","name":"Payments"}]`))
	got := take(t, org, inventory.Request{CountUsers: true, KeepTokens: true})
	diff(t, "counts", countsOf(got), counts{9, 3, 3})
	diff(t, "rows", rows(got), rows(want))
	diff(t, "requests", requests(org), requests(once))
}

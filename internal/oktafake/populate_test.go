package oktafake_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

func populated(now time.Time, p oktafake.Population) *oktafake.Org {
	org := oktafake.NewOrg()
	org.Now = func() time.Time { return now }
	oktafake.Populate(org, p)
	return org
}

func TestPopulateIsDeterministic(t *testing.T) {
	t.Parallel()
	p := oktafake.Population{Servers: 2, Clients: 5, Tokens: 20, Users: 50, Seed: 7}
	org := populated(created, p)
	later := populated(created.Add(20*time.Hour), p)
	if diff := cmp.Diff(org.Tokens(), later.Tokens()); diff != "" {
		t.Errorf("tokens of one seed on one day (-first +second):\n%s", diff)
	}
	for _, path := range []string{"/api/v1/authorizationServers", "/api/v1/authorizationServers/default/clients"} {
		if diff := cmp.Diff(decoded(t, org, path), decoded(t, later, path)); diff != "" {
			t.Errorf("%s of one seed (-first +second):\n%s", path, diff)
		}
	}
	p.Seed++
	if diff := cmp.Diff(org.TokenIDs(), populated(created, p).TokenIDs()); diff == "" {
		t.Error("two seeds gave the same tokens")
	}
}

func TestPopulationIsAsLargeAsAsked(t *testing.T) {
	t.Parallel()
	// More users, clients and servers than there are names.
	org := populated(created, oktafake.Population{Servers: 12, Clients: 20, Tokens: 3, Users: 1500, Seed: 1})
	if got := len(org.TokenIDs()); got != 12*20*3 {
		t.Errorf("got %d tokens, want %d", got, 12*20*3)
	}
	var servers []struct{ ID, Name string }
	ask(t, org, http.MethodGet, "/api/v1/authorizationServers").decode(t, &servers)
	if len(servers) != 12 {
		t.Errorf("got %d authorization servers, want 12", len(servers))
	}
	names := map[string]bool{}
	for _, server := range servers {
		var clients []struct {
			ID   string `json:"client_id"`
			Name string `json:"client_name"`
		}
		ask(t, org, http.MethodGet, "/api/v1/authorizationServers/"+server.ID+"/clients").decode(t, &clients)
		if len(clients) != 20 {
			t.Errorf("got %d clients of %s, want 20", len(clients), server.Name)
		}
		for _, client := range clients {
			names[client.Name] = true
		}
	}
	if len(names) != 12*20 {
		t.Errorf("got %d names of clients, want %d", len(names), 12*20)
	}
}

// Okta could list these tokens on the day on which the org is filled.
func TestPopulatedTokensAreRealistic(t *testing.T) {
	t.Parallel()
	midnight := time.Date(2026, time.March, 9, 0, 0, 0, 0, time.UTC)
	org := populated(midnight.Add(23*time.Hour), oktafake.Population{Servers: 2, Clients: 16, Tokens: 100, Users: 50, Seed: 1})
	endOfDay := midnight.AddDate(0, 0, 1)
	var never, oldest, custom int
	for _, token := range org.Tokens() {
		if token.Created.Before(midnight.AddDate(-1, 0, 0)) || token.Created.After(midnight) ||
			token.LastUpdated.Before(token.Created) || token.LastUpdated.After(midnight) {
			t.Errorf("%s: created %v, last updated %v, want a year at most and that order", token.ID, token.Created, token.LastUpdated)
		}
		switch {
		case token.ExpiresAt == nil:
			never++
		case token.ExpiresAt.Before(endOfDay):
			t.Errorf("%s: expires at %v, want after the day on which it is served", token.ID, token.ExpiresAt)
		}
		if token.Created.Before(midnight.AddDate(0, -6, 0)) {
			oldest++
		}
		if token.ClientID[:3] != "0oa" {
			custom++
		}
		if len(token.ID) != 20 || token.ID[:3] != "oar" {
			t.Errorf("got token ID %q, want oar and 17 characters", token.ID)
		}
	}
	for what, got := range map[string]int{"never expire": never, "are older than half a year": oldest, "are of a custom client ID": custom} {
		if total := len(org.TokenIDs()); got == 0 || got == total {
			t.Errorf("%d of %d tokens %s, want some", got, total, what)
		}
	}
}

func TestPopulateRefusesTokensWithoutUsers(t *testing.T) {
	t.Parallel()
	defer func() {
		if got := fmt.Sprint(recover()); got != "oktafake: a population with tokens needs users to hold them" {
			t.Errorf("got panic %q", got)
		}
	}()
	populated(created, oktafake.Population{Servers: 1, Clients: 1, Tokens: 1})
}

func TestSeedsRefuseDuplicateIDs(t *testing.T) {
	t.Parallel()
	for name, add := range map[string]func(*oktafake.Org){
		"server": func(o *oktafake.Org) { o.AddAuthorizationServer(oktafake.AuthorizationServer{ID: "aus1"}) },
		"client": func(o *oktafake.Org) { o.AddClient(oktafake.App{ID: "0oa3", ClientID: "till.v2"}) },
		"login":  func(o *oktafake.Org) { o.AddUser(oktafake.User{Login: "saml.jackson@example.com"}) },
		"token":  func(o *oktafake.Org) { o.AddToken(oktafake.Token{ID: "oar1", ClientID: "0oa1"}) },
		"lost":   func(o *oktafake.Org) { o.AddToken(oktafake.Token{ID: "oar9"}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: added a second time without a panic", name)
				}
			}()
			add(oktafake.NewOrg(acme))
		}()
	}
}

func TestAddTokenCompletes(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(acme)
	got := org.AddToken(oktafake.Token{AuthServerID: "aus3", ClientID: "0oa3", UserID: "00u3"})
	want := oktafake.Token{
		ID: got.ID, AuthServerID: "aus3", ClientID: "0oa3", UserID: "00u3", Scopes: []string{},
		Created: created.AddDate(0, 0, 3), LastUpdated: created.AddDate(0, 0, 3), Status: "ACTIVE",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("token (-want +got):\n%s", diff)
	}
	for _, path := range []string{"authorizationServers/aus3/clients/0oa3", "users/00u3/clients/0oa3", "apps/0oa3"} {
		if diff := cmp.Diff([]string{got.ID}, ask(t, org, http.MethodGet, "/api/v1/"+path+"/tokens").ids(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	if org.RemoveToken(got.ID) != true || org.RemoveToken(got.ID) != false || len(org.Revoked()) > 0 {
		t.Error("RemoveToken did not remove the token once, and without a revocation")
	}
}

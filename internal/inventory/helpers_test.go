package inventory_test

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/inventory"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// newClient returns a client that sends requests in memory, ten at a time, without
// retries.
func newClient(t *testing.T, org *oktafake.Server, changes ...func(*okta.Config)) *okta.Client {
	t.Helper()
	address, err := url.Parse(org.URL)
	if err != nil {
		t.Fatal(err)
	}
	cfg := okta.Config{
		OrgURL:         address,
		Credential:     okta.APIToken(org.APIToken),
		UserAgent:      "test",
		Network:        org.Org,
		MaxWait:        time.Minute,
		RequestTimeout: time.Minute,
		Parallelism:    10,
		Capacity:       100,
	}
	for _, change := range changes {
		change(&cfg)
	}
	return okta.New(cfg)
}

// oneAtATime makes the order of requests deterministic.
func oneAtATime(cfg *okta.Config) { cfg.Parallelism = 1 }

// take takes an inventory that must not fail.
func take(t *testing.T, org *oktafake.Server, req inventory.Request) inventory.Inventory {
	t.Helper()
	got, err := inventory.Take(t.Context(), newClient(t, org), req)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func diff(t *testing.T, what string, got, want any) {
	t.Helper()
	sameTime := cmp.Comparer(func(a, b okta.Time) bool { return a.String() == b.String() && a.Equal(b.Time) })
	sameError := cmp.Comparer(func(a, b error) bool { return a.Error() == b.Error() })
	if diff := cmp.Diff(want, got, sameTime, sameError, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// requests returns the requests that an org received, sorted because they ran in
// parallel.
func requests(org *oktafake.Server) []string {
	var got []string
	for _, r := range org.Requests() {
		got = append(got, r.String())
	}
	slices.Sort(got)
	return got
}

// failure is a Failure in a form that tests can compare.
type failure struct {
	List       string
	TokensSeen int
	Said       string
}

func failuresOf(failures []inventory.Failure) []failure {
	var got []failure
	for _, f := range failures {
		said := f.Err.Error()
		if e, ok := errors.AsType[*okta.Error](f.Err); ok && said == e.Error() {
			said = e.Code
		}
		got = append(got, failure{f.List(), f.TokensSeen, said})
	}
	return got
}

// newOrg returns an org with three users and two authorization servers with two
// clients each. One client has tokens at both. Pages have two items.
//
//	aus1: 0oa1 (5 tokens), 0oa2 (1)
//	aus2: 0oa2 (2), 0oa3 (1)
//	org authorization server: 0oa1 (2)
func newOrg(t *testing.T) *oktafake.Server {
	t.Helper()
	org := oktafake.New(t)
	org.AddAuthorizationServer(oktafake.AuthorizationServer{ID: "aus1", Name: "Payments"})
	org.AddAuthorizationServer(oktafake.AuthorizationServer{ID: "aus2", Name: "Partners"})
	for id, name := range map[string]string{"0oa1": "Web", "0oa2": "iOS", "0oa3": "CLI"} {
		org.AddClient(oktafake.App{ID: id, Name: name})
	}
	for id, name := range map[string]string{"00u1": "Amara", "00u2": "Bjarne", "00u3": "Chiara"} {
		org.AddUser(oktafake.User{ID: id, Login: strings.ToLower(name) + "@example.com", Name: name})
	}
	for _, token := range []oktafake.Token{
		{ID: "oar1", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1"},
		{ID: "oar2", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1"},
		{ID: "oar3", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u2"},
		{ID: "oar4", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u2"},
		{ID: "oar5", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u2"},
		{ID: "oar6", AuthServerID: "aus1", ClientID: "0oa2", UserID: "00u1"},
		{ID: "oar7", AuthServerID: "aus2", ClientID: "0oa2", UserID: "00u1"},
		{ID: "oar8", AuthServerID: "aus2", ClientID: "0oa2", UserID: "00u3"},
		{ID: "oar9", AuthServerID: "aus2", ClientID: "0oa3", UserID: "00u3"},
		{ID: "oarA", ClientID: "0oa1", UserID: "00u1"},
		{ID: "oarB", ClientID: "0oa1", UserID: "00u2"},
	} {
		token.Created = org.Now().Add(-time.Hour).Truncate(time.Second)
		org.AddToken(token)
	}
	return org
}

// counts are the numbers of an inventory.
type counts struct{ Tokens, Clients, Users int }

func countsOf(i inventory.Inventory) counts { return counts{i.TokenCount, i.ClientCount, i.UserCount} }

// rows returns the number of tokens of each client at each authorization server.
func rows(i inventory.Inventory) map[string]int {
	rows := map[string]int{}
	for _, c := range i.Clients {
		rows[c.AuthServerID+"/"+c.ClientID] = c.TokenCount
	}
	return rows
}

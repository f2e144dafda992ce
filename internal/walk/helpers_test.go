package walk_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

const clients = "/api/v1/authorizationServers/aus1/clients"

var server = okta.AuthorizationServer("aus1")

// newOrg returns an org with an authorization server and three clients, each with two
// tokens issued an hour ago: oar1 to oar6.
func newOrg(t *testing.T) *oktafake.Server {
	t.Helper()
	org := oktafake.New(t)
	for _, token := range []oktafake.Token{
		{ID: "oar1", ClientID: "0oa1"},
		{ID: "oar2", ClientID: "0oa1"},
		{ID: "oar3", ClientID: "0oa2"},
		{ID: "oar4", ClientID: "0oa2"},
		{ID: "oar5", ClientID: "0oa3"},
		{ID: "oar6", ClientID: "0oa3"},
	} {
		token.AuthServerID, token.UserID, token.Created = "aus1", "00u1", org.Now().Add(-time.Hour).Truncate(time.Second)
		org.AddToken(token)
	}
	return org
}

// newClient returns a client that sends one request at a time, in memory, without
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
		Parallelism:    1,
		Capacity:       100,
	}
	for _, change := range changes {
		change(&cfg)
	}
	return okta.New(cfg)
}

func ids(tokens []okta.RefreshToken) []string {
	var ids []string
	for _, token := range tokens {
		ids = append(ids, token.ID)
	}
	return ids
}

func paths(org *oktafake.Server) []string {
	var paths []string
	for _, r := range org.Requests() {
		paths = append(paths, r.Path)
	}
	return paths
}

func diff(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

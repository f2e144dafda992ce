package provider

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// finding is the configuration of a list named test.
func finding(arguments attributes, settings ...string) string {
	return fmt.Sprintf("list \"oktatokens_refresh_token\" \"test\" {\nprovider = oktatokens\n%s\nconfig {\n%s\n}\n}\n",
		strings.Join(settings, "\n"), hclLines(arguments))
}

// identityOf is a token's identity under a parent.
func identityOf(parent attributes, id string) attributes {
	return attributes{"auth_server_id": nil, "user_id": nil, "app_id": nil, "client_id": nil}.With(parent).With(attributes{"token_id": id})
}

func TestAccListRefreshToken(t *testing.T) {
	org := newAdoptionOrg(t)
	add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "0oa2", UserID: "00u2", Scopes: []string{"payroll"}}, "oar3")
	identity := func(client, id string) map[string]knownvalue.Check {
		return map[string]knownvalue.Check{"auth_server_id": exact("aus1"), "client_id": exact(client), "user_id": null, "app_id": null, "token_id": exact(id)}
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(org),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_14_0)},
		Steps: []resource.TestStep{
			{Config: `provider "oktatokens" {}`},
			{
				Query:  true,
				Config: finding(attributes{"auth_server_id": "aus1", "all_clients": true}, "include_resource = true"),
				QueryResultChecks: []querycheck.QueryResultCheck{
					querycheck.ExpectLength("oktatokens_refresh_token.test", 3),
					querycheck.ExpectIdentity("oktatokens_refresh_token.test", identity("0oa1", "oar2")),
					querycheck.ExpectResourceDisplayName("oktatokens_refresh_token.test",
						queryfilter.ByResourceIdentity(identity("0oa1", "oar1")), exact("Amara Abara, 0oa1, created 2026-03-01T08:00:00Z")),
					querycheck.ExpectResourceKnownValues("oktatokens_refresh_token.test", queryfilter.ByResourceIdentity(identity("0oa2", "oar3")), []querycheck.KnownValueCheck{
						{Path: tfjsonpath.New("status"), KnownValue: exact("ACTIVE")},
						{Path: tfjsonpath.New("token").AtMapKey("user_id"), KnownValue: exact("00u2")},
						{Path: tfjsonpath.New("token").AtMapKey("scopes"), KnownValue: listOf("payroll")},
					}),
				},
			},
			{
				Query:             true,
				Config:            finding(attributes{"auth_server_id": "aus1", "all_clients": true, "filter": attributes{"any_scopes": list("payroll")}}),
				QueryResultChecks: []querycheck.QueryResultCheck{querycheck.ExpectLength("oktatokens_refresh_token.test", 1)},
			},
			{
				Query:       true,
				Config:      finding(ofClient.With(attributes{"filter": attributes{}})),
				ExpectError: wrapped("Empty Filter"),
			},
		},
	})
	wantReads(t, org)
}

// What a list shows of a token is what an import of it stores.
func TestListRefreshTokenOfEachParent(t *testing.T) {
	t.Parallel()
	for _, tc := range adoptions {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newTokenOrg(t)
			c := newCore(t, org, nil).of("refresh_token")
			rows := c.List(tc.parent, 100, true)
			diff(t, "requests", requests(org), []string{"GET " + strings.TrimSuffix(tc.path, "/oar1") + "?limit=200"})
			imported, diags := c.Import("", rows[0].Identity)
			c.none(diags)
			diff(t, "rows", rows, []row{{
				Name:     "Amara Abara, Till, created 2026-03-01T08:00:00Z",
				Identity: identityOf(tc.parent, "oar1"),
				Resource: object(t, imported),
			}})
			rows = c.List(tc.parent, 100, false)
			if rows[0].Resource != nil {
				t.Errorf("got the resource %v, want none without include_resource", rows[0].Resource)
			}
		})
	}
}

// newQueryOrg is an org with tokens of two clients and two users, the youngest
// first.
func newQueryOrg(t *testing.T, seeds ...oktafake.Seed) *oktafake.Server {
	t.Helper()
	org := oktafake.New(t, seeds...)
	for i, token := range []oktafake.Token{
		{ID: "oar1", ClientID: "0oa1", UserID: "00u1", Scopes: []string{"openid", "payroll"}},
		{ID: "oar2", ClientID: "0oa1", UserID: "00u2", Scopes: []string{"openid"}},
		{ID: "oar3", ClientID: "0oa2", UserID: "00u1", Scopes: []string{"payroll"}},
		{ID: "oar4", ClientID: "0oa1", UserID: "00u1", Status: "REVOKED"},
		{ID: "oar5", ClientID: "0oa2", UserID: "00u2"},
	} {
		token.AuthServerID, token.Created = "aus1", epoch.Add(-time.Duration(i)*time.Hour)
		org.AddToken(token)
	}
	return org
}

func TestListRefreshToken(t *testing.T) {
	t.Parallel()
	every := attributes{"auth_server_id": "aus1", "all_clients": true}
	for _, tc := range []struct {
		name   string
		config attributes
		want   []any
	}{
		{"of a client", ofClient, list("oar4", "oar2", "oar1")},
		{"of every client", every, list("oar5", "oar4", "oar3", "oar2", "oar1")},
		{"of every client of a user", attributes{"user_id": "00u1", "all_clients": true}, list("oar4", "oar3", "oar1")},
		{"of an app", attributes{"app_id": "0oa2"}, list("oar5", "oar3")},
		{"of a client without any", attributes{"user_id": "00u3", "client_id": "0oa1"}, nil},
		{"of a user without clients", attributes{"user_id": "00u3", "all_clients": true}, nil},
		{"filter by user", every.With(attributes{"filter": attributes{"user_ids": list("00u2", "00u9")}}), list("oar5", "oar2")},
		{"filter by client", every.With(attributes{"filter": attributes{"client_ids": list("0oa2")}}), list("oar5", "oar3")},
		{"filter by ID", every.With(attributes{"filter": attributes{"token_ids": list("oar3", "oar9")}}), list("oar3")},
		{"filter by any scope", every.With(attributes{"filter": attributes{"any_scopes": list("payroll", "email")}}), list("oar3", "oar1")},
		{"filter by all scopes", every.With(attributes{"filter": attributes{"all_scopes": list("payroll", "openid")}}), list("oar1")},
		{"filter by instant", every.With(attributes{"filter": attributes{"created_after": "2026-03-01T06:00:00Z"}}), list("oar2", "oar1")},
		{"filter by age", every.With(attributes{"filter": attributes{"older_than": "1h"}}), list("oar5", "oar4", "oar3", "oar2", "oar1")},
		{"filter by expiry", every.With(attributes{"filter": attributes{"never_expires": false}}), nil},
		{"filter of an empty list", every.With(attributes{"filter": attributes{"user_ids": list()}}), nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newQueryOrg(t)
			org.AddUser(oktafake.User{ID: "00u3"})
			rows := newCore(t, org, nil).of("refresh_token").List(tc.config, 100, false)
			diff(t, "diagnostics", diagnosticsIn(rows), []diagnostic{})
			diff(t, "tokens", tokensOf(rows), tc.want)
			for _, r := range rows {
				if _, every := tc.config["all_clients"]; every && r.Identity["client_id"] == nil {
					t.Errorf("%s has no client_id, without which it cannot be imported", r.Identity["token_id"])
				}
			}
			wantReads(t, org)
		})
	}
}

func TestListRefreshTokenLimit(t *testing.T) {
	t.Parallel()
	truncated := func(summary string) []diagnostic {
		return []diagnostic{{Warning: true, Summary: summary, Detail: "These are the oldest. To see all of them, set limit = 3 in the list block, which defaults to 100."}}
	}
	for _, tc := range []struct {
		limit  int
		tokens []any
		want   []diagnostic
	}{
		{1, list("oar4"), truncated("Shows 1 of 3 refresh tokens")},
		{2, list("oar4", "oar2"), truncated("Shows 2 of 3 refresh tokens")},
		{3, list("oar4", "oar2", "oar1"), nil},
		{4, list("oar4", "oar2", "oar1"), nil},
	} {
		rows := newCore(t, newQueryOrg(t), nil).of("refresh_token").List(ofClient, tc.limit, true)
		diff(t, fmt.Sprintf("diagnostics of %d", tc.limit), diagnosticsIn(rows), tc.want)
		diff(t, fmt.Sprintf("tokens of %d", tc.limit), tokensOf(rows), tc.tokens)
	}
}

// Nothing is lost or shown twice in a long list, and its order is that of age.
func TestListRefreshTokenOfManyTokens(t *testing.T) {
	t.Parallel()
	ids := numbered(10_000)
	org := oktafake.New(t, func(org *oktafake.Org) { org.PageSize = 200 })
	add(org, held, ids...)
	c := newCore(t, org, nil).of("refresh_token")
	rows := c.List(ofClient, 10_000, false)
	diff(t, "diagnostics", diagnosticsIn(rows), []diagnostic{})
	diff(t, "tokens", tokensOf(rows), list(ids...))
	if got, want := len(org.Requests()), 50; got != want {
		t.Errorf("got %d requests, want %d", got, want)
	}
	rows = c.List(ofClient, 1, true)
	diff(t, "warnings", summaries(diagnosticsIn(rows)), []string{"Shows 1 of 10,000 refresh tokens"})
	diff(t, "tokens", tokensOf(rows), list("oar0001"))
	wantReads(t, org)
}

// A list that changes while it is read can show a token on two pages.
func TestListRefreshTokenShowsEachOnce(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
		if !r.URL.Query().Has("after") {
			w.Header().Set("Link", fmt.Sprintf("<%s%s?after=1>; rel=\"next\"", org.URL, allTokens))
		}
		return answering(`[{"id":"oar1","created":"2026-03-01T08:00:00Z"},{"id":"oar2"}]`)(w, r)
	}
	rows := newCore(t, org, nil).of("refresh_token").List(ofClient, 100, false)
	diff(t, "tokens", tokensOf(rows), list("oar2", "oar1"))
	diff(t, "name of a token of which Okta tells little", rows[0].Name, "")
}

// A first answer whose time is absurd makes no young token old.
func TestListRefreshTokenMeasuresNoAgeByAnAbsurdClock(t *testing.T) {
	t.Parallel()
	for _, parent := range []attributes{ofClient, {"app_id": "0oa1"}, {"auth_server_id": "aus1", "all_clients": true}} {
		org := oktafake.New(t)
		young := held
		org.PageSize = 1
		for _, young.ID = range []string{"oar1", "oar2"} {
			org.AddToken(young)
		}
		c := newCore(t, org, nil).of("refresh_token")
		c.network = &firstOf2100{RoundTripper: org.Org}
		rows := c.List(parent.With(attributes{"filter": attributes{"older_than": "720h"}}), 100, false)
		diff(t, "diagnostics", diagnosticsIn(rows), []diagnostic{})
		diff(t, "tokens", tokensOf(rows), []any{})
	}
}

// A name stays on its line, whatever its owner has put into it.
func TestListRefreshTokenNamesForgeNothing(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.AddUser(oktafake.User{ID: "00u1", Name: "Eve\n\x1b[2Koar9"})
	add(org, held, "oar1")
	rows := newCore(t, org, nil).of("refresh_token").List(ofClient, 100, false)
	diff(t, "name", rows[0].Name, "Eve\uFFFD\uFFFD[2Koar9, 0oa1, created 2026-03-01T08:00:00Z")
}

func TestListRefreshTokenFaults(t *testing.T) {
	t.Parallel()
	for _, config := range []attributes{ofClient, {"auth_server_id": "aus1", "all_clients": true}} {
		total := 2
		if config["all_clients"] != nil {
			total = 4 // the clients, two pages of one and a page of the other
		}
		for n := 1; n <= total; n++ {
			for _, fault := range faults {
				t.Run(fmt.Sprintf("%d/%d/%s", total, n, fault.name), func(t *testing.T) {
					t.Parallel()
					s := &sabotage{}
					org := newQueryOrg(t, s.intercept)
					s.armFrom(n, fault.respond) // a list that is refused half way is asked for again
					rows := newCore(t, org, attributes{"max_retries": 0, "parallelism": 1}).of("refresh_token").List(config, 100, false)
					got := summaries(diagnosticsIn(rows))
					if len(got) != 1 || fault.want != "" && got[0] != fault.want {
						t.Errorf("got the errors %q, want %q", got, fault.want)
					}
					diff(t, "tokens beside the error", tokensOf(rows), []any{})
				})
			}
		}
	}
}

func TestListRefreshTokenOfAParentThatIsNotThere(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		config attributes
		want   string
	}{
		{attributes{"auth_server_id": "aus9", "client_id": "0oa1"}, "auth_server_id: Parent Not Found"},
		{attributes{"auth_server_id": "aus9", "all_clients": true}, "auth_server_id: Parent Not Found"},
		{attributes{"user_id": "00u1", "client_id": "0oa9"}, "client_id: Parent Not Found"},
		{attributes{"app_id": "0oa9"}, "app_id: Parent Not Found"},
	} {
		rows := newCore(t, newQueryOrg(t), nil).of("refresh_token").List(tc.config, 100, false)
		diff(t, "errors", summaries(diagnosticsIn(rows)), []string{tc.want})
	}
}

// A client that is deleted meanwhile has taken its tokens along.
func TestListRefreshTokenOfAClientThatIsDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	org := newQueryOrg(t)
	deleted := oktafake.Fail(http.StatusNotFound, "E0000007", "Not found: Resource not found: 0oa1 (PublicClientApp)")
	org.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != allTokens || !r.URL.Query().Has("after") {
			return false
		}
		for _, token := range org.Tokens() {
			if token.ClientID == "0oa1" {
				org.RemoveToken(token.ID)
			}
		}
		return deleted(w, r)
	}
	rows := newCore(t, org, nil).of("refresh_token").List(attributes{"auth_server_id": "aus1", "all_clients": true}, 100, false)
	diff(t, "diagnostics", diagnosticsIn(rows), []diagnostic{})
	diff(t, "tokens", tokensOf(rows), list("oar5", "oar3"))
}

// A client that is said not to exist, and is still listed, may hold tokens.
func TestListRefreshTokenOfAClientThatIsStillListed(t *testing.T) {
	t.Parallel()
	org := newQueryOrg(t)
	org.Intercept = oktafake.Once(oktafake.On(http.MethodGet, allTokens), oktafake.Fail(http.StatusNotFound, "E0000007", "Not found: Resource not found: 0oa1 (PublicClientApp)"))
	rows := newCore(t, org, nil).of("refresh_token").List(attributes{"auth_server_id": "aus1", "all_clients": true}, 100, false)
	diff(t, "errors", summaries(diagnosticsIn(rows)), []string{"Okta Contradicts Itself"})
	diff(t, "tokens", tokensOf(rows), []any{})
}

// A list that is interrupted says so: what it has shown is not all.
func TestListRefreshTokenInterrupted(t *testing.T) {
	t.Parallel()
	c := newCore(t, newQueryOrg(t), nil).of("refresh_token")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	rows := c.Lister().List(ctx, ofClient, 100, false, func(row) { cancel() })
	diff(t, "tokens", tokensOf(rows), list("oar4"))
	diff(t, "errors", summaries(diagnosticsIn(rows)), []string{"Interrupted"})
	// Before anything was read, too.
	rows = c.Lister().List(ctx, ofClient, 100, false, func(row) {})
	diff(t, "tokens", tokensOf(rows), []any{})
	diff(t, "errors", summaries(diagnosticsIn(rows)), []string{"Interrupted"})
}

func TestListRefreshTokenRefusesConfigurations(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		config attributes
		want   []string
	}{
		{"no parent", nil, []string{"auth_server_id: Missing Parent"}},
		{"two parents", attributes{"auth_server_id": "aus1", "user_id": "00u1", "client_id": "0oa1"}, []string{"user_id: Invalid Attribute Combination"}},
		{"no client", attributes{"auth_server_id": "aus1"}, []string{"client_id: Missing Client ID"}},
		{"all_clients that is false", attributes{"auth_server_id": "aus1", "all_clients": false}, []string{"client_id: Missing Client ID"}},
		{"one client and every", ofClient.With(attributes{"all_clients": true}), []string{"all_clients: Invalid Attribute Combination"}},
		{"every client of an app", attributes{"app_id": "0oa1", "all_clients": true}, []string{"all_clients: Invalid Attribute Combination"}},
		{"a client of an app", attributes{"app_id": "0oa1", "client_id": "0oa1"}, []string{"client_id: Invalid Attribute Combination"}},
		{"an empty client", attributes{"user_id": "00u1", "client_id": ""}, []string{"client_id: Invalid ID"}},
		{"an empty filter", ofClient.With(attributes{"filter": attributes{}}), []string{"filter: Empty Filter"}},
		{"an empty member", ofClient.With(attributes{"filter": attributes{"user_ids": list("")}}), []string{"filter.user_ids.[…]: Invalid User ID"}},
		{"a null member", ofClient.With(attributes{"filter": attributes{"user_ids": []any{nil}}}), []string{"filter.user_ids: Null Member"}},
		{"a duration without a unit", ofClient.With(attributes{"filter": attributes{"older_than": "30"}}), []string{"filter.older_than: Invalid Duration"}},
		{"an instant that is none", ofClient.With(attributes{"filter": attributes{"created_before": "yesterday"}}), []string{"filter.created_before: Invalid Time"}},
		{"not known yet", attributes{"user_id": unknown{}, "client_id": unknown{}, "filter": unknown{}}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			diff(t, "errors", summaries(newCore(t, org, nil).of("refresh_token").ValidateList(tc.config)), tc.want)
			wantNoRequests(t, org)
		})
	}
}

package provider

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/inventory"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// newInventoryOrg has two authorization servers, two clients and two users, whose
// names are beside them, and a token of the org authorization server.
func newInventoryOrg(t *testing.T) *oktafake.Server {
	t.Helper()
	org := oktafake.New(t)
	org.Now = func() time.Time { return epoch.Add(100 * 24 * time.Hour) }
	org.AddAuthorizationServer(oktafake.AuthorizationServer{ID: "aus2", Name: "Partners"})
	org.AddAuthorizationServer(oktafake.AuthorizationServer{ID: "aus1", Name: "Payments"})
	org.AddClient(oktafake.App{ID: "0oa1", Name: "Web"})
	org.AddClient(oktafake.App{ID: "0oa2", ClientID: "till_2.v2", Name: "Till"})
	org.AddUser(oktafake.User{ID: "00u1", Login: "amara@example.com", Name: "Amara"})
	org.AddUser(oktafake.User{ID: "00u2", Login: "bjarne@example.com", Name: "Bjarne"})
	expires := epoch.Add(110 * 24 * time.Hour)
	for _, token := range []oktafake.Token{
		{ID: "oar1", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1", Scopes: []string{"openid", "email"}, Created: epoch, LastUpdated: epoch.Add(50 * time.Hour), ExpiresAt: &expires},
		{ID: "oar2", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u2", Scopes: []string{"openid"}, Created: epoch.Add(99 * 24 * time.Hour), LastUpdated: epoch.Add(99 * 24 * time.Hour)},
		{ID: "oar3", AuthServerID: "aus2", ClientID: "till_2.v2", UserID: "00u2", Created: epoch, ExpiresAt: &expires},
		{ID: "oar4", ClientID: "0oa1", UserID: "00u1", Created: epoch, ExpiresAt: &expires},
	} {
		org.AddToken(token)
	}
	return org
}

const (
	epochText  = "2026-03-01T08:00:00.000Z"
	recentText = "2026-06-08T08:00:00.000Z"
)

// inventoried is that org's inventory, of every custom authorization server.
func inventoried(org *oktafake.Server) attributes {
	band := func(from int, to any, count int) attributes {
		return attributes{"days_from": from, "days_to": to, "token_count": count}
	}
	return attributes{
		"org_url": org.URL, "complete": true, "failures": list(),
		"token_count": 3, "client_count": 2, "user_count": 2,
		"clients": []any{
			attributes{
				"auth_server_id": "aus1", "auth_server_name": "Payments", "client_id": "0oa1", "client_name": "Web",
				"token_count": 2, "user_count": 2, "never_expires_count": 1,
				"oldest_created": epochText, "newest_created": recentText, "oldest_last_updated": "2026-03-03T10:00:00.000Z",
				"scope_counts": attributes{"openid": 2, "email": 1},
			},
			attributes{
				"auth_server_id": "aus2", "auth_server_name": "Partners", "client_id": "till_2.v2", "client_name": "Till",
				"token_count": 1, "user_count": 1, "never_expires_count": 0,
				"oldest_created": epochText, "newest_created": epochText, "oldest_last_updated": epochText,
				"scope_counts": attributes{},
			},
		},
		"age_histogram": []any{band(0, 1, 0), band(1, 7, 1), band(7, 30, 0), band(30, 90, 0), band(90, 180, 2), band(180, 365, 0), band(365, nil, 0)},
		"users":         nil, "tokens": nil,
	}
}

// noInventoryArguments are the arguments of an inventory that has none.
var noInventoryArguments = attributes{
	"auth_server_ids": nil, "client_ids": nil, "user_ids": nil, "app_ids": nil, "filter": nil,
	"include_tokens": nil, "include_users": nil, "on_error": nil,
}

func TestAccInventory(t *testing.T) {
	org := newInventoryOrg(t)
	const address = "data.oktatokens_inventory.test"
	full := data("inventory", attributes{"include_tokens": true, "include_users": true})
	accept(t, org,
		resource.TestStep{
			Config: full,
			ConfigStateChecks: known{
				"token_count":  knownvalue.Int64Exact(3),
				"client_count": knownvalue.Int64Exact(2),
				"user_count":   knownvalue.Int64Exact(2),
				"complete":     knownvalue.Bool(true),
				"failures":     knownvalue.ListSizeExact(0),
				"clients":      knownvalue.ListSizeExact(2),
				"tokens":       knownvalue.ListSizeExact(3),
				"users": knownvalue.ListExact([]knownvalue.Check{
					knownvalue.ObjectExact(known{"user_id": exact("00u1"), "user_name": exact("Amara"), "token_count": knownvalue.Int64Exact(1), "client_count": knownvalue.Int64Exact(1)}),
					knownvalue.ObjectExact(known{"user_id": exact("00u2"), "user_name": exact("Bjarne"), "token_count": knownvalue.Int64Exact(2), "client_count": knownvalue.Int64Exact(2)}),
				}),
			}.state(address),
		},
		again(full),
		resource.TestStep{
			Config: later(list("aus2")) + data("inventory", attributes{"auth_server_ids": laterRef}),
			ConfigStateChecks: known{
				"token_count": knownvalue.Int64Exact(1),
				"tokens":      null,
				"users":       null,
			}.state(address),
		},
	)
	wantReads(t, org)
}

func TestInventory(t *testing.T) {
	t.Parallel()
	org := newInventoryOrg(t)
	c := newCore(t, org, nil)
	for range 2 { // nothing in it tells of when it was read
		got, diags := c.readData("inventory", nil)
		diff(t, "diagnostics", diags, []diagnostic{})
		diff(t, "inventory", got, noInventoryArguments.With(inventoried(org)))
	}
	got, _ := c.readData("inventory", attributes{"include_tokens": true, "include_users": true})
	diff(t, "tokens", each(t, got["tokens"], "id"), list("oar1", "oar3", "oar2"))
	diff(t, "users", each(t, got["users"], "user_name"), list("Amara", "Bjarne"))
}

func TestInventoryOfParts(t *testing.T) {
	t.Parallel()
	c := newCore(t, newInventoryOrg(t), nil)
	none := list()
	for _, tc := range []struct {
		name   string
		config attributes
		want   []any // tokens
	}{
		{"servers", attributes{"auth_server_ids": list("aus2")}, list("oar3")},
		{"no server", attributes{"auth_server_ids": none}, none},
		{"a client", attributes{"client_ids": list("0oa1")}, list("oar1", "oar2")},
		{"no client", attributes{"client_ids": none}, none},
		{"a user", attributes{"auth_server_ids": none, "user_ids": list("00u1")}, list("oar1", "oar4")},
		{"a user by login", attributes{"auth_server_ids": none, "user_ids": list("amara@example.com", "00u1")}, list("oar1", "oar4")},
		{"an app", attributes{"auth_server_ids": none, "app_ids": list("0oa1")}, list("oar1", "oar4", "oar2")},
		{"everything", attributes{"user_ids": list("00u1", "00u2"), "app_ids": list("0oa1", "0oa2")}, list("oar1", "oar3", "oar4", "oar2")},
		{"a filter", attributes{"filter": attributes{"older_than": "720h"}}, list("oar1", "oar3")},
		{"a filter over everything", attributes{"app_ids": list("0oa1"), "filter": attributes{"user_ids": list("00u1")}}, list("oar1", "oar4")},
	} {
		got, diags := c.readData("inventory", tc.config.With(attributes{"include_tokens": true}))
		diff(t, tc.name+": diagnostics", diags, []diagnostic{})
		diff(t, tc.name, each(t, got["tokens"], "id"), tc.want)
		diff(t, tc.name+": token_count", got["token_count"], len(tc.want))
		if got["tokens"] == nil || got["clients"] == nil || got["failures"] == nil {
			t.Errorf("%s: got null lists %v, want empty ones", tc.name, got)
		}
	}
}

// An error is attached to the argument that led to it, and says how far it got.
func TestInventoryErrors(t *testing.T) {
	t.Parallel()
	const tokens = "/api/v1/authorizationServers/aus1/clients/0oa1/tokens"
	for _, tc := range []struct {
		name   string
		config attributes
		hook   oktafake.Responder
		want   diagnostic
	}{
		{"unknown server", attributes{"auth_server_ids": list("aus1", "aus9")}, nil, diagnostic{
			Summary: "Parent Not Found", Attribute: "auth_server_ids",
			Detail: "Could not list the clients of authorization server aus9. The org ORG knows no authorization server aus9. Check auth_server_ids and OKTA_ORG_URL.",
		}},
		{"unknown client among several", attributes{"auth_server_ids": list("aus1"), "client_ids": list("0oa1", "0oa9")}, nil, diagnostic{
			Summary: "Parent Not Found", Attribute: "client_ids",
			Detail: "Could not list the refresh tokens of client 0oa9 of authorization server aus1. The org ORG knows no client 0oa9.",
		}},
		{"unknown user", attributes{"user_ids": list("00u9")}, nil, diagnostic{
			Summary: "Parent Not Found", Attribute: "user_ids",
			Detail: "Could not list the clients of user 00u9. The org ORG knows no user 00u9.",
		}},
		{"unknown app", attributes{"app_ids": list("0oa9")}, nil, diagnostic{
			Summary: "Parent Not Found", Attribute: "app_ids",
			Detail: "Could not list the refresh tokens of app 0oa9. The org ORG knows no app 0oa9.",
		}},
		{
			"no API Access Management", nil,
			oktafake.When(oktafake.On("GET", "/api/v1/authorizationServers"), oktafake.Fail(401, "E0000015", "No such feature")),
			diagnostic{
				Summary: "API Access Management Is Not Enabled", Attribute: "auth_server_ids",
				Detail: "Could not list the authorization servers of the org. This org lacks API Access Management, the feature of Okta's that custom authorization servers belong to. " +
					"Tokens can still be found through user_ids or app_ids, with auth_server_ids = [].",
			},
		},
		{
			"a list that breaks off",
			attributes{"client_ids": list("0oa1"), "auth_server_ids": list("aus1")},
			oktafake.When(oktafake.On("GET", tokens), failOnPageTwo),
			diagnostic{
				Summary: "Unable to Take Inventory",
				Detail:  "Could not list the refresh tokens of client 0oa1 of authorization server aus1 to the end: it broke off after 2 tokens. Okta, or a proxy before it, failed to answer.",
			},
		},
		{
			"a list that breaks off, of a client that is still listed", nil,
			oktafake.When(oktafake.On("GET", tokens), func(w http.ResponseWriter, r *http.Request) bool {
				return r.URL.Query().Has("after") && oktafake.Fail(404, "E0000007", "Not found")(w, r)
			}),
			diagnostic{
				Summary: "Okta Contradicts Itself",
				Detail: "Could not list the refresh tokens of client 0oa1 of authorization server aus1 to the end: it broke off after 2 tokens. " +
					"Okta lists what it says does not exist. Neither answer is believed. Try again, and ask Okta's support if it stays like that." +
					"\n\nOkta still lists client 0oa1, which it says does not exist: okta: GET " + tokens + ": 404 E0000007: Not found",
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newInventoryOrg(t)
			add(org, held, "oar5", "oar6")
			org.Intercept = tc.hook
			got, diags := newCore(t, org, attributes{"max_retries": 0}).readData("inventory", tc.config)
			diff(t, "state", got, attributes{})
			if len(diags) != 1 {
				t.Fatalf("got %+v, want one error", diags)
			}
			if !strings.HasPrefix(diags[0].Detail, atOrg(org, tc.want.Detail)) {
				t.Errorf("got the detail\n\t%s\nwant\n\t%s…", diags[0].Detail, tc.want.Detail)
			}
			tc.want.Detail = diags[0].Detail
			diff(t, "error", diags[0], tc.want)
		})
	}
}

// What could not be read is named, is in no sum, and is warned of.
func TestInventoryThatContinues(t *testing.T) {
	t.Parallel()
	org := newInventoryOrg(t)
	org.Intercept = oktafake.When(oktafake.On("GET", "/api/v1/authorizationServers/aus1/clients/0oa1/tokens"), oktafake.Fail(403, "E0000006", "Not allowed"))
	got, diags := newCore(t, org, nil).readData("inventory", attributes{"on_error": "continue", "user_ids": list("00u9")})
	failures, _ := got["failures"].([]any)
	diff(t, "failures", failures, []any{
		attributes{"auth_server_id": "aus1", "user_id": nil, "app_id": nil, "client_id": "0oa1", "error": "403 E0000006: Not allowed", "tokens_seen": 0},
		attributes{"auth_server_id": nil, "user_id": "00u9", "app_id": nil, "client_id": nil, "error": "404 E0000007: Not found: Resource not found: 00u9 (User)", "tokens_seen": 0},
	})
	diff(t, "complete", got["complete"], false)
	diff(t, "token_count", got["token_count"], 1)
	diff(t, "clients", each(t, got["clients"], "client_id"), list("till_2.v2"))
	diff(t, "warnings", summaries(warningsOf(diags)), []string{"Inventory is incomplete: 2 lists could not be read"})
	for _, words := range []string{"refresh tokens of client 0oa1 of authorization server aus1: 403 E0000006", "clients of user 00u9: 404 E0000007"} {
		if !strings.Contains(diags[0].Detail, words) {
			t.Errorf("got the detail\n\t%s\nwant %q in it", diags[0].Detail, words)
		}
	}
}

// A plan that reads the same failures again is quiet: the IDs that differ each time are in the warning.
func TestInventoryReadsTheSameFailuresTwice(t *testing.T) {
	t.Parallel()
	org := newInventoryOrg(t)
	org.Intercept = oktafake.When(oktafake.On("GET", "/api/v1/authorizationServers/aus1/clients/0oa1/tokens"), oktafake.Fail(403, "E0000006", "Not allowed"))
	c := newCore(t, org, nil)
	first, diags := c.readData("inventory", attributes{"on_error": "continue"})
	second, more := c.readData("inventory", attributes{"on_error": "continue"})
	diff(t, "second read", second, first)
	for _, d := range append(diags, more...) {
		if !strings.Contains(d.Detail, "request ID ") {
			t.Errorf("the warning names no request ID:\n\t%s", d.Detail)
		}
	}
}

func TestInventoryRefusesWrongArguments(t *testing.T) {
	t.Parallel()
	c := newCore(t, oktafake.New(t), nil)
	for _, tc := range []struct {
		config attributes
		want   string
	}{
		{attributes{"auth_server_ids": list("aus1", "..")}, "Invalid ID"},
		{attributes{"client_ids": list("")}, "Invalid ID"},
		{attributes{"user_ids": list("a/b")}, "Invalid ID"},
		{attributes{"app_ids": []any{nil}}, "Null Member"},
		{attributes{"on_error": "ignore"}, "on_error: Invalid Attribute Value Match"},
		{attributes{"filter": attributes{}}, "filter: Empty Filter"},
	} {
		got := summaries(c.validateData("inventory", tc.config))
		if len(got) != 1 || !strings.HasSuffix(got[0], tc.want) {
			t.Errorf("%v: got %q, want %q", tc.config, got, tc.want)
		}
	}
}

func TestInventoryRows(t *testing.T) {
	t.Parallel()
	at := okta.NewTime(epoch)
	client := inventory.Client{
		AuthServerID: "aus1", AuthServerName: "Payments", ClientID: "0oa1", ClientName: "Web", TokenCount: 3, UserCount: 2, NeverExpiresCount: 1,
		OldestCreated: at, NewestCreated: okta.NewTime(epoch.Add(time.Hour)), OldestLastUpdated: okta.NewTime(epoch.Add(2 * time.Hour)),
		TokensByScope: map[string]int{"openid": 3},
	}
	typ := inventoryClientFields.objectType().TerraformType(t.Context())
	wantRow(t, "a client", inventoryClientFields.row(client), value(t, typ, attributes{
		"auth_server_id": "aus1", "auth_server_name": "Payments", "client_id": "0oa1", "client_name": "Web",
		"token_count": 3, "user_count": 2, "never_expires_count": 1,
		"oldest_created": at.String(), "newest_created": client.NewestCreated.String(), "oldest_last_updated": client.OldestLastUpdated.String(),
		"scope_counts": attributes{"openid": 3},
	}))
	wantRow(t, "an empty client", inventoryClientFields.row(inventory.Client{}), value(t, typ, attributes{
		"token_count": 0, "user_count": 0, "never_expires_count": 0, "scope_counts": attributes{},
	}))
	typ = ageBandFields.objectType().TerraformType(t.Context())
	wantRow(t, "a band", ageBandFields.row(inventory.AgeBand{To: 1, Count: 2}), value(t, typ, attributes{"days_from": 0, "days_to": 1, "token_count": 2}))
	wantRow(t, "the last band", ageBandFields.row(inventory.AgeBand{From: 365}), value(t, typ, attributes{"days_from": 365, "token_count": 0}))
	typ = inventoryUserFields.objectType().TerraformType(t.Context())
	wantRow(t, "a user", inventoryUserFields.row(inventory.User{ID: "00u1", Name: "Zoë", TokenCount: 2, ClientCount: 1}), value(t, typ, attributes{
		"user_id": "00u1", "user_name": "Zoë", "token_count": 2, "client_count": 1,
	}))
}

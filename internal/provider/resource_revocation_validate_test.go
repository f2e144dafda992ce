package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

func TestRevocationRefusesWhatIsNotSaidInSoManyWords(t *testing.T) {
	t.Parallel()
	all := attributes{"all": true}
	for _, tc := range []struct {
		name   string
		config attributes
		want   []string // attribute and summary of each error
	}{
		{"no selection", ofClient, []string{"token_id: Missing Selection"}},
		{"token_id null", ofClient.With(attributes{"token_id": nil}), []string{"token_id: Missing Selection"}},
		{"token_ids null", ofClient.With(attributes{"token_ids": nil}), []string{"token_id: Missing Selection"}},
		{"two selections", ofClient.With(attributes{"token_id": "oar1", "all": true}), []string{"all: Invalid Attribute Combination"}},
		{"two kinds of IDs", ofClient.With(attributes{"token_id": "oar1", "token_ids": list("oar1")}), []string{"token_ids: Invalid Attribute Combination"}},
		{"a filter and no tokens", ofClient.With(attributes{"token_ids": list(), "filter": attributes{"never_expires": true}}), []string{"filter: Invalid Attribute Combination"}},
		{"an unknown and two known selections", ofClient.With(attributes{"token_id": unknown{}, "token_ids": list("oar1"), "all": true}), []string{"all: Invalid Attribute Combination"}},
		{"all = false", ofClient.With(attributes{"all": false}), []string{"all: Invalid Selection"}},
		{"all = false and another", ofClient.With(attributes{"all": false, "token_id": "oar1"}), []string{"all: Invalid Selection"}},

		{"token_id empty", ofClient.With(attributes{"token_id": ""}), []string{"token_id: Invalid ID"}},
		{"token_ids with an empty one", ofClient.With(attributes{"token_ids": list("oar1", "")}), []string{"token_ids.[…]: Invalid ID"}},
		{"token_ids with a null", ofClient.With(attributes{"token_ids": []any{"oar1", nil}}), []string{"token_ids: Null Member"}},
		{"token_id that climbs", ofClient.With(attributes{"token_id": ".."}), []string{"token_id: Invalid ID"}},
		{"token_id that stays", ofClient.With(attributes{"token_id": "."}), []string{"token_id: Invalid ID"}},
		{"token_id with a slash", ofClient.With(attributes{"token_id": "oar1/x"}), []string{"token_id: Invalid ID"}},
		{"token_id with a query", ofClient.With(attributes{"token_id": "oar1?x"}), []string{"token_id: Invalid ID"}},
		{"token_id with a fragment", ofClient.With(attributes{"token_id": "oar1#x"}), []string{"token_id: Invalid ID"}},
		{"token_id encoded", ofClient.With(attributes{"token_id": "oar1%2fx"}), []string{"token_id: Invalid ID"}},
		{"token_id with a space", ofClient.With(attributes{"token_id": "oar1 "}), []string{"token_id: Invalid ID"}},
		{"token_id with a line break", ofClient.With(attributes{"token_id": "oar1\n"}), []string{"token_id: Invalid ID"}},
		{"client_id empty", attributes{"auth_server_id": "aus1", "client_id": ""}.With(all), []string{"client_id: Invalid ID"}},
		{"auth_server_id with a slash", attributes{"auth_server_id": "aus1/clients", "client_id": "0oa1"}.With(all), []string{"auth_server_id: Invalid ID"}},
		{"user_id that climbs", attributes{"user_id": "..", "client_id": "0oa1"}.With(all), []string{"user_id: Invalid ID"}},
		{"app_id with a query", attributes{"app_id": "0oa1?x"}.With(all), []string{"app_id: Invalid ID"}},

		{"no parent", all, []string{"auth_server_id: Missing Parent"}},
		{"a client alone", attributes{"client_id": "0oa1"}.With(all), []string{"auth_server_id: Missing Parent"}},
		{"every client of nothing", attributes{"all_clients": true}.With(all), []string{"auth_server_id: Missing Parent"}},
		{"server and user", ofClient.With(attributes{"user_id": "00u1"}).With(all), []string{"user_id: Invalid Attribute Combination"}},
		{"user and app", attributes{"user_id": "00u1", "app_id": "0oa1"}.With(all), []string{"app_id: Invalid Attribute Combination", "client_id: Missing Client ID"}},
		{"server without client", attributes{"auth_server_id": "aus1"}.With(all), []string{"client_id: Missing Client ID"}},
		{"user without client", attributes{"user_id": "00u1"}.With(all), []string{"client_id: Missing Client ID"}},
		{"all_clients = false", attributes{"user_id": "00u1", "all_clients": false}.With(all), []string{"client_id: Missing Client ID"}},
		{"app with client", attributes{"app_id": "0oa1", "client_id": "0oa1"}.With(all), []string{"client_id: Invalid Attribute Combination"}},
		{"one client and all", ofClient.With(attributes{"all_clients": true}).With(all), []string{"all_clients: Invalid Attribute Combination"}},
		{"app with all_clients", attributes{"app_id": "0oa1", "all_clients": true}.With(all), []string{"all_clients: Invalid Attribute Combination"}},
		{"sessions of a server", ofClient.With(attributes{"end_sessions": true}).With(all), []string{"end_sessions: Invalid Attribute Combination"}},
		{"sessions of an app", attributes{"app_id": "0oa1", "end_sessions": true}.With(all), []string{"end_sessions: Invalid Attribute Combination"}},

		{"on_reappear", ofClient.With(attributes{"on_reappear": "Revoke"}).With(all), []string{"on_reappear: Invalid Attribute Value Match"}},
		{"evidence", ofClient.With(attributes{"evidence": ""}).With(all), []string{"evidence: Invalid Attribute Value Match"}},
		{"max_tokens", ofClient.With(attributes{"max_tokens": -1}).With(all), []string{"max_tokens: Invalid Attribute Value"}},
		{"timeouts", ofClient.With(attributes{"timeouts": attributes{"create": "soon"}}).With(all), []string{"timeouts.create: Invalid Duration"}},
		{"no time", ofClient.With(attributes{"timeouts": attributes{"create": "0s"}}).With(all), []string{"timeouts.create: Invalid Duration"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			c := newCore(t, org, nil)
			diff(t, "errors", summaries(c.validate(tc.config)), tc.want)
			if c.fitsAction(tc.config) {
				diff(t, "errors of the action", summaries(c.validateAction(tc.config)), tc.want)
			}
			wantNoRequests(t, org)
		})
	}
}

func TestRevocationRefusesFilters(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		filter attributes
		want   string
	}{
		{"no part", attributes{}, "filter: Empty Filter"},
		{"null parts only", attributes{"user_ids": nil, "never_expires": nil}, "filter: Empty Filter"},
		{"a number", attributes{"idle_for": "30"}, "filter.idle_for: Invalid Duration"},
		{"the future", attributes{"idle_for": "-1h"}, "filter.idle_for: Invalid Duration"},
		{"no age at all", attributes{"older_than": "0s"}, "filter.older_than: Invalid Duration"},
		{"no duration", attributes{"older_than": ""}, "filter.older_than: Invalid Duration"},
		{"a date", attributes{"created_before": "2026-01-31"}, "filter.created_before: Invalid Time"},
		{"no zone", attributes{"expires_after": "2026-01-31T08:00:00"}, "filter.expires_after: Invalid Time"},
		{"an empty member", attributes{"user_ids": list("")}, "filter.user_ids.[…]: Invalid User ID"},
		{"a null member", attributes{"any_scopes": []any{nil}}, "filter.any_scopes: Null Member"},
		{"a login", attributes{"user_ids": list("00u1", "jane@example.com")}, "filter.user_ids.[…]: Invalid User ID"},
		{"an ID of a client", attributes{"user_ids": list("0oa1")}, "filter.user_ids.[…]: Invalid User ID"},
		{"an empty token ID", attributes{"token_ids": list("")}, "filter.token_ids.[…]: Invalid ID"},
		{"a client ID with a space", attributes{"client_ids": list("0oa1", "0oa1 ")}, "filter.client_ids.[…]: Invalid ID"},
		{"a server by URL", attributes{"auth_server_ids": list("aus1", "https://acme.okta.com/oauth2/default")}, "filter.auth_server_ids.[…]: Invalid ID"},
		{"two scopes in one", attributes{"all_scopes": list("openid email")}, "filter.all_scopes.[…]: Invalid Scope"},
		{"an empty scope", attributes{"any_scopes": list("")}, "filter.any_scopes.[…]: Invalid Scope"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			c := newCore(t, org, nil)
			diff(t, "errors of a revocation", summaries(c.validate(ofClient.With(attributes{"filter": tc.filter}))), []string{tc.want})
			diff(t, "errors of an action", summaries(c.validateAction(ofClient.With(attributes{"filter": tc.filter}))), []string{tc.want})
			diff(t, "errors of a data source", summaries(c.validateData("refresh_tokens", ofClient.With(attributes{"filter": tc.filter}))), []string{tc.want})
			wantNoRequests(t, org)
		})
	}
}

// Anything may turn out to be allowed that is not known yet.
func TestRevocationAcceptsWhatIsNotKnownYet(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		config attributes
	}{
		{"parent", attributes{"auth_server_id": unknown{}, "client_id": "0oa1", "all": true}},
		{"parents", attributes{"auth_server_id": unknown{}, "user_id": unknown{}, "app_id": unknown{}, "client_id": unknown{}, "all": true}},
		{"client", attributes{"auth_server_id": "aus1", "client_id": unknown{}, "all": true}},
		{"all_clients", attributes{"auth_server_id": "aus1", "all_clients": unknown{}, "all": true}},
		{"token_id", ofClient.With(attributes{"token_id": unknown{}})},
		{"token_ids", ofClient.With(attributes{"token_ids": unknown{}})},
		{"one of token_ids", ofClient.With(attributes{"token_ids": []any{"oar1", unknown{}}})},
		{"filter", ofClient.With(attributes{"filter": unknown{}})},
		{"part of filter", ofClient.With(attributes{"filter": attributes{"older_than": unknown{}}})},
		{"all", ofClient.With(attributes{"all": unknown{}})},
		{"selections", ofClient.With(attributes{"token_id": unknown{}, "token_ids": unknown{}, "filter": unknown{}, "all": unknown{}})},
		{"end_sessions", ofClient.With(attributes{"all": true, "end_sessions": unknown{}})},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			c := newCore(t, org, nil)
			diff(t, "errors", c.validate(tc.config), []diagnostic{})
			diff(t, "errors of the action", c.validateAction(tc.config), []diagnostic{})
			wantNoRequests(t, org)
		})
	}
}

func TestRevocationDiagnosticsSayWhatToDo(t *testing.T) {
	t.Parallel()
	c := newCore(t, oktafake.New(t), nil)
	for _, tc := range []struct {
		config attributes
		want   diagnostic
	}{
		{ofClient, diagnostic{
			Summary: "Missing Selection", Attribute: "token_id",
			Detail: "Say what to revoke with exactly one of token_id, token_ids, filter and all = true. A value that is null selects nothing.",
		}},
		{ofClient.With(attributes{"all": false}), diagnostic{
			Summary: "Invalid Selection", Attribute: "all",
			Detail: "all must be literally true, or left out: false selects nothing.",
		}},
		{attributes{"user_id": "00u1", "all": true}, diagnostic{
			Summary: "Missing Client ID", Attribute: "client_id",
			Detail: "user_id has tokens for each of its clients: set client_id for one client, or all_clients = true for every client.",
		}},
		{ofClient.With(attributes{"token_id": ""}), diagnostic{
			Summary: "Invalid ID", Attribute: "token_id",
			Detail: "token_id: an ID cannot be empty.",
		}},
		{ofClient.With(attributes{"filter": attributes{}}), diagnostic{
			Summary: "Empty Filter", Attribute: "filter",
			Detail: "A filter without any part would mean every token, which must be asked for by name: set a part, or leave the filter out.",
		}},
		{ofClient.With(attributes{"filter": attributes{"older_than": "30"}}), diagnostic{
			Summary: "Invalid Duration", Attribute: "filter.older_than",
			Detail: `older_than = "30" has no unit. Write "30d" for days or "30h" for hours.`,
		}},
		{ofClient.With(attributes{"filter": attributes{"created_before": "2026-03-14"}}), diagnostic{
			Summary: "Invalid Time", Attribute: "filter.created_before",
			Detail: `created_before = "2026-03-14" has no time of day and no zone. Write "2026-03-14T00:00:00Z" if it is in UTC, or with its offset, such as "2026-03-14T00:00:00+01:00".`,
		}},
		{ofClient.With(attributes{"filter": attributes{"user_ids": list("jane@example.com")}}), diagnostic{
			Summary: "Invalid User ID", Attribute: "filter.user_ids.[…]",
			Detail: `user_ids: "jane@example.com" is a login, not the ID of a user, which starts with 00u, such as 00u1a2b3c4d5e6f7g8h9. A login would match no token. The ID is at the end of the address of the user's page in the Admin Console.`,
		}},
	} {
		diff(t, "errors", c.validate(tc.config), []diagnostic{tc.want})
		diff(t, "errors of the action", c.validateAction(tc.config), []diagnostic{tc.want})
	}
}

// What Terraform evaluates to null only while it applies must not widen what is
// revoked.
func TestAccRevocationRefusesWhatTurnsOutToBeNull(t *testing.T) {
	for name, tc := range map[string]struct {
		arguments attributes
		want      string
	}{
		"token_id":  {ofClient.With(attributes{"token_id": laterRef}), "Missing Selection"},
		"token_ids": {ofClient.With(attributes{"token_ids": laterRef}), "Missing Selection"},
		"filter": {ofClient.With(attributes{`dynamic "filter"`: attributes{
			"for_each": laterRef + " == null ? [] : [1]",
			"content":  attributes{"never_expires": true},
		}}), "Missing Selection"},
		"user_ids":  {ofClient.With(attributes{"filter": attributes{"user_ids": laterRef}}), "Empty Filter"},
		"all":       {ofClient.With(attributes{"all": laterRef}), "Missing Selection"},
		"client_id": {attributes{"auth_server_id": "aus1", "client_id": laterRef, "all": true}, "Missing Client ID"},
	} {
		t.Run(name, func(t *testing.T) {
			org := oktafake.New(t)
			add(org, held, "oar1", "oar2")
			accept(t, org, resource.TestStep{
				Config:      later(nil) + revoking(tc.arguments),
				ExpectError: wrapped(tc.want),
			})
			wantReads(t, org)
		})
	}
}

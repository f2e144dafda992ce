package provider

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

const tokensAddress = "data.oktatokens_refresh_tokens.test"

func TestAccRefreshTokens(t *testing.T) {
	org := newSelectionOrg(t)
	config := data("refresh_tokens", ofClient)
	accept(t, org,
		resource.TestStep{
			Config: config,
			ConfigStateChecks: known{
				"token_ids":   listOf("oar1", "oar2", "oar3"),
				"token_count": count(3),
				"user_ids":    listOf("00u1", "00u2"),
				"tokens":      knownvalue.ListSizeExact(3),
			}.state(tokensAddress),
		},
		again(config),
		resource.TestStep{
			Config:            later("00u1") + data("refresh_tokens", ofClient.With(attributes{"filter": attributes{"user_ids": []any{laterRef}}})),
			ConfigStateChecks: known{"token_ids": listOf("oar1", "oar2")}.state(tokensAddress),
		},
	)
	wantReads(t, org)
}

func TestRefreshTokensOfEachParent(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		parent attributes
		path   string
		ids    []any
		users  []any
	}{
		{attributes{"auth_server_id": "aus1", "client_id": "0oa1"}, ofServer1, list("oar1", "oar2", "oar3"), list("00u1", "00u2")},
		{attributes{"user_id": "00u1", "client_id": "0oa1"}, ofUser1, list("oar1", "oar2", "oar5"), list("00u1")},
		{attributes{"app_id": "0oa1"}, ofApp, list("oar1", "oar2", "oar3", "oar5"), list("00u1", "00u2")},
	} {
		t.Run(tc.path, func(t *testing.T) {
			t.Parallel()
			org := newSelectionOrg(t)
			org.PageSize = 200
			got, diags := newCore(t, org, nil).readData("refresh_tokens", tc.parent)
			diff(t, "diagnostics", diags, []diagnostic{})
			diff(t, "token_ids", got["token_ids"], tc.ids)
			diff(t, "user_ids", got["user_ids"], tc.users)
			diff(t, "token_count", got["token_count"], len(tc.ids))
			diff(t, "requests", requests(org), []string{"GET " + tc.path + "?limit=200"})
		})
	}
}

func TestRefreshTokensAreSorted(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	for _, token := range []struct {
		id      string
		created time.Time
	}{
		{"oar3", epoch}, {"oar1", epoch.Add(time.Millisecond)}, {"oar4", epoch.Add(-time.Hour)}, {"oar2", epoch}, {"oar9", epoch.AddDate(-1, 0, 0)},
	} {
		org.AddToken(oktafake.Token{ID: token.id, AuthServerID: "aus1", ClientID: "0oa1", Created: token.created})
	}
	got, _ := newCore(t, org, nil).readData("refresh_tokens", ofClient)
	diff(t, "token_ids", got["token_ids"], list("oar9", "oar4", "oar2", "oar3", "oar1"))
	diff(t, "user_ids", got["user_ids"], list()) // none of them has a user
	diff(t, "tokens", each(t, got["tokens"], "id"), list("oar9", "oar4", "oar2", "oar3", "oar1"))
}

// A list costs a request for 200 tokens, and neither filter nor scopes cost more.
func TestRefreshTokensCostAsFewRequestsAsCanBe(t *testing.T) {
	t.Parallel()
	for name, more := range map[string]attributes{
		"all":           nil,
		"filtered":      {"filter": attributes{"token_ids": list("oar0001")}},
		"expand_scopes": {"expand_scopes": true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			org.PageSize = 200
			add(org, held, numbered(450)...)
			got, _ := newCore(t, org, nil).readData("refresh_tokens", ofClient.With(more))
			if got, want := len(org.Requests()), 3; got != want {
				t.Errorf("got %d requests, want %d", got, want)
			}
			want := 450
			if name == "filtered" {
				want = 1
			}
			diff(t, "token_count", got["token_count"], want)
		})
	}
}

func TestRefreshTokensFilter(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	// Ages count by Okta's clock, which is years ahead of this machine's.
	org.Now = func() time.Time { return epoch.AddDate(5, 0, 0) }
	at := func(days int) time.Time { return org.Now().AddDate(0, 0, -days) }
	soon := org.Now().AddDate(0, 0, 7)
	for _, token := range []oktafake.Token{
		{ID: "oar1", AuthServerID: "aus1", UserID: "00u1", Scopes: []string{"openid", "email"}, Created: at(90), LastUpdated: at(60)},
		{ID: "oar2", AuthServerID: "aus2", UserID: "00u2", Scopes: []string{"openid"}, Created: at(40), LastUpdated: at(1), ExpiresAt: &soon},
		{ID: "oar3", UserID: "", Created: at(2), LastUpdated: at(1), ExpiresAt: &soon},
	} {
		token.ClientID = "0oa1"
		org.AddToken(token)
	}
	instant := func(days int) string { return at(days).Format(time.RFC3339) }
	c := newCore(t, org, nil)
	for _, tc := range []struct {
		name   string
		filter attributes
		want   []any
	}{
		{"token_ids", attributes{"token_ids": list("oar1", "oar3", "oar9")}, list("oar1", "oar3")},
		{"no token_ids", attributes{"token_ids": list()}, list()},
		{"user_ids", attributes{"user_ids": list("00u1", "00u2")}, list("oar1", "oar2")},
		{"client_ids", attributes{"client_ids": list("0oa1")}, list("oar1", "oar2", "oar3")},
		{"other client_ids", attributes{"client_ids": list("0oa2")}, list()},
		{"auth_server_ids", attributes{"auth_server_ids": list("aus2")}, list("oar2")},
		{"any_scopes", attributes{"any_scopes": list("email", "phone")}, list("oar1")},
		{"all_scopes", attributes{"all_scopes": list("email", "openid")}, list("oar1")},
		{"no all_scopes", attributes{"all_scopes": list()}, list()},
		{"created_before", attributes{"created_before": instant(40)}, list("oar1")},
		{"created_after", attributes{"created_after": instant(40)}, list("oar3")},
		{"last_updated_before", attributes{"last_updated_before": instant(30)}, list("oar1")},
		{"last_updated_after", attributes{"last_updated_after": instant(30)}, list("oar2", "oar3")},
		{"expires_before", attributes{"expires_before": instant(-30)}, list("oar2", "oar3")},
		{"expires_after", attributes{"expires_after": instant(-6)}, list("oar2", "oar3")},
		{"older_than", attributes{"older_than": "719h"}, list("oar1", "oar2")},
		{"idle_for", attributes{"idle_for": "720h"}, list("oar1")},
		{"never_expires", attributes{"never_expires": true}, list("oar1")},
		{"not never_expires", attributes{"never_expires": false}, list("oar2", "oar3")},
		{"every part holds", attributes{"older_than": "720h", "never_expires": false, "user_ids": list("00u2")}, list("oar2")},
	} {
		got, diags := c.readData("refresh_tokens", attributes{"app_id": "0oa1", "filter": tc.filter})
		diff(t, tc.name+": diagnostics", diags, []diagnostic{})
		diff(t, tc.name, got["token_ids"], tc.want)
		if got["token_ids"] == nil || got["tokens"] == nil || got["user_ids"] == nil {
			t.Errorf("%s: got null lists %v, want empty ones", tc.name, got)
		}
	}
}

func TestRefreshTokensExpandScopes(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.Intercept = answering(`[{"id":"oar1","clientId":"0oa1","_embedded":{"scopes":[
		{"id":"scp1","name":"offline_access","displayName":"Stay","description":"Stays."},
		{"id":"scp2","name":"email","displayName":"","description":null}]}}]`)
	c := newCore(t, org, nil)
	for _, tc := range []struct {
		expand  any
		want    any
		request string
	}{
		{nil, nil, "GET " + allTokens + "?limit=200"},
		{false, nil, "GET " + allTokens + "?limit=200"},
		{true, []any{
			attributes{"id": "scp2", "name": "email", "display_name": nil, "description": nil},
			attributes{"id": "scp1", "name": "offline_access", "display_name": "Stay", "description": "Stays."},
		}, "GET " + allTokens + "?expand=scope&limit=200"},
	} {
		org.ResetRequests()
		got, diags := c.readData("refresh_tokens", ofClient.With(attributes{"expand_scopes": tc.expand}))
		diff(t, "diagnostics", diags, []diagnostic{})
		diff(t, "scope_details", each(t, got["tokens"], "scope_details"), []any{tc.want})
		diff(t, "requests", requests(org), []string{tc.request})
	}
}

// A list that changes while it is read can show a token on two pages.
func TestRefreshTokensCountsATokenOnce(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.Intercept = answering(`[{"id":"oar2","clientId":"0oa1"},{"id":"oar1","clientId":"0oa1"},{"id":"oar2","clientId":"0oa1"}]`)
	got, _ := newCore(t, org, nil).readData("refresh_tokens", ofClient)
	diff(t, "token_ids", got["token_ids"], list("oar1", "oar2"))
	diff(t, "token_count", got["token_count"], 2)
}

func TestRefreshTokensErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		config attributes
		hook   oktafake.Responder
		want   string
	}{
		{"unknown server", attributes{"auth_server_id": "aus9", "client_id": "0oa1"}, nil, "auth_server_id: Parent Not Found"},
		{"unknown client", attributes{"auth_server_id": "aus1", "client_id": "0oa9"}, nil, "client_id: Parent Not Found"},
		{"unknown user", attributes{"user_id": "00u9", "client_id": "0oa1"}, nil, "user_id: Parent Not Found"},
		{"unknown client of a user", attributes{"user_id": "00u1", "client_id": "0oa9"}, nil, "client_id: Parent Not Found"},
		{"unknown app", attributes{"app_id": "0oa9"}, nil, "app_id: Parent Not Found"},
		{"a page that fails", ofClient, failOnPageTwo, "Unable to List Refresh Tokens"},
		{"a token without an ID", ofClient, answering(`[{"clientId":"0oa1"}]`), "Unexpected Answer from Okta"},
		{"null", ofClient, answering(`null`), "Unexpected Answer from Okta"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newSelectionOrg(t)
			org.Intercept = tc.hook
			got, diags := newCore(t, org, attributes{"max_retries": 0}).readData("refresh_tokens", tc.config)
			diff(t, "errors", summaries(diags), []string{tc.want})
			diff(t, "state", got, attributes{})
		})
	}
}

// firstOf2100 is a network whose first answer carries a Date of the year 2100.
type firstOf2100 struct {
	http.RoundTripper
	answered bool
}

func (n *firstOf2100) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := n.RoundTripper.RoundTrip(r)
	if err == nil && !n.answered {
		n.answered = true
		resp.Header.Set("Date", "Fri, 01 Jan 2100 00:00:00 GMT")
	}
	return resp, err
}

// A first answer whose time is absurd makes no young token old.
func TestRefreshTokensMeasureNoAgeByAnAbsurdClock(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	young := held
	young.ID = "oar1"
	org.AddToken(young)
	c := newCore(t, org, nil)
	c.network = &firstOf2100{RoundTripper: org.Org}
	old := ofClient.With(attributes{"filter": attributes{"older_than": "720h"}})
	_, diags := c.readData("refresh_tokens", old)
	if len(diags) != 1 || diags[0].Warning || diags[0].Summary != clocksDiffer || !strings.Contains(diags[0].Detail, "Okta says that it is 2100-01-01T00:00:00Z") {
		t.Errorf("got the diagnostics %v, want an error of the clock", diags)
	}
	c.network = &firstOf2100{RoundTripper: org.Org}
	org.PageSize = 1
	young.ID = "oar2"
	org.AddToken(young)
	got, diags := c.readData("refresh_tokens", old)
	diff(t, "diagnostics", diags, []diagnostic{})
	diff(t, "token_count", got["token_count"], 0)
}

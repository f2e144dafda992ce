package provider

import (
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

func newUsersOrg(t *testing.T) *oktafake.Server {
	t.Helper()
	org := oktafake.New(t)
	org.AddUser(oktafake.User{ID: "00u2", Login: "bo@example.com", Name: "Bo Berg", Status: "DEPROVISIONED"})
	org.AddUser(oktafake.User{ID: "00u1", Login: "amara@example.com", Name: "Amara Abara"})
	org.AddUser(oktafake.User{ID: "00u3", Login: "till #4@example.com", Name: "Till"})
	return org
}

// Users of that org, as Terraform has them.
var (
	amara = attributes{"id": "00u1", "login": "amara@example.com", "name": "Amara Abara", "status": "ACTIVE"}
	bo    = attributes{"id": "00u2", "login": "bo@example.com", "name": "Bo Berg", "status": "DEPROVISIONED"}
)

func TestAccUsers(t *testing.T) {
	org := newUsersOrg(t)
	config := data("users", attributes{"logins": list("bo@example.com", "amara@example.com", "gone@example.com")})
	accept(t, org,
		resource.TestStep{
			Config: config,
			ConfigStateChecks: known{
				"users": knownvalue.ListExact([]knownvalue.Check{
					knownvalue.ObjectExact(known{"id": exact("00u1"), "login": exact("amara@example.com"), "name": exact("Amara Abara"), "status": exact("ACTIVE")}),
					knownvalue.ObjectPartial(known{"id": exact("00u2"), "status": exact("DEPROVISIONED")}),
				}),
				"user_ids":       knownvalue.SetExact([]knownvalue.Check{exact("00u1"), exact("00u2")}),
				"unknown_logins": knownvalue.SetExact([]knownvalue.Check{exact("gone@example.com")}),
			}.state("data.oktatokens_users.test"),
		},
		again(config),
	)
	wantReads(t, org)
}

func TestUsers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name          string
		logins        []any
		users         []any
		unknown       []any
		wantRequested int
	}{
		{"none", list(), []any{}, list(), 0},
		{"by login and by ID", list("amara@example.com", "00u2"), []any{amara, bo}, list(), 2},
		{"one person twice", list("amara@example.com", "00u1"), []any{amara}, list(), 2},
		{"none that Okta knows", list("x@example.com", "y@example.com"), []any{}, list("x@example.com", "y@example.com"), 2},
		{"escaped", list("till #4@example.com"), []any{attributes{"id": "00u3", "login": "till #4@example.com", "name": "Till", "status": "ACTIVE"}}, list(), 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newUsersOrg(t)
			got, diags := newCore(t, org, nil).readData("users", attributes{"logins": tc.logins})
			diff(t, "diagnostics", diags, []diagnostic{})
			diff(t, "users", got["users"], tc.users)
			diff(t, "user_ids", got["user_ids"], each(t, got["users"], "id"))
			diff(t, "unknown_logins", got["unknown_logins"], tc.unknown)
			if n := len(requests(org)); n != tc.wantRequested {
				t.Errorf("got %d requests, want %d", n, tc.wantRequested)
			}
		})
	}
}

func TestUsersErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		fail oktafake.Responder
		want string
	}{
		{"no permission", oktafake.InsufficientScope("okta.users.read"), "Missing Okta Permission"},
		{"broken", oktafake.Fail(http.StatusInternalServerError, "E0000009", "Internal Server Error"), "Unable to Look Up Users"},
		{"another URL", oktafake.Fail(http.StatusNotFound, "E0000008", "The requested path was not found"), "Not an Okta API"},
		{"another user", answering(`{"id":"00u2","profile":{"login":"bo@example.com"}}`), "Unexpected Answer from Okta"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newUsersOrg(t)
			org.Intercept = tc.fail
			_, diags := newCore(t, org, attributes{"max_retries": 0}).readData("users", attributes{"logins": list("amara@example.com")})
			diff(t, "errors", summaries(diags), []string{tc.want})
		})
	}
}

func TestUsersRefusesConfigurations(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		logins any
		want   []string
	}{
		{"null", nil, []string{"logins: Missing Configuration for Required Attribute"}},
		{"a path", list("a/b"), []string{"logins.[…]: Invalid ID"}},
		{"empty", list(""), []string{"logins.[…]: Invalid ID"}},
		{"not known yet", unknown{}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newUsersOrg(t)
			diff(t, "errors", summaries(newCore(t, org, nil).validateData("users", attributes{"logins": tc.logins})), tc.want)
			wantNoRequests(t, org)
		})
	}
}

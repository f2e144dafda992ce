package provider

import (
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

func newClientsOrg(t *testing.T) *oktafake.Server {
	t.Helper()
	org := oktafake.New(t)
	org.AddClient(oktafake.App{ID: "0oa2", ClientID: "till_2.v2", Name: "Till", ClientURI: "https://till.example", LogoURI: "https://till.example/logo.png"})
	org.AddClient(oktafake.App{ID: "0oa1", Name: "Payroll"})
	add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "till_2.v2", UserID: "00u1"}, "oar1")
	add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u2"}, "oar2")
	return org
}

// Clients of that org, as Terraform has them.
var (
	payroll = attributes{"client_id": "0oa1", "client_name": "Payroll", "client_uri": nil, "logo_uri": nil}
	till    = attributes{"client_id": "till_2.v2", "client_name": "Till", "client_uri": "https://till.example", "logo_uri": "https://till.example/logo.png"}
)

func TestAccClients(t *testing.T) {
	org := newClientsOrg(t)
	config := data("clients", attributes{"auth_server_id": "aus1"})
	accept(t, org,
		resource.TestStep{
			Config: config,
			ConfigStateChecks: known{"clients": knownvalue.ListExact([]knownvalue.Check{
				knownvalue.ObjectExact(known{"client_id": exact("0oa1"), "client_name": exact("Payroll"), "client_uri": null, "logo_uri": null}),
				knownvalue.ObjectExact(known{"client_id": exact("till_2.v2"), "client_name": exact("Till"), "client_uri": exact("https://till.example"), "logo_uri": exact("https://till.example/logo.png")}),
			})}.state("data.oktatokens_clients.test"),
		},
		again(config),
		resource.TestStep{
			Config: later("00u1") + data("clients", attributes{"user_id": laterRef}),
			ConfigStateChecks: known{"clients": knownvalue.ListExact([]knownvalue.Check{
				knownvalue.ObjectPartial(known{"client_id": exact("till_2.v2")}),
			})}.state("data.oktatokens_clients.test"),
		},
	)
	wantReads(t, org)
}

func TestClients(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		config  attributes
		want    []any
		request string
	}{
		{"of a server", attributes{"auth_server_id": "aus1"}, []any{payroll, till}, "GET /api/v1/authorizationServers/aus1/clients"},
		{"of a user", attributes{"user_id": "00u1"}, []any{till}, "GET /api/v1/users/00u1/clients"},
		{"of a user without any", attributes{"user_id": "00u9"}, []any{}, "GET /api/v1/users/00u9/clients"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newClientsOrg(t)
			org.AddUser(oktafake.User{ID: "00u9"})
			got, diags := newCore(t, org, nil).readData("clients", tc.config)
			diff(t, "diagnostics", diags, []diagnostic{})
			if diff(t, "clients", got["clients"], tc.want); got["clients"] == nil {
				t.Error("got null, want a list")
			}
			diff(t, "requests", requests(org), []string{tc.request})
		})
	}
}

// Okta leaves out what it does not know, or says null.
func TestClientsNulls(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.Intercept = answering(`[{"client_id":"0oa1","client_name":null,"client_uri":null,"logo_uri":""}]`)
	got, diags := newCore(t, org, nil).readData("clients", attributes{"user_id": "00u1"})
	diff(t, "diagnostics", diags, []diagnostic{})
	diff(t, "clients", got["clients"], []any{attributes{"client_id": "0oa1", "client_name": nil, "client_uri": nil, "logo_uri": nil}})
}

func TestClientsErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		config attributes
		fail   oktafake.Responder
		want   string
	}{
		{"unknown server", attributes{"auth_server_id": "aus9"}, nil, "auth_server_id: Parent Not Found"},
		{"unknown user", attributes{"user_id": "00u9"}, nil, "user_id: Parent Not Found"},
		{"no such feature", attributes{"auth_server_id": "aus1"}, oktafake.Fail(http.StatusUnauthorized, "E0000015", "You do not have permission to access the feature you are requesting"), "auth_server_id: API Access Management Is Not Enabled"},
		{"no permission", attributes{"user_id": "00u1"}, oktafake.InsufficientScope("okta.users.read"), "Missing Okta Permission"},
		{"broken", attributes{"user_id": "00u1"}, oktafake.Fail(http.StatusInternalServerError, "E0000009", "Internal Server Error"), "Unable to List Clients"},
		{"not a list", attributes{"user_id": "00u1"}, answering(`{}`), "Unexpected Answer from Okta"},
		{"a client without an ID", attributes{"user_id": "00u1"}, answering(`[{"client_name":"Till"}]`), "Unexpected Answer from Okta"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newClientsOrg(t)
			org.Intercept = tc.fail
			_, diags := newCore(t, org, attributes{"max_retries": 0}).readData("clients", tc.config)
			diff(t, "errors", summaries(diags), []string{tc.want})
		})
	}
}

func TestClientsRefusesConfigurations(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		config attributes
		want   []string
	}{
		{"neither", nil, []string{"auth_server_id: Missing Parent"}},
		{"both", attributes{"auth_server_id": "aus1", "user_id": "00u1"}, []string{"user_id: Invalid Attribute Combination"}},
		{"empty", attributes{"user_id": ""}, []string{"user_id: Invalid ID"}},
		{"a path", attributes{"auth_server_id": "aus1/clients"}, []string{"auth_server_id: Invalid ID"}},
		{"not known yet", attributes{"auth_server_id": unknown{}}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			diff(t, "errors", summaries(newCore(t, org, nil).validateData("clients", tc.config)), tc.want)
			wantNoRequests(t, org)
		})
	}
}

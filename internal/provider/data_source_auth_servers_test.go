package provider

import (
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// newServersOrg returns an org of three servers, on two pages.
func newServersOrg(t *testing.T) *oktafake.Server {
	t.Helper()
	org := oktafake.New(t)
	for _, server := range []oktafake.AuthorizationServer{
		{ID: "aus2", Name: "Shops", Description: "Tills", Audience: "https://shops.example"},
		{ID: "aus3", Name: "Payments", Audience: "api://payments"},
		{ID: "aus1", Name: "default", Audience: "api://default", Default: true},
	} {
		org.AddAuthorizationServer(server)
	}
	return org
}

func TestAccAuthServers(t *testing.T) {
	org := newServersOrg(t)
	config := data("auth_servers", nil)
	accept(t, org,
		resource.TestStep{
			Config: config,
			ConfigStateChecks: known{"auth_servers": knownvalue.ListExact([]knownvalue.Check{
				knownvalue.ObjectPartial(known{"id": exact("aus1"), "name": exact("default"), "default": knownvalue.Bool(true)}),
				knownvalue.ObjectPartial(known{"id": exact("aus2"), "description": exact("Tills"), "audiences": knownvalue.ListExact([]knownvalue.Check{exact("https://shops.example")})}),
				knownvalue.ObjectPartial(known{"id": exact("aus3"), "name": exact("Payments"), "default": knownvalue.Bool(false)}),
			})}.state("data.oktatokens_auth_servers.test"),
		},
		again(config),
	)
	wantReads(t, org)
}

func TestAuthServers(t *testing.T) {
	t.Parallel()
	org := newServersOrg(t)
	got, diags := newCore(t, org, nil).readData("auth_servers", nil)
	diff(t, "diagnostics", diags, []diagnostic{})
	diff(t, "ids", each(t, got["auth_servers"], "id"), list("aus1", "aus2", "aus3"))
	diff(t, "issuers", each(t, got["auth_servers"], "issuer"), list(org.URL+"/oauth2/default", org.URL+"/oauth2/aus2", org.URL+"/oauth2/aus3"))
	diff(t, "statuses", each(t, got["auth_servers"], "status"), list("ACTIVE", "ACTIVE", "ACTIVE"))
	if got := requests(org); len(got) != 2 {
		t.Errorf("got the requests %q, want one for each of two pages", got)
	}
}

func TestAuthServersOfAnOrgWithoutAny(t *testing.T) {
	t.Parallel()
	got, diags := newCore(t, oktafake.New(t), nil).readData("auth_servers", nil)
	diff(t, "diagnostics", diags, []diagnostic{})
	diff(t, "auth_servers", got["auth_servers"], []any{})
}

// Okta leaves out what it does not know, or says null.
func TestAuthServersNulls(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.Intercept = answering(`[{"id":"aus1","name":null,"description":"","audiences":null}]`)
	got, diags := newCore(t, org, nil).readData("auth_servers", nil)
	diff(t, "diagnostics", diags, []diagnostic{})
	diff(t, "auth_servers", got["auth_servers"], []any{attributes{
		"id": "aus1", "name": nil, "description": nil, "issuer": nil, "status": nil, "default": false, "audiences": []any{},
	}})
}

func TestAuthServersErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		fail oktafake.Responder
		want string
	}{
		{"no such feature", oktafake.Fail(http.StatusUnauthorized, "E0000015", "You do not have permission to access the feature you are requesting"), "API Access Management Is Not Enabled"},
		{"no permission", oktafake.InsufficientScope("okta.authorizationServers.read"), "Missing Okta Permission"},
		{"broken", oktafake.Fail(http.StatusInternalServerError, "E0000009", "Internal Server Error"), "Unable to List Authorization Servers"},
		{"not a list", answering(`{}`), "Unexpected Answer from Okta"},
		{"a server without an ID", answering(`[{"name":"Shops"}]`), "Unexpected Answer from Okta"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newServersOrg(t)
			org.Intercept = tc.fail
			_, diags := newCore(t, org, attributes{"max_retries": 0}).readData("auth_servers", nil)
			diff(t, "errors", summaries(diags), []string{tc.want})
		})
	}
}

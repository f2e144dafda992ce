package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/tfcore"
)

// importing is an import block for the adopted token.
func importing(by string, v any) string {
	return fmt.Sprintf("import {\n  to = %s\n  %s = %s\n}\n", adoptedAddress, by, hcl(v))
}

func TestAccRefreshTokenImportByID(t *testing.T) {
	org := newAdoptionOrg(t)
	accept(t, org,
		resource.TestStep{
			Config:            importing("id", "auth_server_id/aus1/0oa1/oar1") + adopting(adopted),
			ConfigPlanChecks:  doesTo(plancheck.ResourceActionNoop),
			ConfigStateChecks: known{"status": exact("ACTIVE"), "token_id": exact("oar1"), "revoke": null}.state(adoptedAddress),
		},
		again(adopting(adopted)),
	)
	wantReads(t, org)
}

// An import can revoke in the same apply, from a plan that shows it.
func TestAccRefreshTokenImportAndRevoke(t *testing.T) {
	org := newAdoptionOrg(t)
	config := importing("id", "app_id/0oa1/oar1") + adopting(attributes{"app_id": "0oa1", "token_id": "oar1", "revoke": true})
	accept(t, org,
		resource.TestStep{Config: config, PlanOnly: true, ExpectNonEmptyPlan: true},
		resource.TestStep{
			PreConfig:         func() { wantReads(t, org) },
			Config:            config,
			ConfigPlanChecks:  doesTo(plancheck.ResourceActionUpdate),
			ConfigStateChecks: known{"status": exact("REVOKED")}.state(adoptedAddress),
		},
	)
	wantRevoked(t, org, "oar1")
}

func TestAccRefreshTokenImportOfWhatIsNotThere(t *testing.T) {
	org := newAdoptionOrg(t)
	accept(t, org,
		resource.TestStep{
			Config:      importing("id", "auth_server_id/aus1/0oa1/oar9") + adopting(adopted.With(attributes{"token_id": "oar9"})),
			ExpectError: wrapped("There is no refresh token oar9 of client 0oa1 of authorization server aus1."),
		},
		resource.TestStep{
			Config:      importing("id", "oar1") + adopting(adopted),
			ExpectError: wrapped(`"oar1" is none of these:`),
		},
		// The way that the error points out.
		resource.TestStep{Config: adopting(adopted.With(attributes{"token_id": "oar9", "revoke": true}))},
	)
	wantReads(t, org)
}

func TestAccRefreshTokenImportByIdentity(t *testing.T) {
	org := newAdoptionOrg(t)
	want := known{"auth_server_id": exact("aus1"), "client_id": exact("0oa1"), "user_id": null, "app_id": null, "token_id": exact("oar1")}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(org),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps: []resource.TestStep{
			{
				Config:            importing("identity", adopted) + adopting(adopted),
				ConfigPlanChecks:  doesTo(plancheck.ResourceActionNoop),
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectIdentity(adoptedAddress, want)},
			},
			again(adopting(adopted)),
			{
				Config:            adopting(revokeAdopted),
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectIdentity(adoptedAddress, want)},
			},
		},
	})
	wantRevoked(t, org, "oar1")
}

func TestAccRefreshTokenIdentityOfACreate(t *testing.T) {
	org := newAdoptionOrg(t)
	config := adopting(attributes{"user_id": "00u1", "client_id": "0oa1", "token_id": "oar1"})
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories(org),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps: []resource.TestStep{
			{Config: config, ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectIdentity(adoptedAddress, map[string]knownvalue.Check{
				"auth_server_id": null, "app_id": null, "user_id": exact("00u1"), "client_id": exact("0oa1"), "token_id": exact("oar1"),
			})}},
			{ResourceName: adoptedAddress, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		},
	})
}

func TestRefreshTokenImport(t *testing.T) {
	t.Parallel()
	for _, tc := range adoptions {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newTokenOrg(t)
			c := newCore(t, org, nil).of("refresh_token")
			config := tc.parent.With(attributes{"token_id": "oar1"})
			created := c.create(config)
			org.ResetRequests()
			for what, imported := range map[string]func() (string, attributes){
				"ID":       func() (string, attributes) { return tc.id, nil },
				"identity": func() (string, attributes) { return "", config },
			} {
				state, diags := c.Import(imported())
				diff(t, "diagnostics of the import by "+what, diags, []diagnostic{})
				diff(t, "state of the import by "+what, object(t, state), object(t, created))
				diff(t, "planned after the import by "+what, object(t, c.planned(state, config).Planned), object(t, created))
			}
			diff(t, "requests", requests(org), []string{"GET " + tc.path, "GET " + tc.path})
		})
	}
}

func TestRefreshTokenImportRefusesIDs(t *testing.T) {
	t.Parallel()
	const unfit = "Invalid Import ID"
	for _, tc := range []struct {
		id   string
		want []string
	}{
		{"oar1", []string{unfit}},
		{"aus1/0oa1/oar1", []string{unfit}},
		{"auth_server_id/aus1/oar1", []string{unfit}},
		{"auth_server_id/aus1/0oa1/oar1/", []string{unfit}},
		{"/auth_server_id/aus1/0oa1/oar1", []string{unfit}},
		{"app_id/0oa1/0oa1/oar1", []string{unfit}},
		{"app_id", []string{unfit}},
		{"app_id/0oa1/", []string{"token_id: Invalid ID"}},
		{"app_id/0oa1/..", []string{"token_id: Invalid ID"}},
		{"app_id/0oa1/oar1\n", []string{"token_id: Invalid ID"}},
		{"app_id/0oa1/oar1?expand=scope", []string{"token_id: Invalid ID"}},
		{"app_id/0oa1/%2e%2e", []string{"token_id: Invalid ID"}},
		{"app_id//oar1", []string{"app_id: Invalid ID"}},
		{"user_id/00u1//oar1", []string{"client_id: Invalid ID"}},
		{"auth_server_id/./0oa1/oar1", []string{"auth_server_id: Invalid ID"}},
	} {
		t.Run(tc.id, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			_, diags := newCore(t, org, nil).of("refresh_token").Import(tc.id, nil)
			diff(t, "errors", summaries(diags), tc.want)
			wantNoRequests(t, org)
		})
	}
	_, diags := newCore(t, oktafake.New(t), nil).of("refresh_token").Import("oar1", nil)
	diff(t, "detail", diags[0].Detail, "\"oar1\" is none of these:\n\n  auth_server_id/AUTH_SERVER_ID/CLIENT_ID/TOKEN_ID\n  user_id/USER_ID/CLIENT_ID/TOKEN_ID\n  app_id/APP_ID/TOKEN_ID")
}

func TestRefreshTokenImportRefusesIdentities(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		identity attributes
		want     []string
	}{
		{"no parent", attributes{"token_id": "oar1"}, []string{"auth_server_id: Missing Parent"}},
		{"two parents", adopted.With(attributes{"user_id": "00u1"}), []string{"user_id: Invalid Attribute Combination"}},
		{"no client", attributes{"user_id": "00u1", "token_id": "oar1"}, []string{"client_id: Missing Client ID"}},
		{"a client of an app", attributes{"app_id": "0oa1", "client_id": "0oa1", "token_id": "oar1"}, []string{"client_id: Invalid Attribute Combination"}},
		{"no token", ofClient, []string{"token_id: Invalid ID"}},
		{"a token that leads elsewhere", adopted.With(attributes{"token_id": ".."}), []string{"token_id: Invalid ID"}},
		{"a client that leads elsewhere", adopted.With(attributes{"client_id": "a/b"}), []string{"client_id: Invalid ID"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			_, diags := newCore(t, org, nil).of("refresh_token").Import("", tc.identity)
			diff(t, "errors", summaries(diags), tc.want)
			wantNoRequests(t, org)
		})
	}
}

// To take what never was for revoked would be a lie, and to import it a slip.
func TestRefreshTokenImportOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ id, want, detail string }{
		{"app_id/0oa1/oar9", "token_id: Refresh Token Not Found", "There is no refresh token oar9 of app 0oa1. It may have been revoked or have expired. Remove the resource and its import block. Or set revoke = true and remove the import block only: then a token that is gone is as good as revoked."},
		{"app_id/0oa9/oar1", "app_id: Parent Not Found", "Could not read refresh token oar1 of app 0oa9. The org ORG knows no app 0oa9. Check app_id and OKTA_ORG_URL."},
	} {
		org := newAdoptionOrg(t)
		_, diags := newCore(t, org, nil).of("refresh_token").Import(tc.id, nil)
		diff(t, "errors", summaries(diags), []string{tc.want})
		if detail, _ := splitDetail(diags[0]); detail != atOrg(org, tc.detail) {
			t.Errorf("got the detail %q, want %q", detail, atOrg(org, tc.detail))
		}
		wantReads(t, org)
	}
}

// A state that was written by a CLI which knows no identities gets one as soon as
// it is read, and keeps it.
func TestRefreshTokenReadSetsTheIdentity(t *testing.T) {
	t.Parallel()
	org := newAdoptionOrg(t)
	c := newCore(t, org, nil).of("refresh_token")
	state := c.create(adopted)
	org.RemoveToken("oar1")
	var identity *tfprotov6.ResourceIdentityData
	for range 2 {
		read, err := c.configured().ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
			TypeName: c.Name, CurrentState: c.Wire(state), CurrentIdentity: identity,
		})
		c.must(err)
		c.none(tfcore.DiagnosticsOf(read.Diagnostics))
		identity = read.NewIdentity
		diff(t, "identity", object(t, c.Read(identity.IdentityData, c.IdentityType())), adopted.With(attributes{"user_id": nil, "app_id": nil}))
	}
}

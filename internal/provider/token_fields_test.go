package provider

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

var fullToken = okta.RefreshToken{
	ID: "oar1", Status: "ACTIVE", ClientID: "0oa1", UserID: "00u1", Issuer: "https://acme.okta.com/oauth2/aus1",
	Created: okta.NewTime(epoch), LastUpdated: okta.NewTime(epoch.Add(time.Hour)), ExpiresAt: okta.NewTime(epoch.Add(2 * time.Hour)),
	Scopes: []string{"offline_access", "openid"}, AuthServerID: "aus1", AppID: "0oa2", ClientName: "<Web>", UserName: "Zoë",
	AuthServerName: "Payments", AppName: "Web",
	ScopeDetails: []okta.Scope{{ID: "scp1", Name: "openid", DisplayName: "OpenID", Description: "Signs in"}, {}},
}

func TestTokenRows(t *testing.T) {
	t.Parallel()
	created, updated, expires := fullToken.Created.String(), fullToken.LastUpdated.String(), fullToken.ExpiresAt.String()
	full := attributes{
		"id": "oar1", "status": "ACTIVE", "client_id": "0oa1", "user_id": "00u1", "issuer": "https://acme.okta.com/oauth2/aus1",
		"created": created, "last_updated": updated, "expires_at": expires, "scopes": list("offline_access", "openid"),
		"auth_server_id": "aus1", "app_id": "0oa2", "client_name": "<Web>", "user_name": "Zoë", "auth_server_name": "Payments", "app_name": "Web",
	}
	for _, tc := range []struct {
		name   string
		token  okta.RefreshToken
		expand bool
		want   attributes
	}{
		{"full", fullToken, true, full.With(attributes{"scope_details": []any{
			attributes{"id": "scp1", "name": "openid", "display_name": "OpenID", "description": "Signs in"}, attributes{},
		}})},
		{"not expanded", fullToken, false, full},
		{"empty", okta.RefreshToken{}, true, attributes{}},
		{"no scope granted", okta.RefreshToken{ID: "oar1", Scopes: []string{}, ScopeDetails: []okta.Scope{}}, true, attributes{
			"id": "oar1", "scopes": list(), "scope_details": list(),
		}},
	} {
		fields := detailedTokenFields(tc.expand)
		wantRow(t, tc.name, fields.row(tc.token), value(t, fields.objectType().TerraformType(t.Context()), tc.want))
	}
	wantRow(t, "without details", tokenFields.row(fullToken), value(t, tokenType.TerraformType(t.Context()), full))
}

// wantRow fails the test unless Terraform reads a row as this value.
func wantRow(t *testing.T, name string, row []byte, want tftypes.Value) {
	t.Helper()
	got, err := tfprotov6.DynamicValue{MsgPack: row}.Unmarshal(want.Type())
	if err != nil {
		t.Fatal(err)
	}
	if !got.Equal(want) {
		t.Errorf("%s: got the row %s, want %s", name, got, want)
	}
}

func TestTokenObjects(t *testing.T) {
	t.Parallel()
	full := tokenFields.object(t.Context(), fullToken).Attributes()
	for name, want := range map[string]attr.Value{
		"id": types.StringValue("oar1"), "created": newTime(fullToken.Created.String()), "scopes": toList([]string{"offline_access", "openid"}),
	} {
		if got := full[name]; !got.Equal(want) {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	empty := tokenFields.object(t.Context(), okta.RefreshToken{})
	if !empty.Type(t.Context()).Equal(tokenType) {
		t.Errorf("got the type %s, want %s", empty.Type(t.Context()), tokenType)
	}
	for name, got := range empty.Attributes() {
		if !got.IsNull() {
			t.Errorf("%s: got %s, want null", name, got)
		}
	}
}

package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// refreshTokenIdentityModel tells one token from all others. The same token has
// another identity under each of its parents.
type refreshTokenIdentityModel struct {
	parentModel
	TokenID types.String `tfsdk:"token_id"`
}

func (m refreshTokenResourceModel) identity() refreshTokenIdentityModel {
	return refreshTokenIdentityModel{m.parentModel, m.TokenID}
}

// importForms are the IDs that an import takes.
const importForms = `auth_server_id/AUTH_SERVER_ID/CLIENT_ID/TOKEN_ID
  user_id/USER_ID/CLIENT_ID/TOKEN_ID
  app_id/APP_ID/TOKEN_ID`

// ImportState takes an ID or an identity. The refresh that follows reads the
// token.
func (r *refreshTokenResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var id refreshTokenIdentityModel
	if req.ID != "" || req.Identity == nil || req.Identity.Raw.IsNull() {
		var known bool
		if id, known = parseImportID(req.ID); !known {
			resp.Diagnostics.AddError("Invalid Import ID", fmt.Sprintf("%q is none of these:\n\n  %s", req.ID, importForms))
			return
		}
	} else {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &id)...)
	}
	id.validate(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	for name, value := range id.attributes() {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, id)...)
}

// parseImportID reads an ID of one of the forms. Its parts are yet to be checked.
func parseImportID(id string) (refreshTokenIdentityModel, bool) {
	kind, rest, _ := strings.Cut(id, "/")
	parts := strings.Split(rest, "/")
	at := func(i int) types.String { return types.StringValue(parts[i]) }
	switch {
	case kind == "auth_server_id" && len(parts) == 3:
		return refreshTokenIdentityModel{parentModel{AuthServerID: at(0), ClientID: at(1)}, at(2)}, true
	case kind == "user_id" && len(parts) == 3:
		return refreshTokenIdentityModel{parentModel{UserID: at(0), ClientID: at(1)}, at(2)}, true
	case kind == "app_id" && len(parts) == 2:
		return refreshTokenIdentityModel{parentModel{AppID: at(0)}, at(1)}, true
	default:
		return refreshTokenIdentityModel{}, false
	}
}

// attributes are the identity's values by name.
func (m refreshTokenIdentityModel) attributes() map[string]types.String {
	return map[string]types.String{
		"auth_server_id": m.AuthServerID, "user_id": m.UserID, "app_id": m.AppID,
		"client_id": m.ClientID, "token_id": m.TokenID,
	}
}

// validate checks an identity as the schema checks a configuration: no schema
// does it for an import.
func (m refreshTokenIdentityModel) validate(diags *diag.Diagnostics) {
	m.parentModel.validate(diags)
	for name, value := range m.attributes() {
		if value.IsNull() && name != "token_id" {
			continue
		}
		check := okta.CheckID
		if name == "user_id" {
			check = okta.CheckUser
		}
		if err := check(value.ValueString()); err != nil {
			diags.AddAttributeError(path.Root(name), "Invalid ID", fmt.Sprintf("%s: %s.", name, err))
		}
	}
}

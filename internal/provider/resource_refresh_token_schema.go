package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func (r *refreshTokenResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := parentAttributes(" A change replaces the resource.")
	maps.Copy(attributes, map[string]schema.Attribute{
		"token_id": schema.StringAttribute{
			MarkdownDescription: "ID of the token, such as `oar1a2b3c4d5e6f7g8h9`. A change replaces the resource, which adopts another token.",
			Required:            true,
			Validators:          []validator.String{isID()},
		},
		"revoke":            optionalBool("`true` revokes the token, now or as soon as it is found alive. Setting `false` again does not restore it. Defaults to `false`."),
		"revoke_on_destroy": optionalBool("`true` revokes the token when the resource is destroyed or replaced. It takes effect once it has been applied. Defaults to `false`: destroying sends no request, and the token lives on."),
		"status":            computedText("`ACTIVE`, or `REVOKED` once the token is gone: revoked, expired, or deleted with its parent. Each refresh reads it."),
		"token": schema.SingleNestedAttribute{
			MarkdownDescription: "The token as Okta last showed it, except its `status`, which is an attribute of the resource. Kept after the token is gone. Null if the token was gone before it was adopted.",
			Computed:            true,
			Attributes:          tokenFields.attributes(),
		},
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "Adopts one existing refresh token, follows its status, and revokes it on request. " +
			"It cannot create a token. Destroying it leaves the token alive unless `revoke_on_destroy` is set.",
		Attributes: attributes,
		Blocks:     map[string]schema.Block{"timeouts": timeoutsBlock("How long the operations may take, including waits for a rate limit.", refreshTokenTimeouts)},
	}
}

var refreshTokenTimeouts = map[string]string{
	"create": "How long it may take to adopt the token, and to revoke it if `revoke` is set. A duration such as `\"5m\"`. Defaults to `\"60m\"`.",
	"read":   "How long a refresh may take. A duration such as `\"1m\"`. Defaults to `\"10m\"`.",
	"update": "How long it may take to revoke the token in place. A duration such as `\"10m\"`. Defaults to `\"60m\"`.",
	"delete": "How long it may take to revoke the token on destroy. A duration such as `\"10m\"`. Defaults to `\"60m\"`.",
}

// noTimeouts are those of a resource that sets none.
var noTimeouts = types.ObjectNull(map[string]attr.Type{
	"create": durationType{}, "read": durationType{}, "update": durationType{}, "delete": durationType{},
})

// IdentitySchema has what the ID of an import has. Which of the parent's IDs are
// needed hangs on the parent.
func (r *refreshTokenResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	attributes := map[string]identityschema.Attribute{
		"token_id": identityschema.StringAttribute{Description: "ID of the token, such as `oar1a2b3c4d5e6f7g8h9`.", RequiredForImport: true},
	}
	for name, description := range parentDescriptions {
		attributes[name] = identityschema.StringAttribute{Description: description, OptionalForImport: true}
	}
	resp.IdentitySchema = identityschema.Schema{Attributes: attributes}
}

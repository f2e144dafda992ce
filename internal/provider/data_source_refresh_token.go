package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

var (
	_ datasource.DataSourceWithConfigure      = (*refreshTokenDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*refreshTokenDataSource)(nil)
)

func newRefreshTokenDataSource() datasource.DataSource { return &refreshTokenDataSource{} }

type refreshTokenDataSource struct{ dataSourceSession }

func (d *refreshTokenDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_refresh_token"
}

func (d *refreshTokenDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := attributesOf[schema.Attribute](detailedTokenFields(true).attributes())
	for name := range parentDescriptions {
		parent := parentAttribute(name, " Where it is not set, what Okta says of the token.")
		parent.Computed = true
		attributes[name] = parent
	}
	attributes["token_id"] = schema.StringAttribute{
		MarkdownDescription: "ID of the token to read, such as `oar1a2b3c4d5e6f7g8h9`.",
		Required:            true,
		Validators:          []validator.String{isID()},
	}
	attributes["expand_scopes"] = optionalBool(expandScopesDescription)
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads one refresh token, by its ID and its parent, in one request.",
		Attributes:          attributes,
	}
}

func (d *refreshTokenDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var config types.Object
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	parentIn(config).validate(&resp.Diagnostics)
}

// Read has the token's attributes at the top level. What was configured stays: an
// alias such as "default" is not the ID that Okta answers with.
func (d *refreshTokenDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config types.Object
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	parent, id := parentIn(config).parent(), valueIn[types.String](config, "token_id").ValueString()
	expand := valueIn[types.Bool](config, "expand_scopes").ValueBool()
	var options []okta.ReadOption
	if expand {
		options = append(options, okta.WithScopeDetails())
	}
	token, err := d.client.LookUpRefreshToken(ctx, parent, id, options...)
	if err != nil {
		addTokenError(&resp.Diagnostics, parent, id, "", err)
		return
	}
	addUnreadable(&resp.Diagnostics, unreadable(token))
	values := config.Attributes()
	for name, value := range detailedTokenFields(expand).object(ctx, token).Attributes() {
		if values[name].IsNull() {
			values[name] = value
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, types.ObjectValueMust(config.AttributeTypes(ctx), values))...)
}

// parentIn is the parent that a configuration names.
func parentIn(config types.Object) parentModel {
	text := func(name string) types.String { return valueIn[types.String](config, name) }
	return parentModel{AuthServerID: text("auth_server_id"), UserID: text("user_id"), AppID: text("app_id"), ClientID: text("client_id")}
}

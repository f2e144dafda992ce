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

// refreshTokenDataSourceModel has the token's attributes at the top level. Those
// that name the parent are arguments too.
type refreshTokenDataSourceModel struct {
	tokenModel
	TokenID      types.String `tfsdk:"token_id"`
	ExpandScopes types.Bool   `tfsdk:"expand_scopes"`
	ScopeDetails types.List   `tfsdk:"scope_details"`
}

func (d *refreshTokenDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_refresh_token"
}

func (d *refreshTokenDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := tokenDataSourceAttributes()
	for name, description := range parentDescriptions {
		attributes[name] = schema.StringAttribute{
			MarkdownDescription: description + " Where it is not set, what Okta says of the token.",
			Optional:            true,
			Computed:            true,
			Validators:          parentValidators(name),
		}
	}
	attributes["token_id"] = schema.StringAttribute{
		MarkdownDescription: "ID of the token to read, such as `oar1a2b3c4d5e6f7g8h9`.",
		Required:            true,
		Validators:          []validator.String{isID()},
	}
	attributes["expand_scopes"] = schema.BoolAttribute{MarkdownDescription: expandScopesDescription, Optional: true}
	attributes["scope_details"] = scopeDetailsDataSourceAttribute()
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads one refresh token, by its ID and what it hangs from, in one request.",
		Attributes:          attributes,
	}
}

func (d *refreshTokenDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var m refreshTokenDataSourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.arguments().validate(&resp.Diagnostics)
}

// arguments are the attributes that name the parent, as they were configured.
func (m refreshTokenDataSourceModel) arguments() parentModel {
	return parentModel{AuthServerID: m.AuthServerID, UserID: m.UserID, AppID: m.AppID, ClientID: m.ClientID}
}

func (d *refreshTokenDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m refreshTokenDataSourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	arguments := m.arguments()
	var options []okta.ReadOption
	if m.ExpandScopes.ValueBool() {
		options = append(options, okta.WithScopeDetails())
	}
	token, err := d.client.RefreshToken(ctx, arguments.parent(), m.TokenID.ValueString(), options...)
	if err != nil {
		addTokenError(ctx, &resp.Diagnostics, d.client, arguments.parent(), m.TokenID.ValueString(), "", err)
		return
	}
	addUnreadable(&resp.Diagnostics, unreadable(token))
	m.tokenModel = newTokenModel(token)
	m.keep(arguments)
	m.ScopeDetails = scopeDetails(token, m.ExpandScopes.ValueBool())
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// keep puts back what was configured: an alias such as "default" is not the ID
// that Okta answers with.
func (m *refreshTokenDataSourceModel) keep(arguments parentModel) {
	for _, kept := range []struct {
		to   *types.String
		from types.String
	}{
		{&m.AuthServerID, arguments.AuthServerID},
		{&m.UserID, arguments.UserID},
		{&m.AppID, arguments.AppID},
		{&m.ClientID, arguments.ClientID},
	} {
		if !kept.from.IsNull() {
			*kept.to = kept.from
		}
	}
}

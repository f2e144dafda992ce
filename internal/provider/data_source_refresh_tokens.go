package provider

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/protocol"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

var (
	_ datasource.DataSourceWithConfigure      = (*refreshTokensDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*refreshTokensDataSource)(nil)
)

func newRefreshTokensDataSource() datasource.DataSource { return &refreshTokensDataSource{} }

type refreshTokensDataSource struct{ dataSourceSession }

type refreshTokensDataSourceModel struct {
	parentModel
	Filter       types.Object `tfsdk:"filter"`
	ExpandScopes types.Bool   `tfsdk:"expand_scopes"`
	Tokens       types.List   `tfsdk:"tokens"`
	TokenIDs     types.List   `tfsdk:"token_ids"`
	TokenCount   types.Int64  `tfsdk:"token_count"`
	UserIDs      types.List   `tfsdk:"user_ids"`
}

const expandScopesDescription = "Also read the details of the scopes into `scope_details`, without another request. Defaults to `false`."

func (d *refreshTokensDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_refresh_tokens"
}

func (d *refreshTokensDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"expand_scopes": optionalBool(expandScopesDescription),
		"tokens":        computedObjects("The refresh tokens, sorted by `created`, then `id`.", detailedTokenFields(true).nested()),
		"token_ids":     computedTexts("The tokens' IDs, in the order of `tokens`. Use them as the `token_ids` of a revocation."),
		"token_count":   computedCount("How many tokens there are in `tokens`."),
		"user_ids":      computedTexts("IDs of the users who hold the tokens, each once, sorted."),
	}
	maps.Copy(attributes, attributesOf[schema.Attribute](parentAttributes("")))
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the refresh tokens of a client at an authorization server, of a client of a user, or of an app. " +
			"It costs one request for each 200 tokens. A filter saves none, because Okta cannot filter.",
		Attributes: attributes,
		Blocks:     map[string]schema.Block{"filter": filterBlock(filterDescription + " Without a filter, all tokens are listed.")},
	}
}

func (d *refreshTokensDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var m refreshTokensDataSourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.validate(&resp.Diagnostics)
	m.refuseOtherParent(m.Filter, &resp.Diagnostics)
}

func (d *refreshTokensDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m refreshTokensDataSourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	tokens := d.list(ctx, m, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ids, users := make([]string, len(tokens)), okta.Set{}
	for i, token := range tokens {
		ids[i] = token.ID
		if token.UserID != "" {
			users.Add(token.UserID)
		}
	}
	token := detailedTokenFields(m.ExpandScopes.ValueBool())
	leave(ctx, protocol.Lists{
		"tokens":    token.rows(tokens),
		"token_ids": protocol.Rows(ids, idRow),
		"user_ids":  protocol.Rows(slices.Sorted(maps.Keys(users)), idRow),
	}, &resp.Diagnostics)
	m.Tokens, m.TokenIDs, m.UserIDs = noRows(token.objectType()), toList(nil), toList(nil)
	m.TokenCount = types.Int64Value(int64(len(tokens)))
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// list reads the tokens that match, sorted, each once.
func (d *refreshTokensDataSource) list(ctx context.Context, m refreshTokensDataSourceModel, diags *diag.Diagnostics) []okta.RefreshToken {
	var choice walk.Choice
	if !m.Filter.IsNull() {
		choice.Filter = toFilter(ctx, m.Filter, diags)
	}
	if diags.HasError() {
		return nil
	}
	var options []okta.ReadOption
	if m.ExpandScopes.ValueBool() {
		options = append(options, okta.WithScopeDetails())
	}
	lists, err := walk.Find(ctx, d.client, walk.At(m.parent()), choice, options...)
	if err != nil {
		addAPIError(diags, listing("Refresh Tokens", m.parent(), m.parent().Kind()), err)
		return nil
	}
	tokens := lists[0].Tokens // of the one parent
	addUnreadable(diags, unreadable(tokens...))
	return walk.Sorted(tokens)
}

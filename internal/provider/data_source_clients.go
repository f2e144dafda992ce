package provider

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

var (
	_ datasource.DataSourceWithConfigure      = (*clientsDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*clientsDataSource)(nil)
)

func newClientsDataSource() datasource.DataSource { return &clientsDataSource{} }

type clientsDataSource struct{ dataSourceSession }

type clientsDataSourceModel struct {
	AuthServerID types.String `tfsdk:"auth_server_id"`
	UserID       types.String `tfsdk:"user_id"`
	Clients      types.List   `tfsdk:"clients"`
}

var clientFields = fields[okta.OAuth2Client]{
	{"client_id", func(c okta.OAuth2Client) any { return c.ID }, computedText("Client ID. For some apps, it differs from the app's ID.")},
	{"client_name", func(c okta.OAuth2Client) any { return c.Name }, computedText("Name of the client.")},
	{"client_uri", func(c okta.OAuth2Client) any { return c.URI }, computedText("URL of the client's home page.")},
	{"logo_uri", func(c okta.OAuth2Client) any { return c.LogoURI }, computedText("URL of the client's logo.")},
}

func (d *clientsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_clients"
}

func (d *clientsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the clients that hold refresh tokens of an authorization server or of a user.",
		Attributes: map[string]schema.Attribute{
			"auth_server_id": optionalText("ID of a custom authorization server, such as `aus8k2lmq4RtXw7Zn5d7`, or `default`. Exactly one of `auth_server_id` and `user_id`.", isID()),
			"user_id":        optionalText("ID or login of a user, such as `00u1a2b3c4d5e6f7g8h9`. Exactly one of `auth_server_id` and `user_id`.", isUser()),
			"clients":        computedObjects("The clients that hold at least one refresh token, sorted by `client_id`.", clientFields.nested()),
		},
	}
}

func (d *clientsDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var m clientsDataSourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.parent().validateHolder(&resp.Diagnostics)
}

// parent is the model as one of those that can have an app, which this cannot.
func (m clientsDataSourceModel) parent() parentModel {
	return parentModel{AuthServerID: m.AuthServerID, UserID: m.UserID}
}

func (d *clientsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m clientsDataSourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	holder := m.parent().holder()
	var clients []okta.OAuth2Client
	for client, err := range d.client.Clients(ctx, holder) {
		if err != nil {
			addAPIError(&resp.Diagnostics, listing("Clients", holder, holder.Kind()), err)
			return
		}
		clients = append(clients, client)
	}
	slices.SortFunc(clients, func(a, b okta.OAuth2Client) int { return strings.Compare(a.ID, b.ID) })
	m.Clients = clientFields.list(ctx, clients)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

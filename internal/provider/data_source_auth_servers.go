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

var _ datasource.DataSourceWithConfigure = (*authServersDataSource)(nil)

func newAuthServersDataSource() datasource.DataSource { return &authServersDataSource{} }

type authServersDataSource struct{ dataSourceSession }

type authServersDataSourceModel struct {
	AuthServers types.List `tfsdk:"auth_servers"`
}

var authServerFields = fields[okta.AuthServer]{
	{"id", func(s okta.AuthServer) any { return s.ID }, computedText("ID of the authorization server, for `auth_server_id`.")},
	{"name", func(s okta.AuthServer) any { return s.Name }, computedText("Name of the authorization server.")},
	{"description", func(s okta.AuthServer) any { return s.Description }, computedText("Description that an administrator wrote.")},
	{"issuer", func(s okta.AuthServer) any { return s.Issuer }, computedText("Issuer URL, the `iss` claim of the access tokens that it issues.")},
	{"status", func(s okta.AuthServer) any { return s.Status }, computedText("`ACTIVE` or `INACTIVE`. You can still list the refresh tokens of an inactive server.")},
	{"default", func(s okta.AuthServer) any { return s.Default }, computedBool("Whether this is the server that `default` means as an ID.")},
	{"audiences", func(s okta.AuthServer) any {
		return append([]string{}, slices.Sorted(slices.Values(s.Audiences))...) // never null
	}, computedTexts("The `aud` claims of the access tokens that it issues, sorted.")},
}

func (d *authServersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_auth_servers"
}

func (d *authServersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the custom authorization servers of the org.",
		Attributes: map[string]schema.Attribute{
			"auth_servers": computedObjects("The custom authorization servers, active or not, sorted by `id`.", authServerFields.nested()),
		},
	}
}

func (d *authServersDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	var servers []okta.AuthServer
	for server, err := range d.client.AuthServers(ctx) {
		if err != nil {
			addAPIError(&resp.Diagnostics, operation{
				summary: "Unable to List Authorization Servers",
				doing:   "list the authorization servers of the org",
			}, err)
			return
		}
		servers = append(servers, server)
	}
	slices.SortFunc(servers, func(a, b okta.AuthServer) int { return strings.Compare(a.ID, b.ID) })
	resp.Diagnostics.Append(resp.State.Set(ctx, authServersDataSourceModel{authServerFields.list(ctx, servers)})...)
}

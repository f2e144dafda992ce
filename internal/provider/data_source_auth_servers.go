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
	AuthServers []authServerModel `tfsdk:"auth_servers"`
}

type authServerModel struct {
	ID          types.String `tfsdk:"id"`
	Name        types.String `tfsdk:"name"`
	Description types.String `tfsdk:"description"`
	Issuer      types.String `tfsdk:"issuer"`
	Status      types.String `tfsdk:"status"`
	Default     types.Bool   `tfsdk:"default"`
	Audiences   types.List   `tfsdk:"audiences"`
}

func newAuthServerModel(s okta.AuthServer) authServerModel {
	return authServerModel{
		ID:          types.StringValue(s.ID),
		Name:        text(s.Name),
		Description: text(s.Description),
		Issuer:      text(s.Issuer),
		Status:      text(s.Status),
		Default:     types.BoolValue(s.Default),
		Audiences:   toList(slices.Sorted(slices.Values(s.Audiences))),
	}
}

func (d *authServersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_auth_servers"
}

func (d *authServersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attribute := func(description string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: description, Computed: true}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the custom authorization servers of the org.",
		Attributes: map[string]schema.Attribute{
			"auth_servers": schema.ListNestedAttribute{
				MarkdownDescription: "The custom authorization servers, active or not, sorted by `id`.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":          attribute("ID of the authorization server, which `auth_server_id` takes elsewhere."),
					"name":        attribute("Name of the authorization server."),
					"description": attribute("What administrators wrote about it."),
					"issuer":      attribute("Issuer URL, the `iss` claim of the access tokens that it issues."),
					"status":      attribute("`ACTIVE` or `INACTIVE`. Refresh tokens of an inactive one can still be listed."),
					"default": schema.BoolAttribute{
						MarkdownDescription: "Whether this is the server that `default` stands for wherever an ID is asked for.",
						Computed:            true,
					},
					"audiences": schema.ListAttribute{
						MarkdownDescription: "The `aud` claims of the access tokens that it issues, sorted.",
						ElementType:         types.StringType,
						Computed:            true,
					},
				}},
			},
		},
	}
}

func (d *authServersDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	m := authServersDataSourceModel{AuthServers: []authServerModel{}}
	for server, err := range d.client.AuthServers(ctx) {
		if err != nil {
			addAPIError(&resp.Diagnostics, operation{
				summary: "Unable to List Authorization Servers",
				doing:   "list the authorization servers of the org",
			}, err)
			return
		}
		m.AuthServers = append(m.AuthServers, newAuthServerModel(server))
	}
	slices.SortFunc(m.AuthServers, func(a, b authServerModel) int {
		return strings.Compare(a.ID.ValueString(), b.ID.ValueString())
	})
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

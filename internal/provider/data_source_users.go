package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/sync/errgroup"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

var _ datasource.DataSourceWithConfigure = (*usersDataSource)(nil)

func newUsersDataSource() datasource.DataSource { return &usersDataSource{} }

type usersDataSource struct{ dataSourceSession }

type usersDataSourceModel struct {
	Logins        types.Set   `tfsdk:"logins"`
	Users         []userModel `tfsdk:"users"`
	UserIDs       types.Set   `tfsdk:"user_ids"`
	UnknownLogins types.Set   `tfsdk:"unknown_logins"`
}

type userModel struct {
	ID     types.String `tfsdk:"id"`
	Login  types.String `tfsdk:"login"`
	Name   types.String `tfsdk:"name"`
	Status types.String `tfsdk:"status"`
}

func (d *usersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_users"
}

func (d *usersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attribute := func(description string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: description, Computed: true}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds the user IDs that belong to logins.",
		Attributes: map[string]schema.Attribute{
			"logins": schema.SetAttribute{
				MarkdownDescription: "Logins, such as `amara.abara@example.com`. User IDs are taken too, so a list may mix both.",
				ElementType:         types.StringType,
				Required:            true,
				Validators:          []validator.Set{noNulls{}, setvalidator.ValueStringsAre(isUser())},
			},
			"users": schema.ListNestedAttribute{
				MarkdownDescription: "The users that were found, each once, sorted by `id`.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":     attribute("ID of the user, which `user_id` takes elsewhere."),
					"login":  attribute("Login of the user, as Okta has it."),
					"name":   attribute("First and last name."),
					"status": attribute("Status of the account, such as `ACTIVE`, `SUSPENDED` or `DEPROVISIONED`."),
				}},
			},
			"user_ids": schema.SetAttribute{
				MarkdownDescription: "IDs of the users that were found.",
				ElementType:         types.StringType,
				Computed:            true,
			},
			"unknown_logins": schema.SetAttribute{
				MarkdownDescription: "Those of `logins` that Okta knows no user by. They are no error: check that the set is empty where one must not be missed.",
				ElementType:         types.StringType,
				Computed:            true,
			},
		},
	}
}

func (d *usersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m usersDataSourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	logins := toStrings(ctx, m.Logins, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := d.lookUp(ctx, logins)
	if err != nil {
		addAPIError(&resp.Diagnostics, operation{summary: "Unable to Look Up Users", doing: "look up the users"}, err)
		return
	}
	m.fill(logins, found)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// lookUp reads the user of each login, side by side. The user of a login that
// Okta does not know is nil.
func (d *usersDataSource) lookUp(ctx context.Context, logins []string) ([]*okta.UserAccount, error) {
	found := make([]*okta.UserAccount, len(logins))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(d.client.Parallelism())
	for i, login := range logins {
		group.Go(func() error {
			user, err := d.client.UserAccount(ctx, login)
			switch {
			case okta.IsNotFound(err):
				return nil
			case err != nil:
				return fmt.Errorf("looking up %q: %w", login, err)
			default:
				found[i] = &user
				return nil
			}
		})
	}
	return found, group.Wait()
}

// fill sets the results. Two logins can belong to one user.
func (m *usersDataSourceModel) fill(logins []string, found []*okta.UserAccount) {
	ids, unknown := okta.Set{}, []string{}
	m.Users = []userModel{}
	for i, user := range found {
		switch {
		case user == nil:
			unknown = append(unknown, logins[i])
		case !ids.Has(user.ID):
			ids[user.ID] = struct{}{}
			m.Users = append(m.Users, userModel{
				ID: types.StringValue(user.ID), Login: text(user.Login), Name: text(user.Name), Status: text(user.Status),
			})
		}
	}
	slices.SortFunc(m.Users, func(a, b userModel) int { return strings.Compare(a.ID.ValueString(), b.ID.ValueString()) })
	m.UserIDs, m.UnknownLogins = toSetValue(slices.Sorted(maps.Keys(ids))), toSetValue(unknown)
}

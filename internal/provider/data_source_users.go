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
	Logins        types.Set  `tfsdk:"logins"`
	Users         types.List `tfsdk:"users"`
	UserIDs       types.Set  `tfsdk:"user_ids"`
	UnknownLogins types.Set  `tfsdk:"unknown_logins"`
}

var userFields = fields[okta.UserAccount]{
	{"id", func(u okta.UserAccount) any { return u.ID }, computedText("ID of the user, for `user_id`.")},
	{"login", func(u okta.UserAccount) any { return u.Login }, computedText("Login of the user in Okta.")},
	{"name", func(u okta.UserAccount) any { return u.Name }, computedText("First and last name.")},
	{"status", func(u okta.UserAccount) any { return u.Status }, computedText("Status of the account, such as `ACTIVE`, `SUSPENDED` or `DEPROVISIONED`.")},
}

func (d *usersDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_users"
}

func (d *usersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds the user IDs for logins.",
		Attributes: map[string]schema.Attribute{
			"logins": schema.SetAttribute{
				MarkdownDescription: "Logins, such as `amara.abara@example.com`. User IDs are accepted too.",
				ElementType:         types.StringType,
				Required:            true,
				Validators:          []validator.Set{noNulls{}, setvalidator.ValueStringsAre(isUser())},
			},
			"users": computedObjects("The users that were found, each once, sorted by `id`.", userFields.nested()),
			"user_ids": schema.SetAttribute{
				MarkdownDescription: "IDs of the users that were found.",
				ElementType:         types.StringType,
				Computed:            true,
			},
			"unknown_logins": schema.SetAttribute{
				MarkdownDescription: "The `logins` that Okta does not know. They are not an error, so check that the set is empty if you need every user.",
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
	m.fill(ctx, logins, found)
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
func (m *usersDataSourceModel) fill(ctx context.Context, logins []string, found []*okta.UserAccount) {
	ids, users, unknown := okta.Set{}, []okta.UserAccount{}, []string{}
	for i, user := range found {
		switch {
		case user == nil:
			unknown = append(unknown, logins[i])
		case !ids.Has(user.ID):
			ids.Add(user.ID)
			users = append(users, *user)
		}
	}
	slices.SortFunc(users, func(a, b okta.UserAccount) int { return strings.Compare(a.ID, b.ID) })
	m.Users = userFields.list(ctx, users)
	m.UserIDs, m.UnknownLogins = toSetValue(slices.Sorted(maps.Keys(ids))), toSetValue(unknown)
}

package provider

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	listresource "github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

var (
	_ listresource.ListResourceWithConfigure      = (*refreshTokenListResource)(nil)
	_ listresource.ListResourceWithValidateConfig = (*refreshTokenListResource)(nil)
)

func newRefreshTokenListResource() listresource.ListResource { return &refreshTokenListResource{} }

type refreshTokenListResource struct{ resourceSession }

type refreshTokenListModel struct {
	parentModel
	AllClients types.Bool   `tfsdk:"all_clients"`
	Filter     types.Object `tfsdk:"filter"`
}

func (l *refreshTokenListResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_refresh_token"
}

func (l *refreshTokenListResource) ListResourceConfigSchema(_ context.Context, _ listresource.ListResourceSchemaRequest, resp *listresource.ListResourceSchemaResponse) {
	attributes := attributesOf[schema.Attribute](parentAttributes(""))
	attributes["all_clients"] = optionalBool("`true` means every client that holds tokens of the authorization server or user. It costs at least one request for each client. Exactly one of `client_id` and `all_clients`.")
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists refresh tokens for `terraform query`, which can generate the configuration to adopt them. It changes nothing in Okta.",
		Attributes:          attributes,
		Blocks:              map[string]schema.Block{"filter": filterBlock(filterDescription + " Without a filter, all tokens are found.")},
	}
}

func (l *refreshTokenListResource) ValidateListResourceConfig(ctx context.Context, req listresource.ValidateConfigRequest, resp *listresource.ValidateConfigResponse) {
	var m refreshTokenListModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.validate(&resp.Diagnostics)
}

func (m refreshTokenListModel) validate(diags *diag.Diagnostics) {
	m.validateHolder(diags)
	m.refuseClientOfApp(diags)
	m.where().validateClients(diags)
	m.refuseOtherParent(m.Filter, diags)
}

// where is what the list looks through, as a revocation has it.
func (m refreshTokenListModel) where() requestModel {
	return requestModel{parentModel: m.parentModel, AllClients: m.AllClients}
}

// List reads all that matches before it shows anything, so that what it shows is
// in order, and a limit cuts off the youngest tokens and tells how many.
func (l *refreshTokenListResource) List(ctx context.Context, req listresource.ListRequest, stream *listresource.ListResultsStream) {
	// Only when the results are asked for: Terraform can interrupt that.
	stream.Results = func(push func(listresource.ListResult) bool) {
		var diags diag.Diagnostics
		found := l.find(ctx, req, &diags)
		if diags.HasError() {
			push(listresource.ListResult{Diagnostics: diags})
			return
		}
		if total := len(found); req.Limit > 0 && int64(total) > req.Limit {
			found = found[:req.Limit]
			// Terraform reads nothing after the last result that it asked for.
			if !push(listresource.ListResult{Diagnostics: diag.Diagnostics{truncated(req.Limit, total)}}) {
				return
			}
		}
		for _, token := range found {
			if err := context.Cause(ctx); err != nil {
				// To end here would be to say that this was all.
				addAPIError(&diags, operation{doing: "show all of the refresh tokens that were found"}, err)
				push(listresource.ListResult{Diagnostics: diags})
				return
			}
			if !push(token.result(ctx, req)) {
				return
			}
		}
	}
}

func truncated(limit int64, total int) diag.Diagnostic {
	return diag.NewWarningDiagnostic(
		fmt.Sprintf("Shows %s of %s", prose.Number(int(limit)), prose.Count(total, "refresh token")),
		fmt.Sprintf("These are the oldest. To see all of them, set limit = %d in the list block, which defaults to 100.", total))
}

// foundToken is a token, and the parent that it was found at.
type foundToken struct {
	okta.RefreshToken
	parent parentModel
}

func (t foundToken) Compare(other foundToken) int { return t.RefreshToken.Compare(other.RefreshToken) }

// find reads the tokens that match, sorted, each once.
func (l *refreshTokenListResource) find(ctx context.Context, req listresource.ListRequest, diags *diag.Diagnostics) []foundToken {
	var m refreshTokenListModel
	diags.Append(req.Config.Get(ctx, &m)...)
	if diags.HasError() {
		return nil
	}
	m.validate(diags) // once more, now that nothing is unknown
	checkFilter(path.Root("filter"), m.Filter, diags)
	var choice walk.Choice
	if !m.Filter.IsNull() {
		choice.Filter = toFilter(ctx, m.Filter, diags)
	}
	if diags.HasError() {
		return nil
	}
	target := m.where().target()
	lists, err := walk.Find(ctx, l.client, target, choice)
	if err != nil {
		addAPIError(diags, listing("Refresh Tokens", target, target.Kind()), err)
		return nil
	}
	var found []foundToken
	for _, list := range lists {
		parent := m.parentModel
		if id := list.ClientID(); id != "" {
			parent.ClientID = types.StringValue(id)
		}
		for _, token := range list.Tokens {
			found = append(found, foundToken{token, parent})
		}
	}
	return walk.Sorted(found)
}

// result is the token as Terraform shows it and, if it asks for that, as an import
// would store it.
func (t foundToken) result(ctx context.Context, req listresource.ListRequest) listresource.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = t.displayName()
	m := refreshTokenResourceModel{parentModel: t.parent, TokenID: types.StringValue(t.ID)}
	result.Diagnostics.Append(result.Identity.Set(ctx, m.identity())...)
	if req.IncludeResource {
		addUnreadable(&result.Diagnostics, unreadable(t.RefreshToken))
		m.show(ctx, t.RefreshToken)
		m.Timeouts = noTimeouts
		result.Diagnostics.Append(result.Resource.Set(ctx, m)...)
	}
	return result
}

// displayName tells people whose the token is and how old: the identity beside it
// has the IDs.
func (t foundToken) displayName() string {
	parts := []string{cmp.Or(t.UserName, t.UserID), cmp.Or(t.ClientName, t.ClientID)}
	if !t.Created.IsZero() {
		parts = append(parts, "created "+t.Created.UTC().Format(time.RFC3339))
	}
	parts = slices.DeleteFunc(parts, func(part string) bool { return part == "" })
	return prose.Printable(strings.Join(parts, ", "))
}

package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/inventory"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/protocol"
)

var _ datasource.DataSourceWithConfigure = (*inventoryDataSource)(nil)

func newInventoryDataSource() datasource.DataSource { return &inventoryDataSource{} }

type inventoryDataSource struct{ dataSourceSession }

type inventoryDataSourceModel struct {
	AuthServerIDs types.Set    `tfsdk:"auth_server_ids"`
	ClientIDs     types.Set    `tfsdk:"client_ids"`
	UserIDs       types.Set    `tfsdk:"user_ids"`
	AppIDs        types.Set    `tfsdk:"app_ids"`
	Filter        types.Object `tfsdk:"filter"`
	IncludeTokens types.Bool   `tfsdk:"include_tokens"`
	IncludeUsers  types.Bool   `tfsdk:"include_users"`
	OnError       types.String `tfsdk:"on_error"`

	OrgURL       types.String `tfsdk:"org_url"`
	Complete     types.Bool   `tfsdk:"complete"`
	Failures     types.List   `tfsdk:"failures"`
	TokenCount   types.Int64  `tfsdk:"token_count"`
	ClientCount  types.Int64  `tfsdk:"client_count"`
	UserCount    types.Int64  `tfsdk:"user_count"`
	Clients      types.List   `tfsdk:"clients"`
	AgeHistogram types.List   `tfsdk:"age_histogram"`
	Users        types.List   `tfsdk:"users"`
	Tokens       types.List   `tfsdk:"tokens"`
}

// Values of on_error.
const (
	onErrorFail     = "fail"
	onErrorContinue = "continue"
)

func (d *inventoryDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_inventory"
}

func (d *inventoryDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m inventoryDataSourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	request := m.request(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	taken, err := inventory.Take(ctx, d.client, request)
	if err != nil {
		addInventoryError(&resp.Diagnostics, err)
		return
	}
	m.OrgURL = types.StringValue(d.client.OrgURL())
	m.take(ctx, taken, &resp.Diagnostics)
	addIncompleteInventory(&resp.Diagnostics, taken.Failures)
	addUnreadable(&resp.Diagnostics, taken.Unreadable)
	if err := d.client.CheckClock(); err != nil {
		resp.Diagnostics.AddWarning(clocksDiffer, fmt.Sprintf("%s. One of them is wrong. age_histogram follows this machine's clock: check it.", err))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// request is what the model asks the engine for.
func (m inventoryDataSourceModel) request(ctx context.Context, diags *diag.Diagnostics) inventory.Request {
	req := inventory.Request{
		UserIDs:    toStrings(ctx, m.UserIDs, diags),
		AppIDs:     toStrings(ctx, m.AppIDs, diags),
		ClientIDs:  toSet(ctx, m.ClientIDs, diags),
		KeepTokens: m.IncludeTokens.ValueBool(),
		CountUsers: m.IncludeUsers.ValueBool(),
		Continue:   m.OnError.ValueString() == onErrorContinue,
	}
	if !m.AuthServerIDs.IsNull() {
		req.AuthServerIDs = append([]string{}, toStrings(ctx, m.AuthServerIDs, diags)...)
	}
	if !m.Filter.IsNull() {
		req.Filter = toFilter(ctx, m.Filter, diags)
	}
	return req
}

// take fills the model's results, whose lists can be long and go as rows.
func (m *inventoryDataSourceModel) take(ctx context.Context, taken inventory.Inventory, diags *diag.Diagnostics) {
	m.Complete = types.BoolValue(taken.Complete())
	m.TokenCount = types.Int64Value(int64(taken.TokenCount))
	m.ClientCount = types.Int64Value(int64(taken.ClientCount))
	m.UserCount = types.Int64Value(int64(taken.UserCount))
	m.Failures, m.Clients, m.AgeHistogram = noRows(failureFields.objectType()), noRows(inventoryClientFields.objectType()), noRows(ageBandFields.objectType())
	m.Users, m.Tokens = types.ListNull(inventoryUserFields.objectType()), types.ListNull(tokenType)

	found := protocol.Lists{
		"failures":      failureFields.rows(taken.Failures),
		"clients":       inventoryClientFields.rows(taken.Clients),
		"age_histogram": ageBandFields.rows(taken.Ages),
	}
	if m.IncludeUsers.ValueBool() {
		m.Users = noRows(inventoryUserFields.objectType())
		found["users"] = inventoryUserFields.rows(taken.Users)
	}
	if m.IncludeTokens.ValueBool() {
		m.Tokens = noRows(tokenType)
		found["tokens"] = tokenFields.rows(taken.Tokens)
	}
	leave(ctx, found, diags)
}

// addInventoryError reports why there is no inventory.
func addInventoryError(diags *diag.Diagnostics, err error) {
	const summary = "Unable to Take Inventory"
	failure, ok := errors.AsType[*inventory.Failure](err)
	if !ok {
		addAPIError(diags, operation{summary: summary, doing: "take the inventory"}, err)
		return
	}
	doing := fmt.Sprintf("list the %s", failure.List())
	if failure.TokensSeen > 0 {
		doing += fmt.Sprintf(" to the end: it broke off after %s", prose.Count(failure.TokensSeen, "token"))
	}
	addAPIError(diags, operation{summary: summary, doing: doing, kind: failure.Kind(), several: true}, failure.Err)
}

// addIncompleteInventory warns of what is not in the sums.
func addIncompleteInventory(diags *diag.Diagnostics, failures []inventory.Failure) {
	if len(failures) == 0 {
		return
	}
	lines := make([]string, 0, maxNamed+1)
	for _, failure := range failures[:min(len(failures), maxNamed)] {
		lines = append(lines, fmt.Sprintf("  %s: %s", failure.List(), said(failure.Err)))
	}
	if rest := len(failures) - maxNamed; rest > 0 {
		lines = append(lines, fmt.Sprintf("  … and %s more", prose.Number(rest)))
	}
	diags.AddWarning(fmt.Sprintf("Inventory is incomplete: %s could not be read", prose.Count(len(failures), "list")),
		"Nothing of these is in any sum, and failures has them all:\n\n"+strings.Join(lines, "\n"))
}

// said is what Okta said, without the request, or the error where it said
// nothing.
func said(err error) string {
	if e, ok := err.(*okta.Error); ok { //nolint:errorlint // A wrapped one has been given more words.
		return e.Said()
	}
	return err.Error()
}

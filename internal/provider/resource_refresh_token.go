package provider

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

var (
	_ resource.ResourceWithConfigure      = (*refreshTokenResource)(nil)
	_ resource.ResourceWithValidateConfig = (*refreshTokenResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*refreshTokenResource)(nil)
	_ resource.ResourceWithIdentity       = (*refreshTokenResource)(nil)
	_ resource.ResourceWithImportState    = (*refreshTokenResource)(nil)
)

func newRefreshTokenResource() resource.Resource { return &refreshTokenResource{} }

// refreshTokenResource is a token that already exists: it cannot be created,
// only adopted.
type refreshTokenResource struct{ resourceSession }

// refreshTokenResourceModel is an adopted token as it is configured, planned and
// stored.
//
// What Okta says of the token is an object of its own. Beside the arguments, its
// client_id or user_id would have to be arguments too, and configuration that
// Terraform generates would name more than one parent.
type refreshTokenResourceModel struct {
	parentModel
	TokenID types.String `tfsdk:"token_id"`

	Revoke          types.Bool   `tfsdk:"revoke"`
	RevokeOnDestroy types.Bool   `tfsdk:"revoke_on_destroy"`
	Timeouts        types.Object `tfsdk:"timeouts"`

	Status types.String `tfsdk:"status"`
	Token  types.Object `tfsdk:"token"`
}

// Values of status. Okta's own, and what a token is that Okta no longer has.
const (
	statusActive  = "ACTIVE"
	statusRevoked = "REVOKED"
)

func (r *refreshTokenResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_refresh_token"
}

func (r *refreshTokenResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var m refreshTokenResourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.validate(&resp.Diagnostics)
}

// Create adopts the token, and revokes it if that is asked for. Where that fails,
// nothing is stored, and the next plan is a create again.
func (r *refreshTokenResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m refreshTokenResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.validate(&resp.Diagnostics) // once more, now that nothing is unknown
	timeout := timeoutOf(m.Timeouts, "create", revokeTimeout, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	m.Token = types.ObjectNull(tokenType.AttrTypes)
	if m.Revoke.ValueBool() {
		r.revoke(ctx, &m, revoke.FullEvidence, &resp.Diagnostics)
	} else {
		r.adopt(ctx, &m, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	r.rememberOrg(ctx, m, resp.Private, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, m.identity())...)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// Read looks at the token even when it is known to be revoked. It costs one
// request, and what was wrong comes right again.
func (r *refreshTokenResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m refreshTokenResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	// First of all: the state of a CLI that knows no identities has none yet.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, m.identity())...)
	timeout := timeoutOf(m.Timeouts, "read", readTimeout, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if imported := m.Status.IsNull(); imported {
		r.adopt(ctx, &m, &resp.Diagnostics)
	} else {
		r.observe(ctx, &m, req.Private, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	r.rememberOrg(ctx, m, resp.Private, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

func (r *refreshTokenResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var m, state refreshTokenResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.Status, m.Token = state.Status, state.Token
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, destroyRevokesKey, nil)...) // this is no replacement
	if m.mustRevoke() {
		timeout := timeoutOf(m.Timeouts, "update", revokeTimeout, &resp.Diagnostics)
		if resp.Diagnostics.HasError() {
			return
		}
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		r.checkOrg(ctx, m, req.Private, &resp.Diagnostics)
		if resp.Diagnostics.HasError() {
			return
		}
		// The state has all that there is to know of the token.
		if r.revoke(ctx, &m, revoke.NoEvidence, &resp.Diagnostics); resp.Diagnostics.HasError() {
			return // the state stays as it was, and the next plan has this to do again
		}
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, m.identity())...)
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// Delete makes no request and lets the token live, unless the state says that it
// is to be revoked. What only the configuration says was never applied.
func (r *refreshTokenResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m refreshTokenResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !m.mustRevokeOnDestroy() {
		return
	}
	timeout := timeoutOf(m.Timeouts, "delete", revokeTimeout, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	refuseTaintedReplacement(ctx, m, req.Private, &resp.Diagnostics)
	r.checkOrg(ctx, m, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r.revoke(ctx, &m, revoke.NoEvidence, &resp.Diagnostics)
}

// adopt reads a token that has to be there.
func (r *refreshTokenResource) adopt(ctx context.Context, m *refreshTokenResourceModel, diags *diag.Diagnostics) {
	token, err := r.client.LookUpRefreshToken(ctx, m.parent(), m.TokenID.ValueString())
	if err != nil {
		m.addError(diags, err)
		return
	}
	addUnreadable(diags, unreadable(token))
	m.show(ctx, token)
}

// observe reads a token that was there once.
func (r *refreshTokenResource) observe(ctx context.Context, m *refreshTokenResourceModel, private privateState, diags *diag.Diagnostics) {
	token, err := r.client.RefreshToken(ctx, m.parent(), m.TokenID.ValueString())
	switch {
	case err == nil:
		addUnreadable(diags, unreadable(token))
		m.show(ctx, token)
	case !okta.IsNotFound(err):
		m.addError(diags, err)
	case m.alive():
		r.settleGone(ctx, m, err, private, diags)
	}
}

// settleGone finds out whether a token is gone of which Okta says so. What nothing
// confirms changes nothing, with a warning.
func (r *refreshTokenResource) settleGone(ctx context.Context, m *refreshTokenResourceModel, notFound error, private privateState, diags *diag.Diagnostics) {
	if r.checkOrg(ctx, *m, private, diags); diags.HasError() {
		return
	}
	err := walk.ConfirmTokenGone(ctx, r.client, m.parent(), m.TokenID.ValueString(), notFound)
	switch {
	case err == nil:
		m.end()
	case okta.IsUnproven(err):
		addUnproven(diags, m.String(), "its status stays "+m.Status.ValueString(), err)
	default:
		m.addError(diags, err)
	}
}

func (m refreshTokenResourceModel) addError(diags *diag.Diagnostics, err error) {
	addTokenError(diags, m.parent(), m.TokenID.ValueString(), goneAdvice, err)
}

// revoke makes sure that the token is revoked.
func (r *refreshTokenResource) revoke(ctx context.Context, m *refreshTokenResourceModel, evidence revoke.Evidence, diags *diag.Diagnostics) {
	if r.client.ReadOnly() {
		addReadOnly(diags, *m)
		return
	}
	req := m.request()
	req.Evidence = evidence
	out, err := r.engine.Revoke(ctx, req)
	known := !m.Token.IsNull()
	switch {
	case err != nil:
		addTokenRevocationError(diags, *m, err)
		return
	case !known && out.AlreadyGone > 0:
		addAlreadyGone(diags, *m)
	case !known:
		m.show(ctx, out.Revoked[0])
	}
	m.end()
}

// request selects the token for the engine.
func (m refreshTokenResourceModel) request() revoke.Request {
	return revoke.Request{Target: walk.At(m.parent()), Selection: revoke.Tokens(m.TokenID.ValueString())}
}

// show records what Okta says of the token.
func (m *refreshTokenResourceModel) show(ctx context.Context, token okta.RefreshToken) {
	token.Status = cmp.Or(token.Status, statusActive)
	m.Status = types.StringValue(token.Status)
	m.Token = tokenFields.object(ctx, token)
}

// end records that the token is gone, and keeps all else that was known of it.
func (m *refreshTokenResourceModel) end() {
	m.Status = types.StringValue(statusRevoked)
	if attributes := m.Token.Attributes(); len(attributes) > 0 {
		attributes["status"] = m.Status
		m.Token = types.ObjectValueMust(tokenType.AttrTypes, attributes)
	}
}

// alive reports whether the token is not known to be revoked.
func (m refreshTokenResourceModel) alive() bool { return m.Status.ValueString() != statusRevoked }

// mustRevoke reports whether what is asked for differs from what is.
func (m refreshTokenResourceModel) mustRevoke() bool { return m.Revoke.ValueBool() && m.alive() }

func (m refreshTokenResourceModel) mustRevokeOnDestroy() bool {
	return m.RevokeOnDestroy.ValueBool() && m.alive()
}

// token is what the state knows of the token: enough for the guards, and to tell
// people which one it is.
func (m refreshTokenResourceModel) token(diags *diag.Diagnostics) okta.RefreshToken {
	token := okta.RefreshToken{ID: m.TokenID.ValueString()}
	if !isSet(m.Token) {
		return token
	}
	text := func(name string) string { return valueIn[types.String](m.Token, name).ValueString() }
	token.ClientID, token.ClientName = text("client_id"), text("client_name")
	token.UserID, token.UserName = text("user_id"), text("user_name")
	if created := toTime(valueIn[timeValue](m.Token, "created"), diags); created != nil {
		token.Created = okta.NewTime(*created)
	}
	if updated := toTime(valueIn[timeValue](m.Token, "last_updated"), diags); updated != nil {
		token.LastUpdated = okta.NewTime(*updated)
	}
	return token
}

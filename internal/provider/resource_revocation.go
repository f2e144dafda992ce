package provider

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/protocol"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

var (
	_ resource.ResourceWithConfigure      = (*revocationResource)(nil)
	_ resource.ResourceWithValidateConfig = (*revocationResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*revocationResource)(nil)
)

func newRevocationResource() resource.Resource { return &revocationResource{} }

type revocationResource struct{ resourceSession }

// Default timeouts. A revocation by filter sends a request for each token, which
// at the limits of a small org are some fifty a minute.
const (
	revokeTimeout = time.Hour
	readTimeout   = 10 * time.Minute
)

func (r *revocationResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_revocation"
}

func (r *revocationResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m revocationModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout := timeoutOf(m.Timeouts, "create", revokeTimeout, &resp.Diagnostics)
	request := m.request(ctx, &resp.Diagnostics)
	r.refuseOtherOrg(m, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	m.OrgURL = r.orgURL()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	m.startRecord()
	kept, goesOn := r.kept.take(m)
	var before progressSoFar
	if goesOn {
		m.goOn(ctx, kept)
		before = kept.state.soFar(ctx, kept.lists, kept.beside, &resp.Diagnostics)
		request = m.rest(ctx, request, kept.state, before, &resp.Diagnostics)
	}
	acted := r.act(ctx, &m, run{request, before, resp.Private, createWording()}, &resp.Diagnostics)
	if goesOn && !acted {
		before.remember(ctx, resp.Private, m, &resp.Diagnostics)
	}
	if acted || goesOn { // what an earlier apply has done is not forgotten, whatever this one has
		resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
	}
}

// Read makes no request unless it is asked to look for tokens: a revocation is
// an event, and there is nothing of it left in Okta to refresh.
func (r *revocationResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m revocationModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if r.engine != nil && m.goesOn(ctx, req.Private, &resp.Diagnostics) {
		r.kept.see(m)
	}
	if r.atAnotherOrg(m) {
		resp.Diagnostics.AddWarning("Record Not Refreshed", r.otherOrg(m))
		return
	}
	if m.OrgURL.IsNull() { // a state of an earlier version
		m.OrgURL = r.orgURL()
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("org_url"), m.OrgURL)...)
	}
	if !m.DryRun.ValueBool() && m.OnReappear.ValueString() != reappearRevoke {
		return
	}
	timeout := timeoutOf(m.Timeouts, "read", readTimeout, &resp.Diagnostics)
	request := m.request(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	tokens, err := r.engine.FindAgain(ctx, request)
	switch {
	case err == nil:
		m.found(ctx, tokens, req.Private, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
	case okta.IsUnproven(err):
		addUnproven(&resp.Diagnostics, request.Target.String(), "active_token_ids stays as it was", err)
	default:
		addRevocationError(&resp.Diagnostics, resourceWording, m.requestModel, request, err)
	}
}

func (r *revocationResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var m, state revocationModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !updateActs(state, m) {
		m.keepRecord(state)
		resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
		return
	}
	timeout := timeoutOf(m.Timeouts, "update", revokeTimeout, &resp.Diagnostics)
	before := state.soFar(ctx, protocol.Recorded(ctx), besideIn(ctx, req.Private, &resp.Diagnostics), &resp.Diagnostics)
	request := m.rest(ctx, m.request(ctx, &resp.Diagnostics), state, before, &resp.Diagnostics)
	r.refuseOtherOrg(m, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	m.OrgURL = r.orgURL()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	m.copyRecord(state)
	if !r.act(ctx, &m, run{request, before, resp.Private, resourceWording}, &resp.Diagnostics) {
		return // the state stays as it was
	}
	if resp.Diagnostics.HasError() {
		// The arguments stay as they were, and the next plan still has this
		// update to do; the record tells how far it got.
		state.copyRecord(m)
		m = state
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// Delete makes no request: what was revoked stays revoked. The record of a revocation that
// did not come to its end is kept for the one that may replace it.
func (r *revocationResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m revocationModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !m.goesOn(ctx, req.Private, &resp.Diagnostics) {
		return
	}
	// The plan of a tainted resource does not show the provider whose record it is.
	if r.refuseRestAtOtherOrg(ctx, m, req.Private, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	m.warnOfLeaving(&resp.Diagnostics)
	r.kept.leave(m, protocol.Recorded(ctx), besideIn(ctx, req.Private, &resp.Diagnostics))
}

// run is what an apply does: a request, from where the record stands.
type run struct {
	request revoke.Request
	before  progressSoFar
	private privateState
	words   wording
}

// act lists or revokes, as the model has it, and records what was done. It
// reports whether there is anything to store. Where nothing was done, a failed create
// must leave no trace, and the next plan is a create again.
func (r *revocationResource) act(ctx context.Context, m *revocationModel, run run, diags *diag.Diagnostics) bool {
	if m.DryRun.ValueBool() {
		return r.observe(ctx, m, run.request, diags)
	}
	out, err := r.engine.Revoke(ctx, run.request)
	if err != nil {
		addRevocationError(diags, run.words.applying(), m.requestModel, run.request, err)
		if _, ok := errors.AsType[*revoke.IncompleteError](err); !ok || !out.MayHaveActed() {
			return false
		}
	}
	addRefusedClock(diags, out)
	addAppeared(diags, run.words, run.request, out.Appeared)
	m.record(ctx, out, run.before, diags)
	if m.Evidence.ValueString() == evidenceFull {
		addUnreadable(diags, unreadable(out.Revoked...))
	}
	if err == nil {
		rememberEnd(ctx, run.private, diags)
		return true
	}
	run.before.add(out).remember(ctx, run.private, *m, diags)
	if len(out.Left) == 0 {
		m.ActiveTokenIDs = types.ListNull(types.StringType) // there may be some
	}
	if run.request.EndSessions && !out.SessionsEnded {
		m.EndSessions = types.BoolValue(false) // it is still to be done
	}
	return true
}

// observe is what a dry run does. The guards only warn, because nothing is hit.
func (r *revocationResource) observe(ctx context.Context, m *revocationModel, request revoke.Request, diags *diag.Diagnostics) bool {
	tokens, err := r.engine.Find(ctx, request)
	if err != nil {
		addRevocationError(diags, resourceWording, m.requestModel, request, err)
		return false
	}
	if err := r.engine.Check(request, tokens); err != nil {
		diags.AddWarning("Dry Run Would Be Refused", err.Error()+".")
	}
	m.ActiveTokenIDs = toList(tokenIDs(tokens))
	return true
}

// tokenIDs are the tokens' IDs, sorted.
func tokenIDs(tokens []okta.RefreshToken) []string {
	ids := make([]string, len(tokens))
	for i, token := range tokens {
		ids[i] = token.ID
	}
	slices.Sort(ids)
	return ids
}

// startRecord begins an empty record.
func (m *revocationModel) startRecord() {
	m.RevokedAt = nullTime()
	m.RevokedCount = types.Int64Value(0)
	m.AlreadyGoneCount = types.Int64Value(0)
	m.RevokedTokenIDs = toList(nil)
	m.RevokedTokens = noRows(tokenType)
	m.ActiveTokenIDs = toList(nil)
	if m.Evidence.ValueString() != evidenceFull {
		m.RevokedTokens = types.ListNull(tokenType)
	}
	if m.Evidence.ValueString() == evidenceNone {
		m.RevokedTokenIDs = types.ListNull(types.StringType)
	}
}

// record adds an outcome to the record, and counts each token once. What it adds to the
// lists goes past the framework: the model only says whether there are any, see [leave].
func (m *revocationModel) record(ctx context.Context, out revoke.Outcome, before progressSoFar, diags *diag.Diagnostics) {
	m.ActiveTokenIDs = toList(out.Left)
	m.AlreadyGoneCount = types.Int64Value(m.AlreadyGoneCount.ValueInt64() + before.news(out.Gone))
	if out.Acted() {
		m.RevokedAt = instant(okta.NewTime(out.At))
	}
	if out.Count == nil || m.RevokedCount.IsNull() {
		m.RevokedCount = types.Int64Null()
	} else {
		m.RevokedCount = types.Int64Value(m.RevokedCount.ValueInt64() + before.news(tokenIDs(out.Revoked)))
	}
	found := protocol.Lists{}
	switch m.Evidence.ValueString() {
	case evidenceFull:
		found[revokedIDsName], found[revokedTokensName] = protocol.Rows(tokenIDs(out.Revoked), idRow), tokenFields.rows(out.Revoked)
		m.RevokedTokenIDs, m.RevokedTokens = toList(nil), noRows(tokenType)
	case evidenceIDs:
		found[revokedIDsName] = protocol.Rows(tokenIDs(out.Revoked), idRow)
		m.RevokedTokenIDs = toList(nil)
	}
	leave(ctx, found, diags)
}

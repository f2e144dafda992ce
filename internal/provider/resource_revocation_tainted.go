package provider

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// see remembers an incomplete record that a refresh has read. The plan of a tainted resource
// comes without its state, but after its refresh, in the same process.
func (k *keptRecords) see(state revocationModel) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.seen == nil {
		k.seen = map[string]revocationModel{}
	}
	k.seen[state.key()] = state
}

// recall returns the record that a refresh has read and that a new revocation would go on with.
func (k *keptRecords) recall(plan revocationModel) (revocationModel, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	state, ok := k.seen[plan.key()]
	return state, ok
}

// unsee forgets a record whose plan comes with its state: it is not tainted.
func (k *keptRecords) unsee(state revocationModel) {
	k.mu.Lock()
	defer k.mu.Unlock()
	maps.DeleteFunc(k.seen, func(key string, _ revocationModel) bool { return key == state.key() })
}

// planTainted says what becomes of the record of a tainted revocation, if this plan is of one. It
// refuses to go on at another org.
func (r *revocationResource) planTainted(ctx context.Context, plan revocationModel, private privateState, diags *diag.Diagnostics) {
	if r.engine == nil {
		return
	}
	state, ok := r.kept.recall(plan)
	if !ok {
		return
	}
	if r.refuseRestAtOtherOrg(ctx, state, private, diags); diags.HasError() || plan.DryRun.ValueBool() {
		return
	}
	revoked := "refresh tokens"
	if isSet(state.RevokedCount) {
		revoked = prose.Count(int(state.RevokedCount.ValueInt64()), "refresh token")
	}
	diags.AddWarning(fmt.Sprintf("The last apply stopped half-way, with %s of %s revoked", revoked, plan.place(nil, r.engine)),
		"This plan does the rest, and its record goes on, although the CLI shows a replacement.\n"+
			"If its lifecycle has create_before_destroy, the record would be lost: first run terraform untaint ADDRESS (or tofu untaint ADDRESS), with the address above.")
}

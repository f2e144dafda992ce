package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/protocol"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// keptRecords are the records of revocations that did not come to their end, from
// their destruction until their replacement takes them over.
//
// Terraform taints what could not be created, and the next apply deletes and creates
// it, in one process of the provider. Nothing but the arguments ties the two
// together: the plan of a tainted resource is that of a new one, without its state
// and its private state. The key is therefore what makes it the same revocation, and
// among several with one key, equal arguments decide.
type keptRecords struct {
	mu    sync.Mutex
	byKey map[string][]keptRecord
	seen  map[string]revocationModel // incomplete records that a refresh has read
}

type keptRecord struct {
	state  revocationModel
	lists  protocol.Lists // of the record, which are not in the state here
	beside beside         // what the private state has
}

func (k *keptRecords) leave(state revocationModel, lists protocol.Lists, beside beside) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byKey == nil {
		k.byKey = map[string][]keptRecord{}
	}
	key := state.key()
	k.byKey[key] = append(k.byKey[key], keptRecord{state, maps.Clone(lists), beside})
}

// take returns the record that a new revocation goes on with, if there is one, and
// forgets it.
func (k *keptRecords) take(plan revocationModel) (keptRecord, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key := plan.key()
	candidates := k.byKey[key]
	if len(candidates) == 0 {
		return keptRecord{}, false
	}
	same := slices.IndexFunc(candidates, func(c keptRecord) bool {
		return slices.Equal(c.state.fingerprint(), plan.fingerprint())
	})
	i := max(same, 0)
	taken := candidates[i]
	k.byKey[key] = slices.Delete(candidates, i, i+1)
	return taken, true
}

// warnOfLeaving warns that no state has the record until the replacement, if one comes.
func (m revocationModel) warnOfLeaving(diags *diag.Diagnostics) {
	revoked := "It revoked, or may have revoked, refresh tokens"
	if !m.RevokedCount.IsNull() {
		revoked = "It revoked " + prose.Count(int(m.RevokedCount.ValueInt64()), "refresh token")
	}
	diags.AddWarning("Record Leaves the State", fmt.Sprintf(
		"This revocation did not finish. %s of %s. If this apply replaces it, its replacement continues the record. "+
			"If the apply fails before that, only an earlier version of the state has the record, such as terraform.tfstate.backup.", revoked, m.target()))
}

// key is the same for revocations that an update in place could turn into each other.
func (m revocationModel) key() string {
	var key strings.Builder
	for _, argument := range m.replacing() {
		fmt.Fprintf(&key, "%s %s\n", argument.name, argument.value)
	}
	return key.String()
}

// incomplete reports whether a revocation did not come to its end: it left tokens, or
// does not know which.
func (m revocationModel) incomplete() bool {
	return !m.DryRun.ValueBool() && (m.ActiveTokenIDs.IsNull() || len(m.ActiveTokenIDs.Elements()) > 0)
}

// goesOn reports whether the record of a revocation is still to come to its end. What a tainted one
// keeps beside the state, the provider is not given.
func (m revocationModel) goesOn(ctx context.Context, private privateState, diags *diag.Diagnostics) bool {
	complete, keyDiags := private.GetKey(ctx, completeKey)
	diags.Append(keyDiags...)
	return complete == nil && m.incomplete()
}

// found records the tokens that a refresh found alive. A revocation that is still to come to its
// end stays incomplete even without one.
func (m *revocationModel) found(ctx context.Context, tokens []okta.RefreshToken, private privateState, diags *diag.Diagnostics) {
	if len(tokens) == 0 && m.goesOn(ctx, private, diags) {
		m.ActiveTokenIDs = types.ListNull(types.StringType)
		return
	}
	m.ActiveTokenIDs = toList(tokenIDs(tokens))
}

// progressSoFar is how far a record has come.
type progressSoFar struct {
	counted   okta.Set            // tokens that it has counted, as revoked or as gone
	done      okta.Set            // those of them that need no further request
	unsettled []okta.RefreshToken // tokens that it may have revoked
}

// soFar is how far the record in a state has come. The lists of the record, and what is kept
// beside the state, are not in the model.
func (m revocationModel) soFar(ctx context.Context, lists protocol.Lists, beside beside, diags *diag.Diagnostics) progressSoFar {
	if m.DryRun.ValueBool() { // perhaps with the record of a failed update to a revocation
		return progressSoFar{unsettled: beside.unsettled}
	}
	left := okta.NewSet(toStrings(ctx, m.ActiveTokenIDs, diags)...)
	counted := okta.Set{}
	if !m.ActiveTokenIDs.IsNull() { // then what it named and did not leave, it has counted
		for _, id := range m.namedIDs(ctx, diags) {
			if !left.Has(id) {
				counted.Add(id)
			}
		}
	}
	for _, token := range beside.unsettled { // a refresh may have found them gone, and does not count them
		delete(counted, token.ID)
	}
	recorded, err := recordedIDs(lists)
	if err != nil {
		addUnreadableRecord(diags, err)
	}
	for _, id := range slices.Concat(recorded, beside.counted) {
		counted.Add(id)
	}
	if m.ActiveTokenIDs.IsNull() { // all of them have to be looked at again
		return progressSoFar{counted: counted, unsettled: beside.unsettled}
	}
	done := maps.Clone(counted)
	for id := range left {
		delete(done, id)
	}
	return progressSoFar{counted, done, beside.unsettled}
}

// namedIDs are the tokens that the configuration names.
func (m revocationModel) namedIDs(ctx context.Context, diags *diag.Diagnostics) []string {
	if isSet(m.TokenID) {
		return []string{m.TokenID.ValueString()}
	}
	return toStrings(ctx, m.TokenIDs, diags)
}

// recordedIDs are the IDs in a record's list of them.
func recordedIDs(lists protocol.Lists) ([]string, error) {
	ids := make([]string, len(lists[revokedIDsName]))
	for i, row := range lists[revokedIDsName] {
		var err error
		if ids[i], err = protocol.Text(row); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// news is how many of the IDs the record has not counted yet.
func (p progressSoFar) news(ids []string) int64 {
	var news int64
	for _, id := range ids {
		if !p.counted.Has(id) {
			news++
		}
	}
	return news
}

// add is the progress after one more run.
func (p progressSoFar) add(out revoke.Outcome) progressSoFar {
	counted := okta.NewSet(slices.Concat(tokenIDs(out.Revoked), out.Gone)...)
	maps.Copy(counted, p.counted)
	return progressSoFar{counted: counted, unsettled: out.Unsettled}
}

// named are the tokens that the record names by now.
func (m revocationModel) named(ctx context.Context, diags *diag.Diagnostics) okta.Set {
	before, err := recordedIDs(protocol.Recorded(ctx))
	found, foundErr := recordedIDs(protocol.Left(ctx))
	if err = errors.Join(err, foundErr); err != nil {
		addUnreadableRecord(diags, err)
	}
	if m.RevokedTokenIDs.IsNull() {
		return okta.Set{}
	}
	return okta.NewSet(slices.Concat(before, found)...)
}

func addUnreadableRecord(diags *diag.Diagnostics, err error) {
	diags.AddError("Unexpected Record", fmt.Sprintf("%s. This is a bug in the provider; please report it.", err))
}

// goOn takes over the record of an incomplete revocation.
func (m *revocationModel) goOn(ctx context.Context, kept keptRecord) {
	m.RevokedAt, m.RevokedCount = kept.state.RevokedAt, kept.state.RevokedCount
	m.AlreadyGoneCount, m.ActiveTokenIDs = kept.state.AlreadyGoneCount, kept.state.ActiveTokenIDs
	maps.Copy(protocol.Recorded(ctx), kept.lists)
}

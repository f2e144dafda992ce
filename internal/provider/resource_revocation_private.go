package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// Keys of the private state of a revocation.
const (
	// countedKey has the tokens that an incomplete record has counted and does not name.
	countedKey = "counted"
	// unsettledKey has the tokens that may be revoked: their DELETEs were not answered. As
	// evidence has it, they are there in full or with their IDs.
	unsettledKey = "unsettled"
	// completeKey is there once a revocation has come to its end: on_reappear then finds
	// tokens that are not left, but new.
	completeKey = "complete"
)

// beside is what an incomplete revocation keeps beside the state.
type beside struct {
	counted   []string
	unsettled []okta.RefreshToken
}

// besideIn is what is kept beside the state.
func besideIn(ctx context.Context, private privateState, diags *diag.Diagnostics) beside {
	var kept beside
	readBeside(ctx, private, countedKey, &kept.counted, diags)
	readBeside(ctx, private, unsettledKey, &kept.unsettled, diags)
	return kept
}

func readBeside(ctx context.Context, private privateState, key string, into any, diags *diag.Diagnostics) {
	kept, keptDiags := private.GetKey(ctx, key)
	diags.Append(keptDiags...)
	if kept == nil {
		return
	}
	if err := json.Unmarshal(kept, into); err != nil {
		addUnexpectedPrivate(diags, err)
	}
}

// remember keeps beside the state how far a revocation came that is to go on. What the
// record names is not kept twice.
func (p progressSoFar) remember(ctx context.Context, private privateState, m revocationModel, diags *diag.Diagnostics) {
	named := m.named(ctx, diags)
	counted := maps.Clone(p.counted)
	maps.DeleteFunc(counted, func(id string, _ struct{}) bool { return named.Has(id) })
	unsettled := slices.Clone(p.unsettled)
	if m.Evidence.ValueString() != evidenceFull {
		for i, token := range unsettled {
			unsettled[i] = okta.RefreshToken{ID: token.ID}
		}
	}
	diags.Append(private.SetKey(ctx, completeKey, nil)...)
	writeBeside(ctx, private, countedKey, slices.Sorted(maps.Keys(counted)), diags)
	writeBeside(ctx, private, unsettledKey, unsettled, diags)
}

// writeBeside keeps a list, or nothing for an empty one.
func writeBeside[T any](ctx context.Context, private privateState, key string, list []T, diags *diag.Diagnostics) {
	var kept []byte
	if len(list) > 0 {
		var err error
		if kept, err = json.Marshal(list); err != nil {
			addUnexpectedPrivate(diags, err)
			return
		}
	}
	diags.Append(private.SetKey(ctx, key, kept)...)
}

// rememberEnd keeps beside the state that a revocation came to its end.
func rememberEnd(ctx context.Context, private privateState, diags *diag.Diagnostics) {
	diags.Append(private.SetKey(ctx, completeKey, []byte("true"))...)
	diags.Append(private.SetKey(ctx, countedKey, nil)...)
	diags.Append(private.SetKey(ctx, unsettledKey, nil)...)
}

func addUnexpectedPrivate(diags *diag.Diagnostics, err error) {
	diags.AddError("Unexpected Private State", fmt.Sprintf("%s. This is a bug in the provider; please report it.", err))
}

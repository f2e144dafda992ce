package tfcore

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// What a provider is held to.
const (
	configured = "configured"
	planned    = "planned"
)

// propose is Terraform's proposal: what is configured, and for what is computed and not
// configured, what there was.
func (r *Resource) propose(prior, config tftypes.Value) tftypes.Value {
	r.t.Helper()
	if config.IsNull() || prior.IsNull() {
		return config
	}
	proposed, was := maps.Clone(Members(r.t, config)), Members(r.t, prior)
	for _, attribute := range r.Schema().Block.Attributes {
		if attribute.Computed && proposed[attribute.Name].IsNull() {
			proposed[attribute.Name] = was[attribute.Name]
		}
	}
	return tftypes.NewValue(config.Type(), proposed)
}

// kept is a configuration with the values that the plan keeps from the prior state, which
// Terraform allows: they may mean the same in other words.
func (r *Resource) kept(config, prior, planned tftypes.Value) tftypes.Value {
	r.t.Helper()
	if config.IsNull() || prior.IsNull() || planned.IsNull() || !config.IsKnown() || config.Equal(planned) {
		return config
	}
	if planned.Equal(prior) && !config.Type().Is(tftypes.Object{}) {
		return prior
	}
	if !config.Type().Is(tftypes.Object{}) {
		return config
	}
	all, was, now := Members(r.t, config), Members(r.t, prior), Members(r.t, planned)
	for name, member := range all {
		all[name] = r.kept(member, was[name], now[name])
	}
	return tftypes.NewValue(config.Type(), all)
}

// HoldsTo fails the test if a known attribute of before differs after. Terraform calls that an
// inconsistent plan or result, and a bug in the provider.
func (r *Resource) HoldsTo(before, after tftypes.Value, what string) {
	r.t.Helper()
	if before.IsNull() || after.IsNull() {
		return
	}
	now := Members(r.t, after)
	for name, v := range Members(r.t, before) {
		binding := what != configured || !v.IsNull() // a null argument leaves the value to the provider
		if binding && v.IsFullyKnown() && !v.Equal(now[name]) {
			r.t.Errorf("%s was %s as %s and became %s", name, what, v, now[name])
		}
	}
}

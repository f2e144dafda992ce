package tfcore

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Resource is [Core] for one resource.
type Resource struct {
	*Core
	Name string // of its type
}

// Resource is this core for the resource of this type.
func (c *Core) Resource(name string) *Resource { return &Resource{c, name} }

// Schema is the resource's.
func (r *Resource) Schema() *tfprotov6.Schema { return r.Schemas.ResourceSchemas[r.Name] }

// Type is that of the resource's states.
func (r *Resource) Type() tftypes.Type { return r.Schema().ValueType() }

// NoState is the state of what does not exist.
func (r *Resource) NoState() tftypes.Value { return tftypes.NewValue(r.Type(), nil) }

// Validate validates a configuration, as terraform validate does.
func (r *Resource) Validate(config Object) []Diagnostic {
	r.t.Helper()
	resp, err := r.Serve().ValidateResourceConfig(r.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: r.Name, Config: r.Encode(r.Schema(), config),
	})
	r.Must(err)
	return DiagnosticsOf(resp.Diagnostics)
}

// Plan is a plan of a resource.
type Plan struct {
	Prior, Config, Planned tftypes.Value
	Private                []byte
	Replace                []string // attributes that make it a replacement
	Diags                  []Diagnostic
	Applying               bool // whether Terraform plans once more to apply
}

// Plan plans from a prior state. A nil config plans to destroy it. A replacement is planned as
// the create that Terraform makes of it.
func (r *Resource) Plan(prior tftypes.Value, config Object) Plan {
	r.t.Helper()
	p := Plan{Prior: prior, Config: r.NoState()}
	if config != nil {
		if diags := r.Validate(config); len(Errors(diags)) > 0 {
			return Plan{Diags: diags}
		}
		p.Config = Value(r.t, r.Type(), config)
	}
	server := r.Configured()
	r.PlanWith(server, &p)
	if len(p.Replace) > 0 && len(Errors(p.Diags)) == 0 {
		replacement := Plan{Prior: r.NoState(), Config: p.Config, Replace: p.Replace, Private: p.Private}
		r.PlanWith(server, &replacement)
		// Terraform keeps no warning of the second plan.
		replacement.Replace, replacement.Diags = p.Replace, slices.Concat(p.Diags, Errors(replacement.Diags))
		return replacement
	}
	return p
}

// PlanWith makes the one call that plans, from Prior, Config, Private and Applying, at a
// provider of the caller's.
func (r *Resource) PlanWith(server tfprotov6.ProviderServer, p *Plan) {
	r.t.Helper()
	if p.Private == nil {
		p.Private = r.PrivateOf(p.Prior)
	}
	resp, err := server.PlanResourceChange(r.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: r.Name, PriorState: r.Wire(p.Prior), Config: r.Wire(p.Config),
		ProposedNewState: r.Wire(r.propose(p.Prior, p.Config)), PriorPrivate: p.Private,
		ClientCapabilities: &tfprotov6.PlanResourceChangeClientCapabilities{DeferralAllowed: p.Applying},
	})
	r.Must(err)
	p.Diags = DiagnosticsOf(resp.Diagnostics)
	if len(Errors(p.Diags)) > 0 {
		return
	}
	p.Planned, p.Private = r.Read(resp.PlannedState, r.Type()), resp.PlannedPrivate
	for _, at := range resp.RequiresReplace {
		p.Replace = append(p.Replace, pathOf(at))
	}
	slices.Sort(p.Replace)
	r.HoldsTo(r.kept(p.Config, p.Prior, p.Planned), p.Planned, configured)
}

// Apply applies a plan. Like Terraform, it first plans again, and applies that.
func (r *Resource) Apply(p Plan) (tftypes.Value, []Diagnostic) {
	r.t.Helper()
	r.None(p.Diags)
	server := r.Configured()
	second := Plan{Prior: p.Prior, Config: p.Config, Applying: true}
	if r.PlanWith(server, &second); len(Errors(second.Diags)) > 0 {
		return p.Prior, second.Diags
	}
	r.HoldsTo(p.Planned, second.Planned, planned)
	state, _, diags := r.ApplyWith(r.t.Context(), server, second)
	return state, append(second.Diags, diags...)
}

// ApplyWith makes the one call that applies, in a context and at a provider of the caller's.
func (r *Resource) ApplyWith(ctx context.Context, server tfprotov6.ProviderServer, p Plan) (state tftypes.Value, private []byte, diags []Diagnostic) {
	r.t.Helper()
	resp, err := server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: r.Name, PriorState: r.Wire(p.Prior), PlannedState: r.Wire(p.Planned),
		Config: r.Wire(p.Config), PlannedPrivate: p.Private,
	})
	r.Must(err)
	state, diags = r.Read(resp.NewState, r.Type()), DiagnosticsOf(resp.Diagnostics)
	r.keepPrivate(state, resp.Private)
	if len(Errors(diags)) == 0 {
		r.HoldsTo(p.Planned, state, planned)
		if !state.IsNull() && !state.IsFullyKnown() {
			r.t.Errorf("the state is not known after the apply: %s", state)
		}
	}
	return state, resp.Private, diags
}

// Planned is a plan without an error.
func (r *Resource) Planned(prior tftypes.Value, config Object) Plan {
	r.t.Helper()
	p := r.Plan(prior, config)
	r.None(p.Diags)
	return p
}

// Create plans and applies a new resource, without an error.
func (r *Resource) Create(config Object) tftypes.Value {
	r.t.Helper()
	return r.Update(r.NoState(), config)
}

// Update plans and applies a change, without an error.
func (r *Resource) Update(prior tftypes.Value, config Object) tftypes.Value {
	r.t.Helper()
	state, diags := r.Apply(r.Plan(prior, config))
	r.None(diags)
	return state
}

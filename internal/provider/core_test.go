package provider

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/protocol"
)

// core plays Terraform's part in memory: it speaks to the provider over the
// protocol, with a new provider for each walk, and holds it to Terraform's rules
// for plans and applies. It shows what the test framework hides: warnings, and
// the attribute that a diagnostic is attached to.
type core struct {
	t        *testing.T
	env      map[string]string
	network  http.RoundTripper // nil for the provider's own
	config   attributes        // of the provider
	schemas  *tfprotov6.GetProviderSchemaResponse
	version  string    // of the CLI, as it tells the provider
	typeName string    // of the resource that is planned and applied
	privates *sync.Map // private state by the text of its state, for a plan that comes without one; nil keeps none
	spy      *spy      // nil unless a test looks at what the framework is given
}

// newCore is core for an org that the provider finds through its environment.
func newCore(t *testing.T, org *oktafake.Server, config attributes) *core {
	t.Helper()
	return newCoreIn(t, environment(org), config)
}

func newCoreIn(t *testing.T, env map[string]string, config attributes) *core {
	t.Helper()
	c := &core{t: t, env: env, config: config, version: "1.11.4", typeName: revocationTypeName, privates: &sync.Map{}}
	var err error
	c.schemas, err = c.server().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	c.must(err)
	c.none(diagnosticsOf(c.schemas.Diagnostics))
	return c
}

// of is the same core for another resource.
func (c *core) of(kind string) *core {
	other := *c
	other.typeName = "oktatokens_" + kind
	return &other
}

func (c *core) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// none ends the test if there is an error among the diagnostics.
func (c *core) none(diags []diagnostic) {
	c.t.Helper()
	if failures := errorsOf(diags); len(failures) > 0 {
		c.t.Fatalf("got the errors %+v, want none", failures)
	}
}

func (c *core) server() protocol.Server {
	p := newProvider(c.env)
	p.network = c.network
	if c.spy != nil {
		c.spy.Server = protocol.Framework(p)
		return protocol.BulkLists(c.spy, revocationRecord())
	}
	return newServer(p)
}

// configure validates and configures a new provider.
func (c *core) configure() (protocol.Server, []diagnostic) {
	c.t.Helper()
	server := c.server()
	config := c.encode(c.schemas.Provider, c.config)
	validated, err := server.ValidateProviderConfig(c.t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: config})
	c.must(err)
	if diags := diagnosticsOf(validated.Diagnostics); len(errorsOf(diags)) > 0 {
		return nil, diags
	}
	configured, err := server.ConfigureProvider(c.t.Context(), &tfprotov6.ConfigureProviderRequest{Config: config, TerraformVersion: c.version})
	c.must(err)
	return server, diagnosticsOf(configured.Diagnostics)
}

// configured is a new provider that is configured.
func (c *core) configured() protocol.Server {
	c.t.Helper()
	server, diags := c.configure()
	c.none(diags)
	return server
}

func (c *core) encode(schema *tfprotov6.Schema, config attributes) *tfprotov6.DynamicValue {
	c.t.Helper()
	return c.wire(value(c.t, schema.ValueType(), config))
}

func (c *core) wire(v tftypes.Value) *tfprotov6.DynamicValue {
	c.t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(v.Type(), v)
	c.must(err)
	return &encoded
}

func (c *core) read(v *tfprotov6.DynamicValue, typ tftypes.Type) tftypes.Value {
	c.t.Helper()
	decoded, err := v.Unmarshal(typ)
	c.must(err)
	return decoded
}

// validateData validates the configuration of a data source, as terraform
// validate does.
func (c *core) validateData(kind string, config attributes) []diagnostic {
	c.t.Helper()
	name := "oktatokens_" + kind
	resp, err := c.server().ValidateDataResourceConfig(c.t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: name, Config: c.encode(c.schemas.DataSourceSchemas[name], config),
	})
	c.must(err)
	return diagnosticsOf(resp.Diagnostics)
}

// readData reads a data source.
func (c *core) readData(kind string, config attributes) (attributes, []diagnostic) {
	c.t.Helper()
	c.none(c.validateData(kind, config))
	name := "oktatokens_" + kind
	schema := c.schemas.DataSourceSchemas[name]
	resp, err := c.configured().ReadDataSource(c.t.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: name, Config: c.encode(schema, config),
	})
	c.must(err)
	diags := diagnosticsOf(resp.Diagnostics)
	if len(errorsOf(diags)) > 0 {
		return nil, diags
	}
	return object(c.t, c.read(resp.State, schema.ValueType())), diags
}

func (c *core) schema() *tfprotov6.Schema { return c.schemas.ResourceSchemas[c.typeName] }

// validate validates the configuration of a resource.
func (c *core) validate(config attributes) []diagnostic {
	c.t.Helper()
	resp, err := c.server().ValidateResourceConfig(c.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: c.typeName, Config: c.encode(c.schema(), config),
	})
	c.must(err)
	return diagnosticsOf(resp.Diagnostics)
}

// plan is a plan of a resource.
type plan struct {
	prior, config, planned tftypes.Value
	private                []byte
	replace                []string // attributes that make it a replacement
	diags                  []diagnostic
	applying               bool // whether Terraform plans once more to apply
}

// noState is the state of what does not exist.
func (c *core) noState() tftypes.Value { return tftypes.NewValue(c.schema().ValueType(), nil) }

// plan plans a resource from a prior state; a null config plans to destroy it.
// A replacement is planned as the create that Terraform makes of it.
func (c *core) plan(prior tftypes.Value, config attributes) plan {
	c.t.Helper()
	if config != nil {
		if diags := c.validate(config); len(errorsOf(diags)) > 0 {
			return plan{diags: diags}
		}
	}
	p := plan{prior: prior, config: c.noState()}
	if config != nil {
		p.config = value(c.t, c.schema().ValueType(), config)
	}
	server := c.configured()
	c.planWith(server, &p)
	if len(p.replace) > 0 && len(errorsOf(p.diags)) == 0 {
		replacement := plan{prior: c.noState(), config: p.config, replace: p.replace, private: p.private}
		c.planWith(server, &replacement)
		// Terraform keeps no warning of the second plan.
		replacement.replace, replacement.diags = p.replace, slices.Concat(p.diags, errorsOf(replacement.diags))
		return replacement
	}
	return p
}

func (c *core) planWith(server tfprotov6.ProviderServer, p *plan) {
	c.t.Helper()
	if p.private == nil {
		p.private = c.privateOf(p.prior)
	}
	typ := c.schema().ValueType()
	resp, err := server.PlanResourceChange(c.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: c.typeName, PriorState: c.wire(p.prior), Config: c.wire(p.config),
		ProposedNewState: c.wire(c.propose(p.prior, p.config)), PriorPrivate: p.private,
		ClientCapabilities: &tfprotov6.PlanResourceChangeClientCapabilities{DeferralAllowed: p.applying},
	})
	c.must(err)
	p.diags = diagnosticsOf(resp.Diagnostics)
	if len(errorsOf(p.diags)) > 0 {
		return
	}
	p.planned, p.private = c.read(resp.PlannedState, typ), resp.PlannedPrivate
	for _, at := range resp.RequiresReplace {
		p.replace = append(p.replace, pathOf(at))
	}
	slices.Sort(p.replace)
	c.holdsTo(c.kept(p.config, p.prior, p.planned), p.planned, "configured")
}

// kept is a configuration with the values that the plan keeps from the prior state, which
// Terraform allows: they may mean the same in other words.
func (c *core) kept(config, prior, planned tftypes.Value) tftypes.Value {
	c.t.Helper()
	if config.IsNull() || prior.IsNull() || planned.IsNull() || !config.IsKnown() || config.Equal(planned) {
		return config
	}
	if planned.Equal(prior) && !config.Type().Is(tftypes.Object{}) {
		return prior
	}
	if !config.Type().Is(tftypes.Object{}) {
		return config
	}
	all, was, now := members(c.t, config), members(c.t, prior), members(c.t, planned)
	for name, member := range all {
		all[name] = c.kept(member, was[name], now[name])
	}
	return tftypes.NewValue(config.Type(), all)
}

// propose is Terraform's proposal: what is configured, and for what is computed
// and not configured, what there was.
func (c *core) propose(prior, config tftypes.Value) tftypes.Value {
	c.t.Helper()
	if config.IsNull() || prior.IsNull() {
		return config
	}
	proposed, was := maps.Clone(members(c.t, config)), members(c.t, prior)
	for _, attribute := range c.schema().Block.Attributes {
		if attribute.Computed && proposed[attribute.Name].IsNull() {
			proposed[attribute.Name] = was[attribute.Name]
		}
	}
	return tftypes.NewValue(config.Type(), proposed)
}

// holdsTo fails the test if a known attribute of before differs after. Terraform
// calls that an inconsistent plan or result, and a bug in the provider.
func (c *core) holdsTo(before, after tftypes.Value, what string) {
	c.t.Helper()
	if before.IsNull() || after.IsNull() {
		return
	}
	now := members(c.t, after)
	for name, v := range members(c.t, before) {
		binding := what != "configured" || !v.IsNull() // a null argument leaves the value to the provider
		if binding && v.IsFullyKnown() && !v.Equal(now[name]) {
			c.t.Errorf("%s was %s as %s and became %s", name, what, v, now[name])
		}
	}
}

// apply applies a plan. Like Terraform, it first plans again, and applies that.
func (c *core) apply(p plan) (tftypes.Value, []diagnostic) {
	c.t.Helper()
	c.none(p.diags)
	server := c.configured()
	second := plan{prior: p.prior, config: p.config, applying: true}
	if c.planWith(server, &second); len(errorsOf(second.diags)) > 0 {
		return p.prior, second.diags
	}
	c.holdsTo(p.planned, second.planned, "planned")
	state, diags := c.applyWith(server, second)
	return state, append(second.diags, diags...)
}

func (c *core) applyWith(server tfprotov6.ProviderServer, p plan) (tftypes.Value, []diagnostic) {
	c.t.Helper()
	state, _, diags := c.applyAll(server, p)
	return state, diags
}

// applyPrivate applies a plan without an error, and returns the private state too.
func (c *core) applyPrivate(server tfprotov6.ProviderServer, p plan) (tftypes.Value, []byte) {
	c.t.Helper()
	state, private, diags := c.applyAll(server, p)
	c.none(diags)
	return state, private
}

func (c *core) applyAll(server tfprotov6.ProviderServer, p plan) (tftypes.Value, []byte, []diagnostic) {
	c.t.Helper()
	return c.applyIn(c.t.Context(), server, p)
}

func (c *core) applyIn(ctx context.Context, server tfprotov6.ProviderServer, p plan) (tftypes.Value, []byte, []diagnostic) {
	c.t.Helper()
	resp, err := server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: c.typeName, PriorState: c.wire(p.prior), PlannedState: c.wire(p.planned),
		Config: c.wire(p.config), PlannedPrivate: p.private,
	})
	c.must(err)
	state, diags := c.read(resp.NewState, c.schema().ValueType()), diagnosticsOf(resp.Diagnostics)
	c.keepPrivate(state, resp.Private)
	if len(errorsOf(diags)) == 0 {
		c.holdsTo(p.planned, state, "planned")
		if !state.IsNull() && !state.IsFullyKnown() {
			c.t.Errorf("the state is not known after the apply: %s", state)
		}
	}
	return state, resp.Private, diags
}

// create plans and applies a new resource, without an error.
func (c *core) create(config attributes) tftypes.Value {
	c.t.Helper()
	return c.update(c.noState(), config)
}

// update plans and applies a change, without an error.
func (c *core) update(prior tftypes.Value, config attributes) tftypes.Value {
	c.t.Helper()
	state, diags := c.apply(c.plan(prior, config))
	c.none(diags)
	return state
}

// planned is a plan without an error.
func (c *core) planned(prior tftypes.Value, config attributes) plan {
	c.t.Helper()
	p := c.plan(prior, config)
	c.none(p.diags)
	return p
}

// refresh reads a resource.
func (c *core) refresh(state tftypes.Value) (tftypes.Value, []diagnostic) {
	c.t.Helper()
	return c.refreshPrivate(state, c.privateOf(state))
}

// privateOf is the private state that the provider left with a state.
func (c *core) privateOf(state tftypes.Value) []byte {
	if c.privates == nil {
		return nil
	}
	private, _ := c.privates.Load(state.String())
	kept, _ := private.([]byte)
	return kept
}

// keepPrivate keeps it, unless the test keeps it itself.
func (c *core) keepPrivate(state tftypes.Value, private []byte) {
	if c.privates != nil {
		c.privates.Store(state.String(), private)
	}
}

// refreshPrivate is refresh with a private state.
func (c *core) refreshPrivate(state tftypes.Value, private []byte) (tftypes.Value, []diagnostic) {
	c.t.Helper()
	resp, err := c.configured().ReadResource(c.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: c.typeName, CurrentState: c.wire(state), Private: private,
	})
	c.must(err)
	diags := diagnosticsOf(resp.Diagnostics)
	if len(errorsOf(diags)) > 0 {
		return state, diags
	}
	refreshed := c.read(resp.NewState, state.Type())
	c.keepPrivate(refreshed, resp.Private)
	return refreshed, diags
}

// importState imports a resource, by an ID or by an identity, and reads it.
func (c *core) importState(id string, identity attributes) (tftypes.Value, []diagnostic) {
	c.t.Helper()
	req := &tfprotov6.ImportResourceStateRequest{TypeName: c.typeName, ID: id}
	if identity != nil {
		req.Identity = &tfprotov6.ResourceIdentityData{IdentityData: c.wire(value(c.t, c.identityType(), identity))}
	}
	server := c.configured()
	imported, err := server.ImportResourceState(c.t.Context(), req)
	c.must(err)
	if diags := diagnosticsOf(imported.Diagnostics); len(errorsOf(diags)) > 0 {
		return c.noState(), diags
	}
	resource := imported.ImportedResources[0]
	read, err := server.ReadResource(c.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: c.typeName, CurrentState: resource.State, Private: resource.Private, CurrentIdentity: resource.Identity,
	})
	c.must(err)
	diags := diagnosticsOf(read.Diagnostics)
	if len(errorsOf(diags)) > 0 {
		return c.noState(), diags
	}
	state := c.read(read.NewState, c.schema().ValueType())
	c.keepPrivate(state, read.Private)
	return state, diags
}

// identityType is the type of the resource's identity.
func (c *core) identityType() tftypes.Type {
	c.t.Helper()
	schemas, err := c.server().GetResourceIdentitySchemas(c.t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	c.must(err)
	return schemas.IdentitySchemas[c.typeName].ValueType()
}

// wantState fails the test unless these attributes of a state are so.
func (c *core) wantState(state tftypes.Value, want attributes) {
	c.t.Helper()
	got := object(c.t, state)
	maps.DeleteFunc(got, func(name string, _ any) bool { _, asked := want[name]; return !asked })
	diff(c.t, "state", got, want)
}

package provider

import (
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/protocol"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/tfcore"
)

// core is Terraform before this provider: for a revocation, unless it is of another resource.
type core struct {
	*tfcore.Resource
	*world
	t *testing.T
}

// world are where the provider runs.
type world struct {
	env     map[string]string
	network http.RoundTripper // nil for the provider's own
	clock   func() time.Time  // nil for this machine's
	spy     *spy              // nil unless a test looks at what the framework is given
}

// newCore is core for an org that the provider finds through its environment.
func newCore(t *testing.T, org *oktafake.Server, config attributes) *core {
	t.Helper()
	c := newCoreIn(t, environment(org), config)
	c.clock = func() time.Time { return org.Now() }
	return c
}

func newCoreIn(t *testing.T, env map[string]string, config attributes) *core {
	t.Helper()
	in := &world{env: env}
	c := tfcore.New(t, tfcore.Options{Serve: in.serve, Config: config, Version: "1.11.4"})
	return &core{c.Resource(revocationTypeName), in, t}
}

func (in *world) serve() protocol.Server {
	p := newProvider(in.env)
	p.network, p.clock = in.network, in.clock
	if in.spy != nil {
		in.spy.Server = protocol.Framework(p)
		return protocol.BulkLists(in.spy, revocationRecord())
	}
	return newServer(p)
}

// of is the same core for another resource.
func (c *core) of(kind string) *core {
	return &core{c.Core.Resource("oktatokens_" + kind), c.world, c.t}
}

// at is the same core at another org.
func (c *core) at(org *oktafake.Server) *core {
	in := *c.world
	in.env, in.clock = environment(org), org.Now
	return &core{c.Serving(in.serve).Resource(c.Name), &in, c.t}
}

func (c *core) must(err error) { c.t.Helper(); c.Must(err) }

func (c *core) none(diags []diagnostic) { c.t.Helper(); c.None(diags) }

func (c *core) configure() (protocol.Server, []diagnostic) { c.t.Helper(); return c.Configure() }

func (c *core) configured() protocol.Server { c.t.Helper(); return c.Configured() }

func (c *core) validateData(kind string, config attributes) []diagnostic {
	c.t.Helper()
	return c.ValidateData("oktatokens_"+kind, config)
}

func (c *core) readData(kind string, config attributes) (attributes, []diagnostic) {
	c.t.Helper()
	return c.ReadData("oktatokens_"+kind, config)
}

func (c *core) validate(config attributes) []diagnostic { c.t.Helper(); return c.Validate(config) }

func (c *core) noState() tftypes.Value { return c.NoState() }

type plan = tfcore.Plan

func (c *core) plan(prior tftypes.Value, config attributes) plan {
	c.t.Helper()
	return c.Plan(prior, config)
}

func (c *core) planned(prior tftypes.Value, config attributes) plan {
	c.t.Helper()
	return c.Planned(prior, config)
}

func (c *core) apply(p plan) (tftypes.Value, []diagnostic) { c.t.Helper(); return c.Apply(p) }

// applyWith makes the one call that applies.
func (c *core) applyWith(server tfprotov6.ProviderServer, p plan) (tftypes.Value, []diagnostic) {
	c.t.Helper()
	state, _, diags := c.applyAll(server, p)
	return state, diags
}

// applyPrivate applies without an error, and returns the private state too.
func (c *core) applyPrivate(server tfprotov6.ProviderServer, p plan) (tftypes.Value, []byte) {
	c.t.Helper()
	state, private, diags := c.applyAll(server, p)
	c.none(diags)
	return state, private
}

func (c *core) applyAll(server tfprotov6.ProviderServer, p plan) (tftypes.Value, []byte, []diagnostic) {
	c.t.Helper()
	return c.ApplyWith(c.t.Context(), server, p)
}

func (c *core) create(config attributes) tftypes.Value { c.t.Helper(); return c.Create(config) }

func (c *core) update(prior tftypes.Value, config attributes) tftypes.Value {
	c.t.Helper()
	return c.Update(prior, config)
}

func (c *core) refresh(state tftypes.Value) (tftypes.Value, []diagnostic) {
	c.t.Helper()
	return c.Refresh(state)
}

// wantState fails the test unless these attributes of a state are so.
func (c *core) wantState(state tftypes.Value, want attributes) {
	c.t.Helper()
	got := object(c.t, state)
	maps.DeleteFunc(got, func(name string, _ any) bool { _, asked := want[name]; return !asked })
	diff(c.t, "state", got, want)
}

// asAction is the configuration of a revocation as one of the action, which has no
// evidence to give.
func asAction(config attributes) attributes {
	config = maps.Clone(config)
	delete(config, "evidence")
	return config
}

func (c *core) action() tfcore.Action { return c.Action("oktatokens_revoke") }

func (c *core) fitsAction(config attributes) bool { return c.action().Fits(config) }

func (c *core) validateAction(config attributes) []diagnostic {
	c.t.Helper()
	return c.action().Validate(config)
}

func (c *core) planAction(config attributes) []diagnostic {
	c.t.Helper()
	return c.action().Plan(config)
}

func (c *core) invoke(config attributes) ([]string, []diagnostic) {
	c.t.Helper()
	return c.action().Invoke(config)
}

// tokensOf are the IDs of the tokens that were listed, in their order.
func tokensOf(rows []row) []any {
	var ids []any
	for _, r := range rows {
		if r.Identity != nil {
			ids = append(ids, r.Identity["token_id"])
		}
	}
	return ids
}

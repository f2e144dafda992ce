package tfcore

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/protocol"
)

// T is what this package needs of a test. A [*testing.T] has it.
type T interface {
	Helper()
	Context() context.Context
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// usualVersion is the version of Terraform that a provider is told.
const usualVersion = "1.14.0"

// Options say what is tested.
type Options struct {
	// Serve returns a new provider, which is not configured.
	Serve func() protocol.Server
	// Config is the configuration of the provider.
	Config Object
	// Version is the CLI's, as it tells the provider. Empty is a recent Terraform's.
	Version string
	// Schemas spare the request for them. A test of thousands of providers gives them.
	Schemas *tfprotov6.GetProviderSchemaResponse
	// OwnPrivate says that the test keeps private states itself: a [Plan] without one has none.
	OwnPrivate bool
}

// Core is Terraform before one provider.
type Core struct {
	Schemas  *tfprotov6.GetProviderSchemaResponse
	t        T
	options  Options
	privates *sync.Map // private state by the text of its state; nil keeps none
}

// New starts a provider and asks for its schemas.
func New(t T, o Options) *Core {
	t.Helper()
	c := &Core{Schemas: o.Schemas, t: t, options: o}
	if c.options.Version == "" {
		c.options.Version = usualVersion
	}
	if !o.OwnPrivate {
		c.privates = &sync.Map{}
	}
	if c.Schemas == nil {
		var err error
		c.Schemas, err = o.Serve().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
		c.Must(err)
		c.None(DiagnosticsOf(c.Schemas.Diagnostics))
	}
	return c
}

// Serving is the same core before another provider of these schemas: one in another
// environment, for instance.
func (c *Core) Serving(serve func() protocol.Server) *Core {
	other := *c
	other.options.Serve = serve
	return &other
}

// Of is the same core as another version of the CLI.
func (c *Core) Of(version string) *Core {
	other := *c
	other.options.Version = version
	return &other
}

// Must ends the test if a call failed as a call. What a provider has to say is in diagnostics.
func (c *Core) Must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// None ends the test if there is an error among the diagnostics.
func (c *Core) None(diags []Diagnostic) {
	c.t.Helper()
	if failures := Errors(diags); len(failures) > 0 {
		c.t.Fatalf("got the errors %+v, want none", failures)
	}
}

// Serve returns a new provider, which is not configured.
func (c *Core) Serve() protocol.Server { return c.options.Serve() }

// Configure validates the provider's configuration and configures a new provider. It returns
// none where the configuration is not valid.
func (c *Core) Configure() (protocol.Server, []Diagnostic) {
	c.t.Helper()
	server := c.Serve()
	config := c.Encode(c.Schemas.Provider, c.options.Config)
	validated, err := server.ValidateProviderConfig(c.t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: config})
	c.Must(err)
	if diags := DiagnosticsOf(validated.Diagnostics); len(Errors(diags)) > 0 {
		return nil, diags
	}
	configured, err := server.ConfigureProvider(c.t.Context(), &tfprotov6.ConfigureProviderRequest{Config: config, TerraformVersion: c.options.Version})
	c.Must(err)
	return server, DiagnosticsOf(configured.Diagnostics)
}

// Configured returns a new provider that is configured, without an error.
func (c *Core) Configured() protocol.Server {
	c.t.Helper()
	server, diags := c.Configure()
	c.None(diags)
	return server
}

// Encode is a configuration as it is sent.
func (c *Core) Encode(schema *tfprotov6.Schema, config Object) *tfprotov6.DynamicValue {
	c.t.Helper()
	return c.Wire(Value(c.t, schema.ValueType(), config))
}

// Wire is a value as it is sent.
func (c *Core) Wire(v tftypes.Value) *tfprotov6.DynamicValue {
	c.t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(v.Type(), v)
	c.Must(err)
	return &encoded
}

// Read is the reverse of [Core.Wire].
func (c *Core) Read(v *tfprotov6.DynamicValue, typ tftypes.Type) tftypes.Value {
	c.t.Helper()
	decoded, err := v.Unmarshal(typ)
	c.Must(err)
	return decoded
}

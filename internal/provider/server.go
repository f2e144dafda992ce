package provider

import (
	"context"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/protocol"
)

// address is the provider's source address.
const address = "registry.terraform.io/oktatokens/oktatokens"

// Serve serves the provider to the CLI that started it. With debug set, it prints how
// a CLI finds it.
func Serve(version string, debug bool, options ...Option) error {
	return protocol.Serve(address, NewServer(version, options...), debug)
}

// Option is something that a test has in place of the process's own.
type Option func(*oktatokensProvider)

// WithEnvironment has the server look up variables there.
func WithEnvironment(getenv func(string) string) Option {
	return func(p *oktatokensProvider) { p.getenv = getenv }
}

// WithNetwork has the server send its requests there.
func WithNetwork(network http.RoundTripper) Option {
	return func(p *oktatokensProvider) { p.network = network }
}

// WithClock has the server take this for the machine's clock.
func WithClock(now func() time.Time) Option {
	return func(p *oktatokensProvider) { p.clock = now }
}

// NewServer returns the provider's server, for who calls it in the same process.
func NewServer(version string, options ...Option) protocol.Server {
	p := &oktatokensProvider{version: version, getenv: os.Getenv}
	for _, option := range options {
		option(p)
	}
	return newServer(p)
}

func newServer(p provider.Provider) protocol.Server { return protocol.New(p, revocationRecord()) }

const (
	revocationTypeName = "oktatokens_revocation"
	revokedIDsName     = "revoked_token_ids"
	revokedTokensName  = "revoked_tokens"
)

// revocationRecord is the record of what a revocation has revoked: the IDs by
// themselves, the tokens by age.
func revocationRecord() protocol.Record {
	ctx := context.Background()
	var schema resource.SchemaResponse
	(&revocationResource{}).Schema(ctx, resource.SchemaRequest{}, &schema)
	return protocol.Record{
		TypeName: revocationTypeName,
		Lists: []protocol.RecordList{
			{Name: revokedIDsName, Key: protocol.Text},
			{Name: revokedTokensName, Key: byAge},
		},
		Version: schema.Schema.Version,
		State:   schema.Schema.Type().TerraformType(ctx),
	}
}

// byAge orders tokens as [okta.RefreshToken.Compare] does.
func byAge(row protocol.Row) (string, error) {
	texts, err := protocol.Texts(row, "created", "id")
	if err != nil || texts[0] == "" {
		return strings.Join(texts, " "), err
	}
	created, err := time.Parse(time.RFC3339, texts[0])
	return created.UTC().Format("2006-01-02T15:04:05.000000000") + " " + texts[1], err
}

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/inventory"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/provider"
)

// measureRows compares the time to hand rows to Terraform with the time to fetch them.
func measureRows(ctx context.Context) error {
	s := size{servers: 1, clients: 10, tokens: 10_000}
	o, err := newOrg(s)
	if err != nil {
		return err
	}
	defer o.close()
	read, err := newReader(ctx, o)
	if err != nil {
		return err
	}
	var fetching, reading []time.Duration
	for range 6 {
		start := time.Now()
		if _, err := inventory.Take(ctx, o.client(), inventory.Request{KeepTokens: true}); err != nil {
			return err
		}
		fetching = append(fetching, time.Since(start))
		start = time.Now()
		if err := read(); err != nil {
			return err
		}
		reading = append(reading, time.Since(start))
	}
	fetching, reading = fetching[1:], reading[1:] // the first run opens connections
	t := newTable(fmt.Sprintf("%d rows in the provider, without the CLI", s.total()), "work", "wall")
	t.row("fetch and sort", seconds(median(fetching)))
	t.row("the whole data source", seconds(median(reading)))
	t.row("beyond fetching", seconds(median(reading)-median(fetching)))
	return t.print()
}

// newReader configures a provider for an org. It returns a function that reads the
// inventory with every token, over the protocol.
func newReader(ctx context.Context, o *org) (func() error, error) {
	server := provider.NewServer("bench")
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	config, err := configuration(schemas.Provider, map[string]tftypes.Value{
		"org_url":   tftypes.NewValue(tftypes.String, o.url.String()),
		"api_token": tftypes.NewValue(tftypes.String, apiToken),
	})
	if err != nil {
		return nil, err
	}
	configured, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: config})
	if err == nil {
		err = failure(configured.Diagnostics)
	}
	if err != nil {
		return nil, err
	}
	const name = "oktatokens_inventory"
	config, err = configuration(schemas.DataSourceSchemas[name], map[string]tftypes.Value{"include_tokens": tftypes.NewValue(tftypes.Bool, true)})
	return func() error {
		resp, err := server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: config})
		if err != nil {
			return err
		}
		return failure(resp.Diagnostics)
	}, err
}

// configuration returns a configuration with these attributes. All others, and all
// blocks, are null.
func configuration(schema *tfprotov6.Schema, set map[string]tftypes.Value) (*tfprotov6.DynamicValue, error) {
	values := map[string]tftypes.Value{}
	for _, attribute := range schema.Block.Attributes {
		values[attribute.Name] = tftypes.NewValue(attribute.ValueType(), nil)
	}
	for _, block := range schema.Block.BlockTypes {
		values[block.TypeName] = tftypes.NewValue(block.ValueType(), nil)
	}
	for name, value := range set {
		values[name] = value
	}
	value, err := tfprotov6.NewDynamicValue(schema.ValueType(), tftypes.NewValue(schema.ValueType(), values))
	return &value, err
}

func failure(diags []*tfprotov6.Diagnostic) error {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return fmt.Errorf("%s: %s", d.Summary, d.Detail)
		}
	}
	return nil
}

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// row is one result of a list: a token, or only diagnostics.
type row struct {
	Name     string
	Identity attributes
	Resource any // nil unless it was asked for
	Diags    []diagnostic
}

// query lists the resource, as terraform query does: it stops at an error, and
// reads nothing after as many tokens as it asked for.
func (c *core) query(config attributes, limit int, includeResource bool) []row {
	c.t.Helper()
	return c.queryIn(c.t.Context(), config, limit, includeResource, func(row) {})
}

func (c *core) queryIn(ctx context.Context, config attributes, limit int, includeResource bool, visit func(row)) []row {
	c.t.Helper()
	server, ok := c.configured().(tfprotov6.ListResourceServer)
	if !ok {
		c.t.Fatal("the provider does not serve list resources")
	}
	stream, err := server.ListResource(ctx, &tfprotov6.ListResourceRequest{
		TypeName: c.typeName, Config: c.encode(c.schemas.ListResourceSchemas[c.typeName], config),
		IncludeResource: includeResource, Limit: int64(limit),
	})
	c.must(err)
	identity := c.identityType()
	var rows []row
	left := limit
	for result := range stream.Results {
		r := row{Name: result.DisplayName, Diags: diagnosticsOf(result.Diagnostics)}
		if result.Identity != nil {
			r.Identity = object(c.t, c.read(result.Identity.IdentityData, identity))
			left--
		}
		if result.Resource != nil {
			r.Resource = plain(c.t, c.read(result.Resource, c.schema().ValueType()))
		}
		rows = append(rows, r)
		visit(r)
		if left == 0 || len(errorsOf(r.Diags)) > 0 {
			break
		}
	}
	return rows
}

// validateList validates the configuration of a list block.
func (c *core) validateList(config attributes) []diagnostic {
	c.t.Helper()
	server, ok := c.server().(tfprotov6.ListResourceServer)
	if !ok {
		c.t.Fatal("the provider does not serve list resources")
	}
	resp, err := server.ValidateListResourceConfig(c.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{
		TypeName: c.typeName, Config: c.encode(c.schemas.ListResourceSchemas[c.typeName], config),
	})
	c.must(err)
	return diagnosticsOf(resp.Diagnostics)
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

// diagnosticsIn are the diagnostics among the results.
func diagnosticsIn(rows []row) []diagnostic {
	var diags []diagnostic
	for _, r := range rows {
		diags = append(diags, r.Diags...)
	}
	return diags
}

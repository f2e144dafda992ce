package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
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
	return c.lister().query(c.t.Context(), config, limit, includeResource, func(row) {})
}

// lister is a configured provider that is asked for lists.
type lister struct {
	*core
	server   tfprotov6.ListResourceServer
	identity tftypes.Type
}

func (c *core) lister() lister {
	c.t.Helper()
	server, ok := c.configured().(tfprotov6.ListResourceServer)
	if !ok {
		c.t.Fatal("the provider does not serve list resources")
	}
	return lister{c, server, c.identityType()}
}

// query is query of core in a context of its own, and shows each result as it
// comes.
func (l lister) query(ctx context.Context, config attributes, limit int, includeResource bool, visit func(row)) []row {
	l.t.Helper()
	stream, err := l.server.ListResource(ctx, &tfprotov6.ListResourceRequest{
		TypeName: l.typeName, Config: l.encode(l.schemas.ListResourceSchemas[l.typeName], config),
		IncludeResource: includeResource, Limit: int64(limit),
	})
	l.must(err)
	var rows []row
	left := limit
	for result := range stream.Results {
		r := row{Name: result.DisplayName, Diags: diagnosticsOf(result.Diagnostics)}
		if result.Identity != nil {
			r.Identity = object(l.t, l.read(result.Identity.IdentityData, l.identity))
			left--
		}
		if result.Resource != nil {
			r.Resource = plain(l.t, l.read(result.Resource, l.schema().ValueType()))
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

package tfcore

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Row is one result of a list: a resource, or only diagnostics.
type Row struct {
	Name     string
	Identity Object
	Resource any // nil unless it was asked for
	Diags    []Diagnostic
}

// RowDiagnostics are the diagnostics among the rows.
func RowDiagnostics(rows []Row) []Diagnostic {
	var diags []Diagnostic
	for _, row := range rows {
		diags = append(diags, row.Diags...)
	}
	return diags
}

// ValidateList validates the configuration of a list block.
func (r *Resource) ValidateList(config Object) []Diagnostic {
	r.t.Helper()
	resp, err := r.Serve().ValidateListResourceConfig(r.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{
		TypeName: r.Name, Config: r.Encode(r.Schemas.ListResourceSchemas[r.Name], config),
	})
	r.Must(err)
	return DiagnosticsOf(resp.Diagnostics)
}

// List lists resources, as terraform query does: it stops at an error, and reads nothing after
// as many resources as it asked for.
func (r *Resource) List(config Object, limit int, includeResource bool) []Row {
	r.t.Helper()
	return r.Lister().List(r.t.Context(), config, limit, includeResource, func(Row) {})
}

// Lister is a configured provider that is asked for lists.
type Lister struct {
	*Resource
	server   tfprotov6.ListResourceServer
	identity tftypes.Type
}

// Lister configures a provider for several lists.
func (r *Resource) Lister() Lister {
	r.t.Helper()
	return Lister{r, r.Configured(), r.IdentityType()}
}

// List is List of [Resource] in a context of the caller's, and shows each row as it comes.
func (l Lister) List(ctx context.Context, config Object, limit int, includeResource bool, visit func(Row)) []Row {
	l.t.Helper()
	stream, err := l.server.ListResource(ctx, &tfprotov6.ListResourceRequest{
		TypeName: l.Name, Config: l.Encode(l.Schemas.ListResourceSchemas[l.Name], config),
		IncludeResource: includeResource, Limit: int64(limit),
	})
	l.Must(err)
	var rows []Row
	left := limit
	for result := range stream.Results {
		row := l.row(result)
		rows = append(rows, row)
		visit(row)
		if row.Identity != nil {
			left--
		}
		if left == 0 || len(Errors(row.Diags)) > 0 {
			break
		}
	}
	return rows
}

func (l Lister) row(result tfprotov6.ListResourceResult) Row {
	l.t.Helper()
	row := Row{Name: result.DisplayName, Diags: DiagnosticsOf(result.Diagnostics)}
	if result.Identity != nil {
		row.Identity = ObjectOf(l.t, l.Read(result.Identity.IdentityData, l.identity))
	}
	if result.Resource != nil {
		row.Resource = Plain(l.t, l.Read(result.Resource, l.Type()))
	}
	return row
}

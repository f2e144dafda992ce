package tfcore

import "github.com/hashicorp/terraform-plugin-go/tfprotov6"

// ValidateData validates the configuration of a data source, as terraform validate does.
func (c *Core) ValidateData(name string, config Object) []Diagnostic {
	c.t.Helper()
	resp, err := c.Serve().ValidateDataResourceConfig(c.t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: name, Config: c.Encode(c.Schemas.DataSourceSchemas[name], config),
	})
	c.Must(err)
	return DiagnosticsOf(resp.Diagnostics)
}

// ReadData reads a data source. It returns nil where that fails.
func (c *Core) ReadData(name string, config Object) (Object, []Diagnostic) {
	c.t.Helper()
	c.None(c.ValidateData(name, config))
	schema := c.Schemas.DataSourceSchemas[name]
	resp, err := c.Configured().ReadDataSource(c.t.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: name, Config: c.Encode(schema, config),
	})
	c.Must(err)
	diags := DiagnosticsOf(resp.Diagnostics)
	if len(Errors(diags)) > 0 {
		return nil, diags
	}
	return ObjectOf(c.t, c.Read(resp.State, schema.ValueType())), diags
}

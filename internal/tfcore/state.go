package tfcore

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Refresh reads a resource. Where that fails, its state stays.
func (r *Resource) Refresh(state tftypes.Value) (tftypes.Value, []Diagnostic) {
	r.t.Helper()
	refreshed, _, diags := r.RefreshWith(r.Configured(), state, r.PrivateOf(state))
	return refreshed, diags
}

// RefreshWith makes the one call that reads, at a provider of the caller's.
func (r *Resource) RefreshWith(server tfprotov6.ProviderServer, state tftypes.Value, private []byte) (tftypes.Value, []byte, []Diagnostic) {
	r.t.Helper()
	resp, err := server.ReadResource(r.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: r.Name, CurrentState: r.Wire(state), Private: private,
	})
	r.Must(err)
	diags := DiagnosticsOf(resp.Diagnostics)
	if len(Errors(diags)) > 0 {
		return state, private, diags
	}
	refreshed := r.Read(resp.NewState, r.Type())
	r.keepPrivate(refreshed, resp.Private)
	return refreshed, resp.Private, diags
}

// Upgrade reads a state as it is stored, which an earlier version of the provider may have
// written.
func (r *Resource) Upgrade(version int64, json []byte) tftypes.Value {
	r.t.Helper()
	resp, err := r.Configured().UpgradeResourceState(r.t.Context(), &tfprotov6.UpgradeResourceStateRequest{
		TypeName: r.Name, Version: version, RawState: &tfprotov6.RawState{JSON: json},
	})
	r.Must(err)
	r.None(DiagnosticsOf(resp.Diagnostics))
	return r.Read(resp.UpgradedState, r.Type())
}

// Import imports a resource, by an ID or by an identity, and reads it.
func (r *Resource) Import(id string, identity Object) (tftypes.Value, []Diagnostic) {
	r.t.Helper()
	req := &tfprotov6.ImportResourceStateRequest{TypeName: r.Name, ID: id}
	if identity != nil {
		req.Identity = &tfprotov6.ResourceIdentityData{IdentityData: r.Wire(Value(r.t, r.IdentityType(), identity))}
	}
	server := r.Configured()
	imported, err := server.ImportResourceState(r.t.Context(), req)
	r.Must(err)
	if diags := DiagnosticsOf(imported.Diagnostics); len(Errors(diags)) > 0 {
		return r.NoState(), diags
	}
	resource := imported.ImportedResources[0]
	read, err := server.ReadResource(r.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: r.Name, CurrentState: resource.State, Private: resource.Private, CurrentIdentity: resource.Identity,
	})
	r.Must(err)
	diags := DiagnosticsOf(read.Diagnostics)
	if len(Errors(diags)) > 0 {
		return r.NoState(), diags
	}
	state := r.Read(read.NewState, r.Type())
	r.keepPrivate(state, read.Private)
	return state, diags
}

// IdentityType is the type of the resource's identity.
func (r *Resource) IdentityType() tftypes.Type {
	r.t.Helper()
	schemas, err := r.Serve().GetResourceIdentitySchemas(r.t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	r.Must(err)
	return schemas.IdentitySchemas[r.Name].ValueType()
}

// PrivateOf is the private state that the provider left with a state.
func (c *Core) PrivateOf(state tftypes.Value) []byte {
	if c.privates == nil {
		return nil
	}
	private, _ := c.privates.Load(state.String())
	kept, _ := private.([]byte)
	return kept
}

func (c *Core) keepPrivate(state tftypes.Value, private []byte) {
	if c.privates != nil {
		c.privates.Store(state.String(), private)
	}
}

package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// newServer is the framework's server, but for the lists of objects that can have
// many thousands of rows: what data sources found, and the record of a revocation.
//
// The framework walks every value of a state several times for each request, in
// a data source as in a plan that changes nothing, which takes it half a minute
// for a few thousand tokens. The rows do not concern it: nothing but the provider
// makes them. So they go past it, see [rows]. Those of a revocation's state are
// taken out of each request and put back into the answer.
func newServer(p provider.Provider) server {
	ctx := context.Background()
	var schema resource.SchemaResponse
	(&revocationResource{}).Schema(ctx, resource.SchemaRequest{}, &schema)
	framework := frameworkServer(p)
	return &rowServer{
		ProviderServer:     framework,
		ActionServer:       framework,
		ListResourceServer: framework,
		version:            schema.Schema.Version,
		state:              schema.Schema.Type().TerraformType(ctx),
	}
}

const (
	revocationTypeName = "oktatokens_revocation"
	revokedIDsName     = "revoked_token_ids"
	revokedTokensName  = "revoked_tokens"
)

type rowServer struct {
	tfprotov6.ProviderServer
	tfprotov6.ActionServer
	tfprotov6.ListResourceServer
	version int64
	state   tftypes.Type // of a revocation
}

// ReadDataSource puts the rows that were found where the framework has empty
// lists.
func (s *rowServer) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	found := rows{}
	resp, err := s.ProviderServer.ReadDataSource(found.in(ctx), req)
	if err != nil || len(found) == 0 || resp.State == nil {
		return resp, err
	}
	return resp, found.putInto(&resp.State)
}

// UpgradeResourceState reads a state of this version itself.
func (s *rowServer) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	if req.TypeName != revocationTypeName || req.Version != s.version || req.RawState == nil {
		return s.ProviderServer.UpgradeResourceState(ctx, req)
	}
	value, err := req.RawState.UnmarshalWithOpts(s.state, tfprotov6.UnmarshalOpts{
		ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true},
	})
	if err != nil {
		return nil, fmt.Errorf("reading the state of a revocation: %w", err)
	}
	upgraded, err := tfprotov6.NewDynamicValue(s.state, value)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &upgraded}, err
}

// ReadResource refreshes all but the record's lists.
func (s *rowServer) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	if req.TypeName != revocationTypeName {
		return s.ProviderServer.ReadResource(ctx, req)
	}
	light := *req
	record, err := takeRecord(&light.CurrentState)
	if err != nil {
		return nil, err
	}
	resp, err := s.ProviderServer.ReadResource(ctx, &light)
	if err != nil {
		return nil, err
	}
	return resp, record.putInto(&resp.NewState)
}

// PlanResourceChange plans all but the record's lists, which stay as they are
// unless they are planned as unknown.
func (s *rowServer) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	if req.TypeName != revocationTypeName {
		return s.ProviderServer.PlanResourceChange(ctx, req)
	}
	light := *req
	record, err := takeRecord(&light.PriorState)
	if err != nil {
		return nil, err
	}
	if _, err := takeRecord(&light.ProposedNewState); err != nil {
		return nil, err
	}
	resp, err := s.ProviderServer.PlanResourceChange(record.asRecordIn(ctx), &light)
	if err != nil {
		return nil, err
	}
	return resp, record.putInto(&resp.PlannedState)
}

// ApplyResourceChange adds what was revoked to the record's lists. A create has none, unless it
// goes on with the record of a revocation that did not come to its end.
func (s *rowServer) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	if req.TypeName != revocationTypeName {
		return s.ProviderServer.ApplyResourceChange(ctx, req)
	}
	light := *req
	record, err := takeRecord(&light.PriorState)
	if err != nil {
		return nil, err
	}
	if _, err := takeRecord(&light.PlannedState); err != nil {
		return nil, err
	}
	found := rows{}
	resp, err := s.ProviderServer.ApplyResourceChange(record.asRecordIn(found.in(ctx)), &light)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(record.add(found), record.putInto(&resp.NewState)); err != nil {
		// What was done is done: the state keeps what it can.
		resp.Diagnostics = append(resp.Diagnostics, &tfprotov6.Diagnostic{
			Severity: tfprotov6.DiagnosticSeverityError,
			Summary:  "Evidence Not Recorded",
			Detail:   fmt.Sprintf("The tokens were revoked, and the state does not name them all. This is a bug in the provider; please report it.\n\n%s", err),
		})
	}
	return resp, nil
}

// takeRecord takes the record out of the state of a revocation.
func takeRecord(state **tfprotov6.DynamicValue) (rows, error) {
	return takeOut(state, revokedIDsName, revokedTokensName)
}

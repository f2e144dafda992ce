package provider

import (
	"context"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/protocol"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/tfcore"
)

// spy keeps the states that the framework is given.
type spy struct {
	protocol.Server
	seen []*tfprotov6.DynamicValue
}

func (s *spy) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	s.seen = append(s.seen, req.CurrentState)
	return s.Server.ReadResource(ctx, req)
}

func (s *spy) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	s.seen = append(s.seen, req.PriorState, req.ProposedNewState)
	return s.Server.PlanResourceChange(ctx, req)
}

func (s *spy) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	s.seen = append(s.seen, req.PriorState, req.PlannedState)
	return s.Server.ApplyResourceChange(ctx, req)
}

// The framework is slow with long lists, and has no business with these.
func TestTheFrameworkSeesNoRecordLists(t *testing.T) {
	t.Parallel()
	org := newSelectionOrg(t)
	c := newCore(t, org, nil)
	state := c.create(allOfClient)
	before := members(t, state)
	if len(elementsOf(t, before[revokedTokensName])) == 0 || len(elementsOf(t, before[revokedIDsName])) == 0 {
		t.Fatalf("got the record %v, want revoked tokens in it", before)
	}

	framework := &spy{}
	c.spy = framework
	server := c.configured()
	read, err := server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: revocationTypeName, CurrentState: c.Wire(state)})
	c.must(err)
	if got := c.Read(read.NewState, state.Type()); !got.Equal(state) {
		t.Errorf("the refresh changed the state to %s, want %s", got, state)
	}
	for _, change := range []attributes{{"reason": "INC-1"}, {"triggers": attributes{"wave": "2"}}} {
		p := plan{Prior: state, Config: value(t, state.Type(), allOfClient.With(change))}
		c.PlanWith(server, &p)
		c.none(errorsOf(p.Diags))
		if len(p.Replace) == 0 {
			after, diags := c.applyWith(server, p)
			c.none(diags)
			for _, name := range []string{revokedIDsName, revokedTokensName} {
				if got := members(t, after)[name]; !got.Equal(before[name]) {
					t.Errorf("%s became %s, want %s", name, got, before[name])
				}
			}
		}
	}
	for _, seen := range framework.seen {
		given := c.Read(seen, state.Type())
		if given.IsNull() {
			continue
		}
		for _, name := range []string{revokedIDsName, revokedTokensName} {
			if list := members(t, given)[name]; list.IsKnown() && !list.IsNull() && len(elementsOf(t, list)) > 0 {
				t.Errorf("the framework was given %s = %s, want it empty", name, list)
			}
		}
	}
}

// A record is in order, however many updates made it.
func TestRecordIsSorted(t *testing.T) {
	t.Parallel()
	tokens := []okta.RefreshToken{
		{ID: "oar3", Created: okta.NewTime(epoch)}, {ID: "oar1", Created: okta.NewTime(epoch)}, {ID: "oar2"}, {ID: "oar4", Created: okta.NewTime(epoch.Add(-time.Hour))},
	}
	record := protocol.Lists{}
	for _, token := range tokens {
		more := protocol.Lists{revokedIDsName: {idRow(token.ID)}, revokedTokensName: {tokenFields.row(token)}}
		if err := revocationRecord().Add(record, more); err != nil {
			t.Fatal(err)
		}
	}
	sorted := protocol.Lists{
		revokedIDsName:    {idRow("oar1"), idRow("oar2"), idRow("oar3"), idRow("oar4")},
		revokedTokensName: {tokenFields.row(tokens[2]), tokenFields.row(tokens[3]), tokenFields.row(tokens[1]), tokenFields.row(tokens[0])},
	}
	for name, want := range sorted {
		diff(t, name, record[name], want)
	}
}

func elementsOf(t *testing.T, list tftypes.Value) []tftypes.Value {
	t.Helper()
	var elements []tftypes.Value
	if err := list.As(&elements); err != nil {
		t.Fatal(err)
	}
	return elements
}

// Without what takes them, long lists would be empty beside a count that says otherwise.
func TestLongListsNeedTheirServer(t *testing.T) {
	t.Parallel()
	org := newSelectionOrg(t)
	c := newCore(t, org, nil)
	c.spy = &spy{}
	c.configured()
	const name = "oktatokens_refresh_tokens"
	resp, err := c.spy.Server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: name, Config: c.Encode(c.Schemas.DataSourceSchemas[name], ofClient),
	})
	c.must(err)
	diff(t, "errors", summaries(tfcore.DiagnosticsOf(resp.Diagnostics)), []string{"Unexpected Server"})
}

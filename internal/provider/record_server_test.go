package provider

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// spy keeps the states that the framework is given.
type spy struct {
	tfprotov6.ProviderServer
	seen []*tfprotov6.DynamicValue
}

func (s *spy) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	s.seen = append(s.seen, req.CurrentState)
	return s.ProviderServer.ReadResource(ctx, req)
}

func (s *spy) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	s.seen = append(s.seen, req.PriorState, req.ProposedNewState)
	return s.ProviderServer.PlanResourceChange(ctx, req)
}

func (s *spy) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	s.seen = append(s.seen, req.PriorState, req.PlannedState)
	return s.ProviderServer.ApplyResourceChange(ctx, req)
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

	server, ok := c.configured().(*recordServer)
	if !ok {
		t.Fatal("the provider is not served by a recordServer")
	}
	framework := &spy{ProviderServer: server.ProviderServer}
	server.ProviderServer = framework
	read, err := server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: revocationTypeName, CurrentState: c.wire(state)})
	c.must(err)
	if got := c.read(read.NewState, state.Type()); !got.Equal(state) {
		t.Errorf("the refresh changed the state to %s, want %s", got, state)
	}
	for _, change := range []attributes{{"reason": "INC-1"}, {"triggers": attributes{"wave": "2"}}} {
		p := plan{prior: state, config: value(t, state.Type(), allOfClient.with(change))}
		c.planWith(server, &p)
		c.none(errorsOf(p.diags))
		if len(p.replace) == 0 {
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
		given := c.read(seen, state.Type())
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

// What is recorded is what the framework would have made of the same tokens.
func TestEvidenceIsSortedAndEqualsTheFrameworks(t *testing.T) {
	t.Parallel()
	tokens := []okta.RefreshToken{{ID: "oar3"}, {ID: "oar1", Scopes: []string{"openid"}}, {ID: "oar2", UserID: "00u1"}}
	record := recordLists{}
	for i := len(tokens); i > 0; i-- { // one update after another, the youngest first
		err := record.add(t.Context(), &evidence{ids: []string{tokens[i-1].ID}, tokens: tokens[i-1 : i]})
		if err != nil {
			t.Fatal(err)
		}
	}
	want, err := tokenList([]okta.RefreshToken{tokens[1], tokens[2], tokens[0]}).ToTerraformValue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := tftypes.NewValue(want.Type(), record[revokedTokensName]); !got.Equal(want) {
		t.Errorf("got the tokens %s, want %s", got, want)
	}
	wantIDs := []tftypes.Value{tftypes.NewValue(tftypes.String, "oar1"), tftypes.NewValue(tftypes.String, "oar2"), tftypes.NewValue(tftypes.String, "oar3")}
	list := tftypes.List{ElementType: tftypes.String}
	if got, want := tftypes.NewValue(list, record[revokedIDsName]), tftypes.NewValue(list, wantIDs); !got.Equal(want) {
		t.Errorf("got the IDs %s, want %s", got, want)
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

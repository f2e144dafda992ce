package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// NewServer returns what serves the provider to Terraform.
func NewServer(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer { return newServer(New(version)()) }
}

// newServer is the framework's server, but for the lists that a revocation's
// record can fill with many thousands of tokens.
//
// The framework walks every value of a state several times in each plan, which
// takes it half a minute for 2,000 tokens though nothing has changed. Those lists
// do not concern it: nothing but a revocation adds to them. So they are taken out
// of each request and put back into the answer.
func newServer(p provider.Provider) tfprotov6.ProviderServer {
	ctx := context.Background()
	var schema resource.SchemaResponse
	(&revocationResource{}).Schema(ctx, resource.SchemaRequest{}, &schema)
	return &recordServer{
		ProviderServer: providerserver.NewProtocol6(p)(),
		version:        schema.Schema.Version,
		state:          schema.Schema.Type().TerraformType(ctx),
	}
}

const (
	revocationTypeName = "oktatokens_revocation"
	revokedIDsName     = "revoked_token_ids"
	revokedTokensName  = "revoked_tokens"
)

type recordServer struct {
	tfprotov6.ProviderServer
	version int64
	state   tftypes.Type // of a revocation
}

// UpgradeResourceState reads a state of this version itself.
func (s *recordServer) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
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
func (s *recordServer) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	if req.TypeName != revocationTypeName {
		return s.ProviderServer.ReadResource(ctx, req)
	}
	light := *req
	record, err := s.takeOut(&light.CurrentState)
	if err != nil {
		return nil, err
	}
	resp, err := s.ProviderServer.ReadResource(ctx, &light)
	if err != nil {
		return nil, err
	}
	return resp, s.putBack(&resp.NewState, record)
}

// PlanResourceChange plans all but the record's lists, which stay as they are
// unless they are planned as unknown.
func (s *recordServer) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	if req.TypeName != revocationTypeName {
		return s.ProviderServer.PlanResourceChange(ctx, req)
	}
	light := *req
	record, err := s.takeOut(&light.PriorState)
	if err != nil {
		return nil, err
	}
	if _, err := s.takeOut(&light.ProposedNewState); err != nil {
		return nil, err
	}
	resp, err := s.ProviderServer.PlanResourceChange(ctx, &light)
	if err != nil {
		return nil, err
	}
	return resp, s.putBack(&resp.PlannedState, record)
}

// ApplyResourceChange adds what was revoked to the record's lists.
func (s *recordServer) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	if req.TypeName != revocationTypeName {
		return s.ProviderServer.ApplyResourceChange(ctx, req)
	}
	light := *req
	record, err := s.takeOut(&light.PriorState)
	if err != nil {
		return nil, err
	}
	if _, err := s.takeOut(&light.PlannedState); err != nil {
		return nil, err
	}
	found := &evidence{}
	resp, err := s.ProviderServer.ApplyResourceChange(context.WithValue(ctx, evidenceKey{}, found), &light)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(record.add(ctx, found), s.putBack(&resp.NewState, record)); err != nil {
		// What was done is done: the state keeps what it can.
		resp.Diagnostics = append(resp.Diagnostics, &tfprotov6.Diagnostic{
			Severity: tfprotov6.DiagnosticSeverityError,
			Summary:  "Evidence Not Recorded",
			Detail:   fmt.Sprintf("The tokens were revoked, and the state does not name them all. This is a bug in the provider; please report it.\n\n%s", err),
		})
	}
	return resp, nil
}

// evidence is what an apply adds to the record. It takes the way past the
// framework, in the context.
type evidence struct {
	ids    []string
	tokens []okta.RefreshToken
}

type evidenceKey struct{}

// evidenceOf is where to leave the evidence of an apply.
func evidenceOf(ctx context.Context) *evidence {
	if found, ok := ctx.Value(evidenceKey{}).(*evidence); ok {
		return found
	}
	return &evidence{} // of a caller that does not want any
}

// recordLists are the elements of the record's lists.
type recordLists map[string][]tftypes.Value

// takeOut leaves the record's lists empty where they are known, and returns what
// was in them.
func (s *recordServer) takeOut(state **tfprotov6.DynamicValue) (recordLists, error) {
	record := recordLists{}
	return record, s.change(state, func(name string, list tftypes.Value) ([]tftypes.Value, error) {
		var elements []tftypes.Value
		err := list.As(&elements)
		record[name] = elements
		return nil, err
	})
}

// putBack fills the record's lists where they are known.
func (s *recordServer) putBack(state **tfprotov6.DynamicValue, record recordLists) error {
	return s.change(state, func(name string, _ tftypes.Value) ([]tftypes.Value, error) { return record[name], nil })
}

// change replaces the elements of the record's lists where they are known.
func (s *recordServer) change(state **tfprotov6.DynamicValue, elements func(name string, list tftypes.Value) ([]tftypes.Value, error)) error {
	if *state == nil {
		return nil
	}
	value, err := (*state).Unmarshal(s.state)
	if err != nil || value.IsNull() || !value.IsKnown() {
		return err
	}
	var attributes map[string]tftypes.Value
	if err := value.As(&attributes); err != nil {
		return err
	}
	for _, name := range []string{revokedIDsName, revokedTokensName} {
		list := attributes[name]
		if list.IsNull() || !list.IsKnown() {
			continue
		}
		changed, err := elements(name, list)
		if err != nil {
			return err
		}
		attributes[name] = tftypes.NewValue(list.Type(), slices.Clip(append([]tftypes.Value{}, changed...)))
	}
	changed, err := tfprotov6.NewDynamicValue(s.state, tftypes.NewValue(s.state, attributes))
	*state = &changed
	return err
}

// add adds evidence and keeps the lists in order: IDs by themselves, tokens by
// age.
func (r recordLists) add(ctx context.Context, found *evidence) error {
	ids := r[revokedIDsName]
	for _, id := range found.ids {
		ids = append(ids, tftypes.NewValue(tftypes.String, id))
	}
	slices.SortFunc(ids, func(a, b tftypes.Value) int { return strings.Compare(textOf(a), textOf(b)) })
	r[revokedIDsName] = slices.CompactFunc(ids, tftypes.Value.Equal)

	tokens := r[revokedTokensName]
	for _, token := range found.tokens {
		value, err := types.ObjectValueMust(tokenType.AttrTypes, newTokenModel(token).attributes()).ToTerraformValue(ctx)
		if err != nil {
			return fmt.Errorf("recording refresh token %s: %w", token.ID, err)
		}
		tokens = append(tokens, value)
	}
	byAge, err := tokensByAge(tokens)
	r[revokedTokensName] = byAge
	return err
}

// tokensByAge sorts token objects as [okta.RefreshToken.Compare] does.
func tokensByAge(tokens []tftypes.Value) ([]tftypes.Value, error) {
	type aged struct {
		created time.Time
		id      string
		value   tftypes.Value
	}
	keyed := make([]aged, len(tokens))
	for i, token := range tokens {
		var members map[string]tftypes.Value
		if err := token.As(&members); err != nil {
			return nil, err
		}
		keyed[i] = aged{id: textOf(members["id"]), value: token}
		if created := textOf(members["created"]); created != "" {
			var err error
			if keyed[i].created, err = time.Parse(time.RFC3339, created); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(keyed, func(a, b aged) int {
		return cmp.Or(a.created.Compare(b.created), strings.Compare(a.id, b.id))
	})
	for i, token := range keyed {
		tokens[i] = token.value
	}
	return tokens, nil
}

// textOf is a string value, or empty for null.
func textOf(value tftypes.Value) string {
	var text *string
	if err := value.As(&text); err != nil || text == nil {
		return ""
	}
	return *text
}

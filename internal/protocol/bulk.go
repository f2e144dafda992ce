package protocol

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// New returns a provider's server with [BulkLists] for these records.
func New(p provider.Provider, records ...Record) Server {
	return BulkLists(nullArguments{Framework(p)}, records...)
}

// BulkLists lets long lists bypass a server: those that a data source [Leave]s, and
// those of these records.
//
// The framework walks every value of a state several times for each request, in
// data sources and even in plans without changes. It does not need long lists,
// because only the provider sets them. Measured for a state of 100,000 tokens:
//
//	ready MessagePack, as here      2.1 s
//	values of tftypes              33   s
//	the framework's State.Set      74   s
func BulkLists(inner Server, records ...Record) Server {
	s := &bulk{Server: inner, records: map[string]Record{}}
	for _, record := range records {
		s.records[record.TypeName] = record
	}
	return s
}

// Record is a resource with bulk lists in its state that only grow. Each request
// goes on without them. The answer has them again, with the rows that an apply left.
// A plan keeps them unless it marks them as unknown.
type Record struct {
	TypeName string
	Lists    []RecordList
	// Version and State are the version and the type of the resource's schema.
	Version int64
	State   tftypes.Type
}

// RecordList is a bulk list of a [Record]. It is sorted by the keys of its rows and
// has one row per key.
type RecordList struct {
	Name string
	Key  func(Row) (string, error)
}

func (r Record) extract(state **tfprotov6.DynamicValue) (Lists, error) {
	names := make([]string, len(r.Lists))
	for i, list := range r.Lists {
		names[i] = list.Name
	}
	return extract(state, names)
}

// Add adds rows to a record's lists and keeps each sorted.
func (r Record) Add(lists, more Lists) error {
	var errs error
	for _, list := range r.Lists {
		var err error
		lists[list.Name], err = list.inOrder(append(lists[list.Name], more[list.Name]...))
		errs = errors.Join(errs, err)
	}
	return errs
}

// inOrder sorts rows. If it cannot read a key, it leaves them as they are.
func (l RecordList) inOrder(rows []Row) ([]Row, error) {
	type keyed struct {
		key string
		row Row
	}
	sorted := make([]keyed, len(rows))
	for i, row := range rows {
		key, err := l.Key(row)
		if err != nil {
			return rows, fmt.Errorf("%s: %w", l.Name, err)
		}
		sorted[i] = keyed{key, row}
	}
	slices.SortStableFunc(sorted, func(a, b keyed) int { return cmp.Compare(a.key, b.key) })
	sorted = slices.CompactFunc(sorted, func(a, b keyed) bool { return a.key == b.key })
	return Rows(sorted, func(k keyed) Row { return k.row }), nil
}

type bulk struct {
	Server
	records map[string]Record
}

// ReadDataSource fills the framework's empty lists with the rows that were found.
func (s *bulk) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	left := Lists{}
	resp, err := s.Server.ReadDataSource(context.WithValue(ctx, leftKey{}, left), req)
	if err != nil || len(left) == 0 || resp.State == nil {
		return resp, err
	}
	return resp, left.putInto(&resp.State)
}

// UpgradeResourceState reads a record's state itself if it has the current version.
func (s *bulk) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	record, ok := s.records[req.TypeName]
	if !ok || req.Version != record.Version || req.RawState == nil {
		return s.Server.UpgradeResourceState(ctx, req)
	}
	value, err := req.RawState.UnmarshalWithOpts(record.State, tfprotov6.UnmarshalOpts{
		ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true},
	})
	if err != nil {
		return nil, fmt.Errorf("reading the state of %s: %w", req.TypeName, err)
	}
	upgraded, err := tfprotov6.NewDynamicValue(record.State, value)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &upgraded}, err
}

// ReadResource refreshes a record without its lists.
func (s *bulk) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	record, ok := s.records[req.TypeName]
	if !ok {
		return s.Server.ReadResource(ctx, req)
	}
	light := *req
	lists, err := record.extract(&light.CurrentState)
	if err != nil {
		return nil, err
	}
	resp, err := s.Server.ReadResource(ctx, &light)
	if err != nil {
		return nil, err
	}
	return resp, lists.putInto(&resp.NewState)
}

// PlanResourceChange plans a record without its lists.
func (s *bulk) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	record, ok := s.records[req.TypeName]
	if !ok {
		return s.Server.PlanResourceChange(ctx, req)
	}
	light := *req
	lists, err := record.extract(&light.PriorState)
	if err != nil {
		return nil, err
	}
	if _, err := record.extract(&light.ProposedNewState); err != nil {
		return nil, err
	}
	resp, err := s.Server.PlanResourceChange(context.WithValue(ctx, recordedKey{}, lists), &light)
	if err != nil {
		return nil, err
	}
	return resp, lists.putInto(&resp.PlannedState)
}

// ApplyResourceChange adds the rows that were left to a record's lists.
func (s *bulk) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	record, ok := s.records[req.TypeName]
	if !ok {
		return s.Server.ApplyResourceChange(ctx, req)
	}
	light := *req
	lists, err := record.extract(&light.PriorState)
	if err != nil {
		return nil, err
	}
	if _, err := record.extract(&light.PlannedState); err != nil {
		return nil, err
	}
	left := Lists{}
	resp, err := s.Server.ApplyResourceChange(context.WithValue(context.WithValue(ctx, leftKey{}, left), recordedKey{}, lists), &light)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(record.Add(lists, left), lists.putInto(&resp.NewState)); err != nil {
		resp.Diagnostics = append(resp.Diagnostics, notRecorded(err))
	}
	return resp, nil
}

// notRecorded reports lists that could not be put into the state. The change was
// made, and the rest of the state is kept.
func notRecorded(err error) *tfprotov6.Diagnostic {
	return &tfprotov6.Diagnostic{
		Severity: tfprotov6.DiagnosticSeverityError,
		Summary:  "Evidence Not Recorded",
		Detail: "The change was made, but the state does not name all of it. This is a bug in the provider; please report it.\n\n" +
			strings.TrimSpace(err.Error()),
	}
}

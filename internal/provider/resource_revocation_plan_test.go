package provider

import (
	"net/http"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// Configurations that the tests of changes start from.
var (
	allOfClient     = ofClient.With(attributes{"all": true})
	allOfUserClient = attributes{"user_id": "00u1", "client_id": "0oa1", "all": true}
	allOfApp        = attributes{"app_id": "0oa1", "all": true}
	matchingOf      = ofClient.With(attributes{"filter": attributes{"never_expires": true}})
)

// changes are a change of every argument, and what each must come to.
var changes = []struct {
	name       string
	from, to   attributes
	replacedBy []string
	acts       bool // whether an update in place lists or revokes
}{
	{"nothing", allOfClient, allOfClient, nil, false},

	{"auth_server_id", allOfClient, allOfClient.With(attributes{"auth_server_id": "aus2"}), []string{"auth_server_id"}, false},
	{"client_id", allOfClient, allOfClient.With(attributes{"client_id": "0oa2"}), []string{"client_id"}, false},
	{"unknown client_id", allOfClient, allOfClient.With(attributes{"client_id": unknown{}}), []string{"client_id"}, false},
	{"user_id", allOfUserClient, allOfUserClient.With(attributes{"user_id": "00u2"}), []string{"user_id"}, false},
	{"app_id", allOfApp, allOfApp.With(attributes{"app_id": "0oa2"}), []string{"app_id"}, false},
	{"kind of parent", allOfClient, allOfUserClient, []string{"auth_server_id", "user_id"}, false},
	{"to every client", allOfClient, attributes{"auth_server_id": "aus1", "all_clients": true, "all": true}, []string{"all_clients", "client_id"}, false},
	{"all_clients spelt out", allOfClient, allOfClient.With(attributes{"all_clients": false}), nil, false},
	{"unknown all_clients", allOfClient, allOfClient.With(attributes{"all_clients": unknown{}}), []string{"all_clients"}, false},

	{"all to filter", allOfClient, matchingOf, []string{"all", "filter"}, false},
	{"filter to token_ids", matchingOf, ofClient.With(attributes{"token_ids": list("oar1")}), []string{"filter", "token_ids"}, false},
	{"token_ids to token_id", ofClient.With(attributes{"token_ids": list("oar1")}), ofClient.With(attributes{"token_id": "oar1"}), []string{"token_id", "token_ids"}, false},
	{"token_id", ofClient.With(attributes{"token_id": "oar1"}), ofClient.With(attributes{"token_id": "oar2"}), []string{"token_id"}, false},
	{"unknown token_id", ofClient.With(attributes{"token_id": "oar1"}), ofClient.With(attributes{"token_id": unknown{}}), []string{"token_id"}, false},
	{"triggers", allOfClient.With(attributes{"triggers": attributes{"wave": "1"}}), allOfClient.With(attributes{"triggers": attributes{"wave": "2"}}), []string{"triggers"}, false},
	{"unknown triggers", allOfClient.With(attributes{"triggers": attributes{"wave": "1"}}), allOfClient.With(attributes{"triggers": attributes{"wave": unknown{}}}), []string{"triggers"}, false},
	{"new triggers", allOfClient, allOfClient.With(attributes{"triggers": attributes{"wave": "1"}}), []string{"triggers"}, false},

	{"more token_ids", ofClient.With(attributes{"token_ids": list("oar1")}), ofClient.With(attributes{"token_ids": list("oar1", "oar2")}), nil, true},
	{"fewer token_ids", ofClient.With(attributes{"token_ids": list("oar1")}), ofClient.With(attributes{"token_ids": list()}), nil, false},
	{"other token_ids", ofClient.With(attributes{"token_ids": list("oar1")}), ofClient.With(attributes{"token_ids": list("oar2")}), nil, true},
	{"fewer token_ids of a dry run", ofClient.With(attributes{"token_ids": list("oar1"), "dry_run": true}), ofClient.With(attributes{"token_ids": list(), "dry_run": true}), nil, true},
	{"unknown token_ids", ofClient.With(attributes{"token_ids": list("oar1")}), ofClient.With(attributes{"token_ids": unknown{}}), nil, true},
	{"filter", matchingOf, ofClient.With(attributes{"filter": attributes{"never_expires": false}}), nil, true},
	{"unknown filter", matchingOf, ofClient.With(attributes{"filter": unknown{}}), nil, true},
	{"dry_run off", allOfClient.With(attributes{"dry_run": true}), allOfClient.With(attributes{"dry_run": false}), nil, true},
	{"dry_run on", allOfClient, allOfClient.With(attributes{"dry_run": true}), nil, true},
	{"end_sessions on", allOfUserClient, allOfUserClient.With(attributes{"end_sessions": true}), nil, true},
	{"unknown end_sessions", allOfUserClient, allOfUserClient.With(attributes{"end_sessions": unknown{}}), nil, true},
	{"end_sessions off", allOfUserClient.With(attributes{"end_sessions": true}), allOfUserClient, nil, false},

	{"reason", allOfClient.With(attributes{"reason": "INC-1"}), allOfClient.With(attributes{"reason": "INC-2"}), nil, false},
	{"max_tokens", allOfClient.With(attributes{"max_tokens": 10}), allOfClient.With(attributes{"max_tokens": 0}), nil, false},
	{"on_reappear", allOfClient, allOfClient.With(attributes{"on_reappear": "revoke"}), nil, false},
	{"evidence", allOfClient, allOfClient.With(attributes{"evidence": "none"}), nil, false},
	{"timeouts", allOfClient, allOfClient.With(attributes{"timeouts": attributes{"create": "1m"}}), nil, false},
	{"timeouts without any", allOfClient, allOfClient.With(attributes{"timeouts": attributes{}}), nil, false},
}

// revocationModelOf is the model of a plan or state with these attributes.
func revocationModelOf(t *testing.T, from attributes) revocationModel {
	t.Helper()
	var schema resource.SchemaResponse
	(&revocationResource{}).Schema(t.Context(), resource.SchemaRequest{}, &schema)
	defaults := attributes{"on_reappear": "ignore", "dry_run": false, "end_sessions": false, "evidence": "full", "active_token_ids": list()}
	raw := value(t, schema.Schema.Type().TerraformType(t.Context()), defaults.With(from))
	var m revocationModel
	if diags := (tfsdk.State{Schema: schema.Schema, Raw: raw}).Get(t.Context(), &m); diags.HasError() {
		t.Fatal(diags)
	}
	return m
}

func TestReplacedBy(t *testing.T) {
	t.Parallel()
	for _, tc := range changes {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, at := range replacedBy(revocationModelOf(t, tc.from), revocationModelOf(t, tc.to)) {
				got = append(got, at.String())
			}
			slices.Sort(got)
			diff(t, "attributes that replace", got, tc.replacedBy)
		})
	}
}

func TestUpdateActs(t *testing.T) {
	t.Parallel()
	for _, tc := range changes {
		if len(tc.replacedBy) > 0 {
			continue
		}
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			state, plan := revocationModelOf(t, tc.from), revocationModelOf(t, tc.to)
			if got := updateActs(state, plan); got != tc.acts {
				t.Errorf("updateActs got %t, want %t", got, tc.acts)
			}
		})
	}
}

// What a failed apply left, and what has reappeared, is still to be revoked.
func TestUpdateActsOnActiveTokens(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		from, to attributes
		want     bool
	}{
		{"left by a failed apply", attributes{"on_reappear": "ignore"}, attributes{"on_reappear": "ignore"}, true},
		{"left, and turned on", attributes{"on_reappear": "ignore"}, attributes{"on_reappear": "revoke"}, true},
		{"reappeared", attributes{"on_reappear": "revoke"}, attributes{"on_reappear": "revoke"}, true},
		{"reappeared, and turned off", attributes{"on_reappear": "revoke"}, attributes{"on_reappear": "ignore"}, false},
		{"reappeared, and perhaps turned off", attributes{"on_reappear": "revoke"}, attributes{"on_reappear": unknown{}}, true},
		{"found by a dry run", attributes{"dry_run": true}, attributes{"dry_run": true}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			state := revocationModelOf(t, allOfClient.With(tc.from).With(attributes{"active_token_ids": list("oar1")}))
			if got := updateActs(state, revocationModelOf(t, allOfClient.With(tc.to))); got != tc.want {
				t.Errorf("updateActs got %t, want %t", got, tc.want)
			}
		})
	}
}

// recordAttributeNames are the attributes that only an apply that acts may
// change.
var recordAttributeNames = []string{"revoked_at", "revoked_count", "revoked_token_ids", "revoked_tokens", "already_gone_count", "active_token_ids"}

// The same table through the protocol: what a plan of each change says, that no
// plan sends more than GETs, and that a change which is not to act asks for nothing
// when it is applied either.
func TestRevocationPlansOfChanges(t *testing.T) {
	t.Parallel()
	for _, tc := range changes {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			add(org, held, "oar1", "oar2")
			add(org, oktafake.Token{AuthServerID: "aus2", ClientID: "0oa2", UserID: "00u2"}, "oar8")
			add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "0oa2", UserID: "00u1"}, "oar9")
			add(org, oktafake.Token{AuthServerID: "aus2", ClientID: "0oa1", UserID: "00u2"}, "oar0")
			c := newCore(t, org, nil)
			state := c.create(tc.from)
			add(org, held, "oar7")
			org.ResetRequests()

			p := c.plan(state, tc.to)
			c.none(p.Diags)
			wantReads(t, org)
			diff(t, "attributes that replace", p.Replace, tc.replacedBy)
			wantRecordPlanned(t, state, p, len(tc.replacedBy) > 0 || tc.acts)
			if len(tc.replacedBy) > 0 || tc.acts {
				return
			}
			after, diags := c.apply(p)
			diff(t, "diagnostics", diags, []diagnostic{})
			wantNoRequests(t, org)
			before, now := members(t, state), members(t, after)
			for _, name := range recordAttributeNames {
				diff(t, name, plain(t, now[name]), plain(t, before[name]))
			}
		})
	}
}

// wantRecordPlanned fails the test unless a plan leaves the record open, or as it
// was.
func wantRecordPlanned(t *testing.T, state tftypes.Value, p plan, open bool) {
	t.Helper()
	before, planned := members(t, state), members(t, p.Planned)
	for _, name := range recordAttributeNames {
		want := plain(t, before[name])
		if open {
			want = unknown{}
		}
		diff(t, "planned "+name, plain(t, planned[name]), want)
	}
}

// Validation has refused such a filter before; to act on it would revoke
// everything.
func TestRequestRefusesAnEmptyFilter(t *testing.T) {
	t.Parallel()
	for _, filter := range []attributes{{}, {"user_ids": nil, "never_expires": nil}} {
		var diags diag.Diagnostics
		got := revocationModelOf(t, ofClient.With(attributes{"filter": filter})).request(t.Context(), &diags)
		if !diags.HasError() || !got.Nothing() {
			t.Errorf("got the request %+v and %v, want none and an error", got, diags)
		}
	}
}

func TestRevocationPlansSendNoDelete(t *testing.T) {
	t.Parallel()
	for _, parent := range revocationParents {
		for _, selection := range revocationSelections {
			t.Run(parent.name+"/"+selection.name, func(t *testing.T) {
				t.Parallel()
				org := newSelectionOrg(t)
				p := newCore(t, org, nil).plan(newCore(t, org, nil).noState(), parent.attributes.With(selection.attributes))
				newCore(t, org, nil).none(p.Diags)
				if len(org.RequestsOf(http.MethodGet)) == 0 {
					t.Error("the plan read nothing, so that it cannot have shown what it would revoke")
				}
				wantReads(t, org)
			})
		}
	}
}

// What the plan has shown is not looked up once more before the revocation.
func TestAnApplyIsNotPreviewedAgain(t *testing.T) {
	t.Parallel()
	org := newSelectionOrg(t)
	c := newCore(t, org, nil)
	p := c.plan(c.noState(), allOfClient.With(attributes{"evidence": "none"}))
	org.ResetRequests()
	_, diags := c.apply(p)
	c.none(diags)
	if first := org.Requests()[0]; first.Method != http.MethodDelete {
		t.Errorf("the apply began with %s %s, want the DELETE", first.Method, first.Path)
	}
}

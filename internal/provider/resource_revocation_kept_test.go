package provider

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// destroyWith destroys a resource as the first half of a replacement. The private state is
// what the plan of the second half came with: none for a tainted resource.
func (c *core) destroyWith(server tfprotov6.ProviderServer, state tftypes.Value, private []byte) []diagnostic {
	c.t.Helper()
	_, diags := c.applyWith(server, plan{Prior: state, Config: c.noState(), Planned: c.noState(), Private: private})
	return diags
}

// replaceTainted replaces a resource as Terraform does with one that could not be created:
// planned as if it were new, destroyed and created in one process.
func (c *core) replaceTainted(server tfprotov6.ProviderServer, state tftypes.Value, config attributes) (tftypes.Value, []diagnostic) {
	c.t.Helper()
	p := c.planned(c.noState(), config)
	c.none(c.destroyWith(server, state, c.PrivateOf(state)))
	second := plan{Prior: p.Prior, Config: p.Config, Applying: true}
	c.PlanWith(server, &second)
	return c.applyWith(server, second)
}

// A create that failed half-way, and the one that replaces it, have one record.
func TestFailedCreateGoesOn(t *testing.T) {
	t.Parallel()
	ids := numbered(6)
	named, matching := attributes{"token_ids": list(ids...)}, attributes{"filter": attributes{"user_ids": list("00u1")}}
	for _, tc := range []struct {
		name   string
		config attributes
		want   attributes
	}{
		{"token_ids", named, attributes{"revoked_token_ids": list(ids...), "revoked_count": 6}},
		{"token_ids, only IDs", named.With(attributes{"evidence": "ids"}), attributes{"revoked_token_ids": list(ids...), "revoked_count": 6}},
		{"token_ids, no evidence", named.With(attributes{"evidence": "none"}), attributes{"revoked_token_ids": nil, "revoked_count": 6}},
		{"filter", matching, attributes{"revoked_token_ids": list(ids...), "revoked_count": 6}},
		{"filter, only IDs", matching.With(attributes{"evidence": "ids"}), attributes{"revoked_token_ids": list(ids...), "revoked_count": 6}},
		{"filter, no evidence", matching.With(attributes{"evidence": "none"}), attributes{"revoked_token_ids": nil, "revoked_count": 6}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			add(org, held, ids...)
			c := newCore(t, org, attributes{"max_retries": 0})
			config := ofClient.With(tc.config)
			org.Intercept = oktafake.FailToRevoke(ids[2:]...)
			state, diags := c.apply(c.plan(c.noState(), config))
			diff(t, "errors", summaries(errorsOf(diags)), []string{"Revocation Incomplete"})
			org.Intercept = nil
			org.ResetRequests()
			state, diags = c.replaceTainted(c.configured(), state, config)
			c.none(diags)
			c.wantState(state, tc.want.With(attributes{"already_gone_count": 0, "active_token_ids": list()}))
			wantDeletes(t, org, paths(ids[2:]...)...)
			if tokens := object(t, state)["revoked_tokens"]; tc.config["evidence"] == nil && len(asList(t, tokens)) != 6 {
				t.Errorf("got the tokens %v, want all six", tokens)
			}
		})
	}
}

// asList is a value that is a list.
func asList(t *testing.T, v any) []any {
	t.Helper()
	list, ok := v.([]any)
	if !ok {
		t.Fatalf("got %v, want a list", v)
	}
	return list
}

// failHalfWay creates a revocation of all of these tokens, of which those from the third on fail.
func failHalfWay(c *core, org *oktafake.Server, config attributes, ids []string) tftypes.Value {
	c.t.Helper()
	org.Intercept = oktafake.FailToRevoke(ids[2:]...)
	state, diags := c.apply(c.plan(c.noState(), config))
	diff(c.t, "errors", summaries(errorsOf(diags)), []string{"Revocation Incomplete"})
	org.Intercept = nil
	org.ResetRequests()
	return state
}

// failedCreate is core with an org, and a revocation of four tokens that failed after two.
func failedCreate(t *testing.T, more attributes) (*core, *oktafake.Server, attributes, tftypes.Value) {
	t.Helper()
	ids := numbered(4)
	org := oktafake.New(t)
	add(org, held, ids...)
	c := newCore(t, org, attributes{"max_retries": 0})
	config := ofClient.With(attributes{"token_ids": list(ids...)}).With(more)
	return c, org, config, failHalfWay(c, org, config, ids)
}

// The record is not lost when the second half fails before it has done anything.
func TestFailedCreateGoesOnWhenNothingWorks(t *testing.T) {
	t.Parallel()
	c, org, config, state := failedCreate(t, nil)
	server := c.configured()
	p := c.planned(c.noState(), config)
	c.none(c.destroyWith(server, state, c.PrivateOf(state)))
	org.Intercept = serverError
	after, diags := c.applyWith(server, p)
	diff(t, "errors", summaries(diags), []string{"Unable to List Refresh Tokens"})
	if want := "Could not list the refresh tokens of client 0oa1 of authorization server aus1. This apply revoked nothing. "; !strings.HasPrefix(diags[0].Detail, want) {
		t.Errorf("got %q, want %q first", diags[0].Detail, want)
	}
	if !after.Equal(state) {
		t.Errorf("got the state %s\nwant %s", after, state)
	}
}

// If something else fails between the destroy and the create, no state has the record any more.
func TestDestroyOfAnUnfinishedRecordWarns(t *testing.T) {
	t.Parallel()
	c, _, config, state := failedCreate(t, nil)
	destroyed := plan{Prior: state, Config: c.noState(), Planned: c.noState()}
	_, diags := c.applyWith(c.configured(), destroyed)
	diff(t, "diagnostics", diags, []diagnostic{{
		Warning: true, Summary: "Record Leaves the State",
		Detail: "This revocation did not finish. It revoked 2 refresh tokens of client 0oa1 of authorization server aus1. If this apply replaces it, its replacement continues the record. " +
			"If the apply fails before that, only an earlier version of the state has the record, such as terraform.tfstate.backup.",
	}})

	destroyed.Prior = c.update(state, config)
	_, diags = c.applyWith(c.configured(), destroyed)
	diff(t, "diagnostics of a finished one", summaries(diags), []string{})
}

// The tokens of token_ids may be those that a data source still finds.
func TestFailedCreateGoesOnWithOtherTokens(t *testing.T) {
	t.Parallel()
	c, org, _, state := failedCreate(t, nil)
	state, diags := c.replaceTainted(c.configured(), state, ofClient.With(attributes{"token_ids": list("oar0003", "oar0004")}))
	c.none(diags)
	c.wantState(state, attributes{"revoked_token_ids": list(numbered(4)...), "revoked_count": 4, "already_gone_count": 0})
	wantDeletes(t, org, paths("oar0003", "oar0004")...)
}

// What is another revocation has a record of its own.
func TestRecordsThatAreNotContinued(t *testing.T) {
	t.Parallel()
	for name, to := range map[string]attributes{
		"other triggers":            {"triggers": attributes{"wave": "2"}},
		"another kind of selection": {"token_ids": nil, "filter": attributes{"user_ids": list("00u1")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _, config, state := failedCreate(t, nil)
			state, diags := c.replaceTainted(c.configured(), state, config.With(to))
			c.none(diags)
			c.wantState(state, attributes{"revoked_token_ids": list("oar0003", "oar0004"), "revoked_count": 2})
		})
	}
}

// A replacement of a record that is complete starts a new one, even where on_reappear has found
// tokens since.
func TestCompleteRecordIsNotContinued(t *testing.T) {
	t.Parallel()
	for _, onReappear := range []string{"ignore", "revoke"} {
		t.Run(onReappear, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			add(org, held, "oar1")
			c := newCore(t, org, nil)
			config := allOfClient.With(attributes{"on_reappear": onReappear})
			server := c.configured()
			created, private := c.applyPrivate(server, c.planned(c.noState(), config))
			add(org, held, "oar2")
			state, private, diags := c.RefreshWith(c.configured(), created, private)
			c.none(diags)
			p := c.planned(c.noState(), config)
			c.none(c.destroyWith(server, state, private))
			state, diags = c.applyWith(server, p)
			c.none(diags)
			c.wantState(state, attributes{"revoked_token_ids": list("oar2"), "revoked_count": 1})
		})
	}
}

// Two revocations with one target that both failed each go on with their own record, and
// with another's rather than with none.
func TestRecordsOfEqualRevocations(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	one, other := []string{"oar1a", "oar1b", "oar1c"}, []string{"oar2a", "oar2b", "oar2c"}
	add(org, held, slices.Concat(one, other)...)
	c := newCore(t, org, attributes{"max_retries": 0})
	of := func(ids []string) attributes { return ofClient.With(attributes{"token_ids": list(ids...)}) }
	first, second := failHalfWay(c, org, of(one), one), failHalfWay(c, org, of(other), other)

	server := c.configured()
	plans := []plan{c.planned(c.noState(), of(other)), c.planned(c.noState(), of(one))}
	c.none(c.destroyWith(server, first, nil))
	c.none(c.destroyWith(server, second, nil))
	for i, want := range [][]string{other, one} {
		state, diags := c.applyWith(server, plans[i])
		c.none(diags)
		c.wantState(state, attributes{"revoked_token_ids": list(want...), "revoked_count": 3, "already_gone_count": 0})
	}
	// Each is taken over once.
	state, diags := c.applyWith(server, plans[0])
	c.none(diags)
	c.wantState(state, attributes{"revoked_token_ids": list(), "already_gone_count": 3})
}

// The record of a tainted revocation stays at its org: nothing is revoked at another.
func TestFailedCreateAtAnotherOrg(t *testing.T) {
	t.Parallel()
	c, _, config, state := failedCreate(t, nil)
	there := oktafake.New(t)
	add(there, held, numbered(4)...)
	elsewhere := c.at(there)
	elsewhere.Planned(elsewhere.noState(), config)
	there.ResetRequests()
	want := []string{"org_url: Revocation of Another Org"}
	diff(t, "errors", summaries(elsewhere.destroyWith(elsewhere.configured(), state, nil)), want)
	diff(t, "errors of a plan to destroy", summaries(errorsOf(elsewhere.plan(state, nil).Diags)), want)
	diff(t, "errors of a plan to replace", summaries(errorsOf(elsewhere.plan(state, config.With(attributes{"triggers": attributes{"wave": "2"}})).Diags)), want)
	wantNoRequests(t, there)
}

// planTainted plans as Terraform does what it has tainted: it refreshes the record, and then plans
// as if there were none, in one process.
func (c *core) planTainted(state tftypes.Value, config attributes) plan {
	c.t.Helper()
	server := c.configured()
	_, _, _ = c.RefreshWith(server, state, c.PrivateOf(state))
	p := plan{Prior: c.noState(), Config: value(c.t, c.Type(), config)}
	c.PlanWith(server, &p)
	return p
}

// The plan to replace a tainted record says that the record goes on, or that it cannot, as far as
// the refresh before it has shown whose record it is.
func TestPlanOfATaintedRecord(t *testing.T) {
	t.Parallel()
	c, org, config, state := failedCreate(t, nil)
	there := oktafake.New(t)
	add(there, held, numbered(4)...)
	goesOn := atOrg(org, "The last apply stopped half-way, with 2 refresh tokens of client 0oa1 of authorization server aus1 at ORG revoked")
	diff(t, "warnings", summaries(warningsOf(c.planTainted(state, config).Diags))[:1], []string{goesOn})
	diff(t, "errors at another org", summaries(errorsOf(c.at(there).planTainted(state, config).Diags)), []string{"org_url: Revocation of Another Org"})
	wantNoRequests(t, there)

	for name, diags := range map[string][]diagnostic{
		"another revocation": c.planTainted(state, config.With(attributes{"triggers": attributes{"wave": "2"}})).Diags,
		"without a refresh":  c.plan(c.noState(), config).Diags,
		"in place":           c.planUntainted(state, config).Diags,
		"a complete record":  c.planTainted(c.create(config), config).Diags,
	} {
		if got := summaries(diags); len(got) == 0 || slices.Contains(got, goesOn) {
			t.Errorf("%s: got %q, want a preview alone", name, got)
		}
	}
}

// planUntainted plans with the record, after a refresh, and then a new revocation like it.
func (c *core) planUntainted(state tftypes.Value, config attributes) plan {
	c.t.Helper()
	server := c.configured()
	_, private, _ := c.RefreshWith(server, state, c.PrivateOf(state))
	p := plan{Prior: state, Config: value(c.t, c.Type(), config), Private: private}
	c.PlanWith(server, &p)
	again := plan{Prior: c.noState(), Config: p.Config}
	c.PlanWith(server, &again)
	return again
}

// What could not be looked at again is looked at by the next apply, in place or by a
// replacement.
func TestUnverifiedCreateGoesOn(t *testing.T) {
	t.Parallel()
	for _, evidence := range []string{"full", "none"} {
		for _, config := range []attributes{ofClient.With(attributes{"token_ids": list("oar1", "oar2")}), allOfClient} {
			org := oktafake.New(t)
			add(org, held, "oar1", "oar2")
			c := newCore(t, org, attributes{"max_retries": 0})
			config = config.With(attributes{"evidence": evidence})
			p := c.planned(c.noState(), config)
			org.Intercept = failOnceRevoked(org)
			failed, diags := c.applyWith(c.configured(), p)
			diff(t, "errors", summaries(diags), []string{"Revocation Incomplete"})
			c.wantState(failed, attributes{"active_token_ids": nil})
			org.Intercept = nil
			want := object(t, failed)
			want["active_token_ids"] = []any{}

			org.ResetRequests()
			untainted := c.update(failed, config)
			if len(org.Requests()) == 0 {
				t.Errorf("%s: the update has not looked again", evidence)
			}
			replaced, diags := c.replaceTainted(c.configured(), failed, config)
			c.none(diags)
			for _, state := range []tftypes.Value{untainted, replaced} {
				got := object(t, state)
				got["revoked_at"], want["revoked_at"] = nil, nil
				diff(t, "state", got, want)
			}
		}
	}
}

// Sessions that could not be ended are ended by the next apply.
func TestSessionsOfAFailedCreate(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	add(org, held, "oar1")
	c := newCore(t, org, attributes{"max_retries": 0})
	config := attributes{"user_id": "00u1", "client_id": "0oa1", "all": true, "end_sessions": true}
	org.Intercept = oktafake.When(oktafake.On(http.MethodDelete, "/api/v1/users/00u1/sessions"), serverError)
	failed, diags := c.apply(c.plan(c.noState(), config))
	diff(t, "errors", summaries(errorsOf(diags)), []string{"Revocation Incomplete"})
	c.wantState(failed, attributes{"end_sessions": false, "active_token_ids": nil, "revoked_count": 1})
	org.Intercept = nil

	state := c.update(failed, config)
	c.wantState(state, attributes{"end_sessions": true, "active_token_ids": list(), "revoked_token_ids": list("oar1"), "revoked_count": 1, "already_gone_count": 0})
	diff(t, "ended sessions", len(org.EndedSessions()), 1)
	state, diags = c.replaceTainted(c.configured(), failed, config)
	c.none(diags)
	c.wantState(state, attributes{"end_sessions": true, "revoked_token_ids": list("oar1"), "revoked_count": 1, "already_gone_count": 0})
}

// An update that stops after 8 of 30 and the apply that does the rest count each token once,
// whatever is kept of them.
func TestUpdateThatStopsCountsEachTokenOnce(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		evidence string
		gone     int // that the stopped update is sure of
		deletes  int // of the second apply
	}{
		{"full", 1, 21}, // listed before anything was sent
		{"ids", 0, 22},  // a 404, and the update stopped before a list could confirm it
		{"none", 0, 22},
	} {
		t.Run(tc.evidence, func(t *testing.T) {
			t.Parallel()
			ids := numbered(30)
			org := oktafake.New(t)
			add(org, held, ids...)
			org.RemoveToken(ids[0]) // gone before
			c := newCore(t, org, attributes{"max_retries": 0, "parallelism": 1})
			server := c.configured()
			config := func(ids ...string) attributes {
				return ofClient.With(attributes{"token_ids": list(ids...), "evidence": tc.evidence})
			}
			state, private := c.applyPrivate(server, c.planned(c.noState(), config()))
			org.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
				return r.Method == http.MethodDelete && len(org.Revoked()) >= 8 && oktafake.Fail(401, "E0000011", "Invalid token provided")(w, r)
			}
			p := plan{Prior: state, Config: value(t, c.Type(), config(ids...)), Private: private}
			c.PlanWith(server, &p)
			state, private, diags := c.applyAll(server, p)
			diff(t, "errors", summaries(diags), []string{"Revocation Incomplete"})
			c.wantState(state, attributes{"revoked_count": 8, "already_gone_count": tc.gone})
			org.Intercept = nil
			org.ResetRequests()

			p = plan{Prior: state, Config: p.Config, Private: private}
			c.PlanWith(server, &p)
			state, private, diags = c.applyAll(server, p)
			c.none(diags)
			c.wantState(state, attributes{"revoked_count": 29, "already_gone_count": 1, "active_token_ids": list()})
			if got := len(org.RequestsOf(http.MethodDelete)); got != tc.deletes {
				t.Errorf("got %d DELETEs, want %d: the others have been answered for", got, tc.deletes)
			}
			if strings.Contains(string(private), countedKey) {
				t.Errorf("got the private state %s, want no tokens in it any more", private)
			}
		})
	}
}

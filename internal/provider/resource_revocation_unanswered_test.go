package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// outage lets a number of DELETEs be answered, and no request after that. Each DELETE takes
// effect.
func outage(org *oktafake.Server, answered int) {
	badGateway := oktafake.Fail(http.StatusBadGateway, "", "Bad Gateway")
	org.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
		return r.Method == http.MethodGet && len(org.Revoked()) > answered && badGateway(w, r)
	}
	org.AfterEffect = func(w http.ResponseWriter, r *http.Request) bool {
		return r.Method == http.MethodDelete && len(org.Revoked()) > answered && badGateway(w, r)
	}
}

// unansweredCases are revocations of the tokens of [numbered](12), of which an outage begins
// after some DELETEs.
var unansweredCases = []struct {
	name     string
	config   attributes
	answered int
}{
	{"all", attributes{"all": true}, 0},
	{"all, only IDs", attributes{"all": true, "evidence": "ids"}, 0},
	{"filter", attributes{"filter": attributes{"user_ids": list("00u1")}}, 6},
	{"filter, no answer", attributes{"filter": attributes{"user_ids": list("00u1")}}, 0},
	{"filter, only IDs", attributes{"filter": attributes{"user_ids": list("00u1")}, "evidence": "ids"}, 6},
	{"filter, no evidence", attributes{"filter": attributes{"user_ids": list("00u1")}, "evidence": "none"}, 6},
	{"token_ids", attributes{"token_ids": list(numbered(12)...)}, 6},
	{"all clients", attributes{"client_id": nil, "all_clients": true, "all": true}, 0},
}

// Tokens that were revoked without an answer are revoked by this revocation, as the next apply
// finds out.
func TestUnansweredRevocationGoesOn(t *testing.T) {
	t.Parallel()
	for _, tc := range unansweredCases {
		for how, goOn := range map[string]func(*core, tftypes.Value, attributes) tftypes.Value{
			"untainted": (*core).update,
			"tainted": func(c *core, state tftypes.Value, config attributes) tftypes.Value {
				state, diags := c.replaceTainted(c.configured(), state, config)
				c.none(diags)
				return state
			},
		} {
			t.Run(tc.name+"/"+how, func(t *testing.T) {
				t.Parallel()
				ids := numbered(12)
				org := oktafake.New(t)
				add(org, held, ids...)
				c := newCore(t, org, attributes{"max_retries": 0, "parallelism": 1})
				config := ofClient.With(tc.config)
				p := c.plan(c.noState(), config)
				outage(org, tc.answered)
				state, diags := c.applyWith(c.configured(), p)
				diff(t, "errors", summaries(errorsOf(diags)), []string{"Revocation Incomplete"})
				if want := "Sent, not answered: "; !strings.Contains(diags[0].Detail, want) {
					t.Errorf("got %q\nwant %q in it", diags[0].Detail, want)
				}
				c.wantState(state, attributes{"revoked_count": tc.answered})
				org.Intercept, org.AfterEffect = nil, nil

				state = goOn(c, state, config)
				want := attributes{"revoked_count": 12, "revoked_token_ids": list(ids...), "already_gone_count": 0, "active_token_ids": list()}
				if config["evidence"] == "none" {
					want["revoked_token_ids"] = nil
				}
				c.wantState(state, want)
				wantRevoked(t, org, ids...)
				if tokens := object(t, state)["revoked_tokens"]; config["evidence"] == nil {
					for _, token := range asList(t, tokens) {
						if row := asObject(t, token); row["client_id"] != "0oa1" || row["created"] == nil {
							t.Errorf("got %v, want what was known of it", row)
						}
					}
				}
			})
		}
	}
}

// A refresh that no longer finds a token whose DELETE got no answer does not count it as
// dealt with.
func TestUnansweredRevocationGoesOnAfterARefresh(t *testing.T) {
	t.Parallel()
	ids := numbered(4)
	org := oktafake.New(t)
	add(org, held, ids...)
	c := newCore(t, org, attributes{"max_retries": 0, "parallelism": 1})
	config := ofClient.With(attributes{"token_ids": list(ids...), "on_reappear": "revoke"})
	p := c.plan(c.noState(), config)
	outage(org, 1)
	state, diags := c.applyWith(c.configured(), p)
	diff(t, "errors", summaries(errorsOf(diags)), []string{"Revocation Incomplete"})
	org.Intercept, org.AfterEffect = nil, nil
	refreshed, diags := c.refresh(state)
	c.none(diags)
	c.wantState(c.update(refreshed, config), attributes{
		"revoked_count": 4, "revoked_token_ids": list(ids...), "already_gone_count": 0, "active_token_ids": list(),
	})
}

// What an unanswered update has revoked is not already gone.
func TestUnansweredUpdateGoesOn(t *testing.T) {
	t.Parallel()
	ids := numbered(6)
	org := oktafake.New(t)
	add(org, held, ids...)
	c := newCore(t, org, attributes{"max_retries": 0, "parallelism": 1})
	of := func(ids ...string) attributes { return ofClient.With(attributes{"token_ids": list(ids...)}) }
	state := c.create(of(ids[0]))
	p := c.plan(state, of(ids...))
	outage(org, 2)
	state, diags := c.applyWith(c.configured(), p)
	diff(t, "errors", summaries(errorsOf(diags)), []string{"Revocation Incomplete"})
	org.Intercept, org.AfterEffect = nil, nil
	state = c.update(state, of(ids...))
	c.wantState(state, attributes{"revoked_count": 6, "revoked_token_ids": list(ids...), "already_gone_count": 0, "active_token_ids": list()})
}

// An update of a dry run to a revocation keeps its arguments when it fails, and its memory too.
func TestUnansweredUpdateOfADryRunGoesOn(t *testing.T) {
	t.Parallel()
	ids := numbered(3)
	org := oktafake.New(t)
	add(org, held, ids...)
	c := newCore(t, org, attributes{"max_retries": 0})
	state := c.create(allOfClient.With(attributes{"dry_run": true}))
	p := c.plan(state, allOfClient)
	outage(org, 0)
	state, diags := c.applyWith(c.configured(), p)
	diff(t, "errors", summaries(errorsOf(diags)), []string{"Revocation Incomplete"})
	org.Intercept, org.AfterEffect = nil, nil
	c.wantState(c.update(state, allOfClient), attributes{"revoked_count": 3, "revoked_token_ids": list(ids...), "already_gone_count": 0})
}

// The memory outlasts an apply that fails before it has done anything.
func TestUnansweredRevocationIsRememberedThroughAnOutage(t *testing.T) {
	t.Parallel()
	ids := numbered(12)
	for _, tc := range unansweredCases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			add(org, held, ids...)
			c := newCore(t, org, attributes{"max_retries": 0, "parallelism": 1})
			config := ofClient.With(tc.config)
			p := c.plan(c.noState(), config)
			outage(org, tc.answered)
			state, diags := c.applyWith(c.configured(), p)
			diff(t, "errors", summaries(errorsOf(diags)), []string{"Revocation Incomplete"})
			server := c.configured()
			c.none(c.destroyWith(server, state, c.PrivateOf(state)))
			state, diags = c.applyWith(server, p)
			diff(t, "errors", summaries(errorsOf(diags)), []string{"Unable to List Refresh Tokens"})
			org.Intercept, org.AfterEffect = nil, nil
			state = c.update(state, config)
			c.wantState(state, attributes{"revoked_count": 12, "already_gone_count": 0, "active_token_ids": list()})
		})
	}
}

// A token whose DELETE got no answer and had no effect is not claimed by an update that does
// not select it any more.
func TestUnansweredDeleteWithoutEffect(t *testing.T) {
	t.Parallel()
	ids := numbered(3)
	org := oktafake.New(t)
	add(org, held, ids...)
	c := newCore(t, org, attributes{"max_retries": 0, "parallelism": 1})
	config := ofClient.With(attributes{"filter": attributes{"user_ids": list("00u1")}})
	p := c.plan(c.noState(), config)
	broken := false
	org.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
		broken = broken || r.Method == http.MethodDelete
		return broken && oktafake.Fail(http.StatusBadGateway, "", "Bad Gateway")(w, r)
	}
	state, _ := c.applyWith(c.configured(), p)
	org.Intercept = nil
	state = c.update(state, ofClient.With(attributes{"filter": attributes{"token_ids": list(ids[1])}}))
	c.wantState(state, attributes{"active_token_ids": list(), "already_gone_count": 0, "revoked_token_ids": list(ids[1])})
	wantRevoked(t, org, ids[1])
}

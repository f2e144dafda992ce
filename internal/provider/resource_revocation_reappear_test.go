package provider

import (
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

func TestAccRevocationOfTokensThatReappear(t *testing.T) {
	org := oktafake.New(t)
	add(org, held, "oar1", "oar2")
	config := revoking(allOfClient.With(attributes{"on_reappear": "revoke"}))
	accept(t, org,
		resource.TestStep{Config: config, PostApplyFunc: func() { add(org, held, "oar3", "oar4") }},
		resource.TestStep{
			Config: config,
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate,
				before{"active_token_ids": []any{"oar3", "oar4"}, "revoked_token_ids": []any{"oar1", "oar2"}}, open("active_token_ids")),
			ConfigStateChecks: known{
				"active_token_ids": listOf(), "revoked_token_ids": listOf("oar1", "oar2", "oar3", "oar4"), "revoked_count": count(4),
			}.record(),
		},
		again(config),
	)
	wantDeletes(t, org, allTokens, allTokens)
}

// One shot: neither a refresh nor a plan asks Okta anything, whatever is alive
// again.
func TestAccRevocationIgnoresTokensThatReappear(t *testing.T) {
	org := oktafake.New(t)
	add(org, held, "oar1")
	config := revoking(allOfClient)
	accept(t, org,
		resource.TestStep{Config: config, PostApplyFunc: func() {
			add(org, held, "oar2")
			org.ResetRequests()
		}},
		again(config),
	)
	wantNoRequests(t, org)
	diff(t, "tokens that live", org.TokenIDs(), []string{"oar2"})
}

// Turning on_reappear on revokes nothing by itself: the next refresh looks, and the
// plan that it leads to shows what it revokes. Turning it off forgets what was
// found.
func TestAccRevocationTurnsOnReappearOnAndOff(t *testing.T) {
	org := oktafake.New(t)
	add(org, held, "oar1")
	ignoring := revoking(allOfClient)
	revokingAgain := revoking(allOfClient.With(attributes{"on_reappear": "revoke"}))
	accept(t, org,
		resource.TestStep{Config: ignoring, PostApplyFunc: func() {
			add(org, held, "oar2")
			org.ResetRequests()
		}},
		resource.TestStep{
			Config:             revokingAgain,
			ConfigPlanChecks:   planned(plancheck.ResourceActionUpdate),
			ConfigStateChecks:  known{"active_token_ids": listOf(), "revoked_token_ids": listOf("oar1")}.record(),
			ExpectNonEmptyPlan: true, // the refresh after it finds oar2
			PostApplyFunc:      func() { wantReads(t, org) },
		},
		resource.TestStep{
			Config:            ignoring,
			ConfigPlanChecks:  planned(plancheck.ResourceActionUpdate, before{"active_token_ids": []any{"oar2"}}),
			ConfigStateChecks: known{"active_token_ids": listOf(), "revoked_token_ids": listOf("oar1")}.record(),
			PostApplyFunc:     func() { wantReads(t, org) },
		},
		resource.TestStep{
			Config:             revokingAgain,
			ConfigPlanChecks:   planned(plancheck.ResourceActionUpdate),
			ExpectNonEmptyPlan: true,
		},
		resource.TestStep{
			Config:            revokingAgain,
			ConfigPlanChecks:  planned(plancheck.ResourceActionUpdate, before{"active_token_ids": []any{"oar2"}}),
			ConfigStateChecks: known{"active_token_ids": listOf(), "revoked_token_ids": listOf("oar1", "oar2")}.record(),
		},
	)
	wantRevoked(t, org, "oar1", "oar2")
}

// Only what is selected counts as reappeared.
func TestRefreshLooksForTheSelection(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name      string
		selection attributes
		want      []any
	}{
		{"token_id", attributes{"token_id": "oar1"}, list("oar1")},
		{"token_ids", attributes{"token_ids": list("oar1", "oar2")}, list("oar1", "oar2")},
		{"filter", attributes{"filter": attributes{"any_scopes": list("payroll")}}, list("oar1", "oar3")},
		{"all", attributes{"all": true}, list("oar1", "oar2", "oar3")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newSelectionOrg(t)
			c := newCore(t, org, nil)
			config := ofClient.With(tc.selection).With(attributes{"on_reappear": "revoke"})
			state := c.create(config)
			for _, revocation := range org.Revoked() {
				org.AddToken(revocation.Token)
			}
			refreshed, diags := c.refresh(state)
			diff(t, "diagnostics", diags, []diagnostic{})
			c.wantState(refreshed, attributes{"active_token_ids": tc.want})
			p := c.plan(refreshed, config)
			c.none(p.Diags)
			diff(t, "attributes that replace", p.Replace, []string{})
			wantRecordPlanned(t, refreshed, p, true)
			state, diags = c.apply(p)
			c.none(diags)
			c.wantState(state, attributes{"active_token_ids": list(), "revoked_token_ids": tc.want, "already_gone_count": 0})
			if got, want := len(org.RevokedIDs()), 2*len(tc.want); got != want {
				t.Errorf("got %d tokens revoked, want %d: each of %v twice", got, want, tc.want)
			}
		})
	}
}

// A parent that is not there any more keeps what is known of it, and the plan does not break over it.
func TestRefreshOfAParentThatIsGone(t *testing.T) {
	t.Parallel()
	for _, parent := range revocationParents {
		for _, selection := range revocationSelections {
			t.Run(parent.name+"/"+selection.name, func(t *testing.T) {
				t.Parallel()
				org := newSelectionOrg(t)
				c := newCore(t, org, nil)
				config := parent.attributes.With(selection.attributes).With(attributes{"on_reappear": "revoke"})
				state := c.create(config)
				org.Intercept = oktafake.Fail(http.StatusNotFound, "E0000007", "Not found: Resource not found")
				refreshed, diags := c.refresh(state)
				diff(t, "warnings", summaries(warningsOf(diags)), []string{"Parent Not Found"})
				diff(t, "errors", errorsOf(diags), []diagnostic{})
				p := c.plan(refreshed, config)
				diff(t, "diagnostics of the plan", p.Diags, []diagnostic{})
				if !p.Planned.Equal(refreshed) {
					t.Errorf("got the plan %s, want the state %s", p.Planned, refreshed)
				}
			})
		}
	}
}

// What cannot be looked at must not count as gone.
func TestRefreshThatFails(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		hook oktafake.Responder
		want string
	}{
		"no permission": {oktafake.Fail(http.StatusForbidden, "E0000006", "You do not have permission"), "Missing Okta Permission"},
		"a wrong URL":   {oktafake.Fail(http.StatusNotFound, "E0000008", "The requested path was not found"), "Not an Okta API"},
		"page two":      {failOnPageTwo, "Unable to List Refresh Tokens"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			add(org, held, "oar1")
			c := newCore(t, org, attributes{"max_retries": 0})
			state := c.create(allOfClient.With(attributes{"on_reappear": "revoke"}))
			add(org, held, "oar2", "oar3", "oar4")
			org.Intercept = tc.hook
			_, diags := c.refresh(state)
			diff(t, "errors", summaries(diags), []string{tc.want})
		})
	}
}

// A refresh by itself asks nothing unless it is to look for tokens.
func TestRefreshAsksNothing(t *testing.T) {
	t.Parallel()
	for _, selection := range revocationSelections {
		org := newSelectionOrg(t)
		c := newCore(t, org, nil)
		state := c.create(ofClient.With(selection.attributes))
		org.ResetRequests()
		refreshed, diags := c.refresh(state)
		diff(t, "diagnostics", diags, []diagnostic{})
		if !refreshed.Equal(state) {
			t.Errorf("%s: got the state %s, want %s", selection.name, refreshed, state)
		}
		wantNoRequests(t, org)
	}
}

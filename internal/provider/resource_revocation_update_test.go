package provider

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// before checks attributes that the revocation has before a plan is applied.
type before map[string]any

func (b before) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, change := range req.Plan.ResourceChanges {
		if change.Address != revocationAddress {
			continue
		}
		state, _ := change.Change.Before.(map[string]any)
		for name, want := range b {
			if diff := cmp.Diff(want, state[name], cmpopts.EquateEmpty()); diff != "" {
				resp.Error = fmt.Errorf("%s before (-want +got):\n%s", name, diff)
			}
		}
		return
	}
	resp.Error = fmt.Errorf("the plan has no %s", revocationAddress)
}

// open expects an attribute that only the apply will know.
func open(name string) plancheck.PlanCheck {
	return plancheck.ExpectUnknownValue(revocationAddress, tfjsonpath.New(name))
}

func TestAccRevocationOfTokenIDsRevokesWhatIsAdded(t *testing.T) {
	org := oktafake.New(t)
	add(org, held, "oar1", "oar2", "oar3", "oar4")
	step := func(ids ...string) string {
		return revoking(ofClient.With(attributes{"token_ids": list(ids...)}))
	}
	accept(t, org,
		resource.TestStep{Config: step("oar1", "oar2"), PostApplyFunc: func() {
			wantDeletes(t, org, paths("oar1", "oar2")...)
			org.ResetRequests()
		}},
		resource.TestStep{
			Config:           step("oar2", "oar3"),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate, open("revoked_token_ids"), open("active_token_ids")),
			ConfigStateChecks: known{
				"revoked_token_ids": listOf("oar1", "oar2", "oar3"), "revoked_tokens": knownvalue.ListSizeExact(3),
				"revoked_count": count(3), "already_gone_count": count(0), "active_token_ids": listOf(),
			}.record(),
			PostApplyFunc: func() {
				wantDeletes(t, org, paths("oar3")...)
				org.ResetRequests()
			},
		},
		resource.TestStep{
			Config:            step(),
			ConfigPlanChecks:  planned(plancheck.ResourceActionUpdate),
			ConfigStateChecks: known{"revoked_token_ids": listOf("oar1", "oar2", "oar3"), "revoked_count": count(3)}.record(),
		},
	)
	wantNoRequests(t, org)
	diff(t, "tokens that live", org.TokenIDs(), []string{"oar4"})
}

func TestAccRevocationByFilterRevokesWhatMatchesNow(t *testing.T) {
	org := newSelectionOrg(t)
	step := func(scope string) string {
		return revoking(ofClient.With(attributes{"filter": attributes{"any_scopes": list(scope)}}))
	}
	accept(t, org,
		resource.TestStep{Config: step("payroll"), PostApplyFunc: func() {
			wantDeletes(t, org, paths("oar1", "oar3")...)
			org.ResetRequests()
		}},
		resource.TestStep{
			Config:            step("email"),
			ConfigPlanChecks:  planned(plancheck.ResourceActionUpdate),
			ConfigStateChecks: known{"revoked_token_ids": listOf("oar1", "oar2", "oar3"), "revoked_count": count(3)}.record(),
		},
	)
	wantDeletes(t, org, paths("oar2")...)
}

// The data source finds nothing after a success, and that changes nothing.
func TestAccRevocationOfWhatADataSourceFound(t *testing.T) {
	org := oktafake.New(t)
	add(org, held, "oar1", "oar2", "oar3")
	config := data("refresh_tokens", ofClient.With(attributes{"filter": attributes{"token_ids": list("oar1", "oar2")}})) +
		revoking(ofClient.With(attributes{"token_ids": expression(tokensAddress + ".token_ids")}))
	accept(t, org,
		resource.TestStep{Config: config, ExpectNonEmptyPlan: true, PostApplyFunc: func() {
			wantDeletes(t, org, paths("oar1", "oar2")...)
			org.ResetRequests()
		}},
		resource.TestStep{
			Config:            config,
			ConfigPlanChecks:  planned(plancheck.ResourceActionUpdate),
			ConfigStateChecks: known{"revoked_token_ids": listOf("oar1", "oar2"), "revoked_count": count(2), "already_gone_count": count(0)}.record(),
		},
		again(config),
	)
	wantReads(t, org)
	diff(t, "tokens that live", org.TokenIDs(), []string{"oar3"})
}

// What concerns only how a revocation is done is no reason to do it again.
func TestAccRevocationQuietChanges(t *testing.T) {
	org := oktafake.New(t)
	add(org, held, "oar1")
	record := known{"revoked_token_ids": listOf("oar1"), "revoked_tokens": knownvalue.ListSizeExact(1), "revoked_count": count(1)}
	accept(t, org,
		resource.TestStep{Config: revoking(allOfClient), PostApplyFunc: func() {
			add(org, held, "oar2")
			org.ResetRequests()
		}},
		resource.TestStep{
			Config: revoking(allOfClient.With(attributes{
				"reason": "INC-1", "max_tokens": 0, "evidence": "none", "timeouts": attributes{"create": "5m", "read": "1m"},
			})),
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate,
				plancheck.ExpectKnownValue(revocationAddress, tfjsonpath.New("revoked_token_ids"), listOf("oar1"))),
			ConfigStateChecks: record.record(),
		},
	)
	wantNoRequests(t, org)
	diff(t, "tokens that live", org.TokenIDs(), []string{"oar2"})
}

// A replacement revokes again, and its record starts afresh.
func TestAccRevocationTriggers(t *testing.T) {
	org := oktafake.New(t)
	add(org, held, "oar1", "oar2")
	step := func(wave string) string {
		return revoking(allOfClient.With(attributes{"triggers": attributes{"wave": wave}}))
	}
	accept(t, org,
		resource.TestStep{Config: step("1"), PostApplyFunc: func() {
			wantDeletes(t, org, allTokens)
			add(org, held, "oar3")
		}},
		resource.TestStep{
			Config:            step("2"),
			ConfigPlanChecks:  planned(plancheck.ResourceActionReplace),
			ConfigStateChecks: known{"revoked_token_ids": listOf("oar3"), "revoked_tokens": knownvalue.ListSizeExact(1), "revoked_count": count(1)}.record(),
		},
	)
	wantDeletes(t, org, allTokens, allTokens)
}

// The plan that ends a dry run shows every token that it revokes.
func TestAccRevocationDryRun(t *testing.T) {
	org := newSelectionOrg(t)
	dryRun := ofClient.With(attributes{"filter": attributes{"any_scopes": list("payroll")}, "dry_run": true})
	accept(t, org,
		resource.TestStep{
			Config:           revoking(dryRun),
			ConfigPlanChecks: planned(plancheck.ResourceActionCreate),
			ConfigStateChecks: known{
				"active_token_ids": listOf("oar1", "oar3"), "revoked_token_ids": listOf(), "revoked_tokens": listOf(),
				"revoked_count": count(0), "already_gone_count": count(0), "revoked_at": null,
			}.record(),
			PostApplyFunc: func() {
				wantReads(t, org)
				org.AddToken(oktafake.Token{ID: "oar7", AuthServerID: "aus1", ClientID: "0oa1", Scopes: []string{"payroll"}})
			},
		},
		// A dry run is looked at afresh by each refresh, and is no reason to do anything.
		resource.TestStep{
			Config:            revoking(dryRun.With(attributes{"reason": "INC-1"})),
			ConfigPlanChecks:  planned(plancheck.ResourceActionUpdate, before{"active_token_ids": []any{"oar1", "oar3", "oar7"}}),
			ConfigStateChecks: known{"active_token_ids": listOf("oar1", "oar3", "oar7")}.record(),
			PostApplyFunc:     func() { wantReads(t, org) },
		},
		resource.TestStep{
			Config:            revoking(dryRun.With(attributes{"dry_run": false})),
			ConfigPlanChecks:  planned(plancheck.ResourceActionUpdate, before{"active_token_ids": []any{"oar1", "oar3", "oar7"}}, open("active_token_ids")),
			ConfigStateChecks: known{"active_token_ids": listOf(), "revoked_token_ids": listOf("oar1", "oar3", "oar7"), "revoked_count": count(3)}.record(),
		},
	)
	wantDeletes(t, org, paths("oar1", "oar3", "oar7")...)
}

func TestAccRevocationEndsSessions(t *testing.T) {
	org := newSelectionOrg(t)
	tokens := attributes{"user_id": "00u1", "client_id": "0oa1", "token_ids": list("oar1")}
	ended := []oktafake.EndedSession{{UserID: "00u1", OAuthTokens: true, ForgetDevices: true}}
	accept(t, org,
		resource.TestStep{Config: revoking(tokens), PostApplyFunc: func() {
			diff(t, "ended sessions", org.EndedSessions(), []oktafake.EndedSession{})
			org.ResetRequests()
		}},
		resource.TestStep{
			Config:            revoking(tokens.With(attributes{"end_sessions": true})),
			ConfigPlanChecks:  planned(plancheck.ResourceActionUpdate),
			ConfigStateChecks: known{"revoked_token_ids": listOf("oar1"), "revoked_count": count(1)}.record(),
			PostApplyFunc: func() {
				wantDeletes(t, org, "/api/v1/users/00u1/sessions")
				diff(t, "ended sessions", org.EndedSessions(), ended)
			},
		},
		// No longer to end them, and to end them again as another revocation.
		resource.TestStep{Config: revoking(tokens), ConfigPlanChecks: planned(plancheck.ResourceActionUpdate)},
		resource.TestStep{
			Config:           revoking(tokens.With(attributes{"end_sessions": true, "triggers": attributes{"wave": "2"}})),
			ConfigPlanChecks: planned(plancheck.ResourceActionReplace),
		},
	)
	diff(t, "ended sessions", org.EndedSessions(), append(ended, ended...))
	diff(t, "tokens that live", org.TokenIDs(), []string{"oar3", "oar6"})
}

package provider

import (
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/tfcore"
)

// acceptAction runs the steps of an acceptance test with a Terraform that has
// actions.
func acceptAction(t *testing.T, org *oktafake.Server, steps ...resource.TestStep) {
	t.Helper()
	resource.ParallelTest(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_14_0)},
		ProtoV6ProviderFactories: factories(org),
		Steps:                    steps,
	})
}

// invoking is the configuration of an action named test with these arguments.
func invoking(arguments attributes) string {
	return "action \"oktatokens_revoke\" \"test\" {\nconfig {\n" + hclLines(arguments) + "\n}\n}\n"
}

// triggering is a resource that triggers that action before it is created. Another
// wave creates it again.
func triggering(wave string) string { return tfcore.Triggering("oktatokens_revoke.test", wave) }

func TestRevokeActionSelections(t *testing.T) {
	t.Parallel()
	for _, parent := range revocationParents {
		for _, selection := range revocationSelections {
			t.Run(parent.name+"/"+selection.name, func(t *testing.T) {
				t.Parallel()
				ids := map[string][]string{
					"token_id": {"oar2"}, "token_ids": {"oar1", "oar2"}, "filter": parent.matching,
					"all": slices.Sorted(maps.Keys(parent.tokens)),
				}[selection.name]
				var deletes []string
				for _, id := range ids {
					deletes = append(deletes, parent.tokens[id]+"/"+id)
				}
				if selection.name == "all" {
					deletes = slices.Compact(slices.Sorted(maps.Values(parent.tokens)))
				}
				org := newSelectionOrg(t)
				before := org.TokenIDs()
				c := newCore(t, org, nil)
				config := parent.attributes.With(selection.attributes)
				c.none(c.planAction(config))
				wantReads(t, org)
				_, diags := c.invoke(config)
				diff(t, "diagnostics", diags, []diagnostic{})
				wantDeletes(t, org, deletes...)
				wantRevoked(t, org, ids...)
				diff(t, "tokens that live", org.TokenIDs(), slices.DeleteFunc(before, func(id string) bool { return slices.Contains(ids, id) }))
			})
		}
	}
}

func TestAccRevokeAction(t *testing.T) {
	org := newSelectionOrg(t)
	config := invoking(attributes{"user_id": "00u1", "all_clients": true, "filter": attributes{"any_scopes": list("payroll")}, "max_tokens": 3, "timeout": "5m"}) + triggering("1")
	acceptAction(t, org,
		resource.TestStep{Config: config, PlanOnly: true, ExpectNonEmptyPlan: true},
		resource.TestStep{PreConfig: func() { wantReads(t, org) }, Config: config},
		again(config),
	)
	wantDeletes(t, org, ofUser1+"/oar1", ofUser1+"/oar5", ofUser2+"/oar4")
	diff(t, "tokens that live", org.TokenIDs(), []string{"oar2", "oar3", "oar6"})
}

// An action knows nothing of the time before: it revokes what there is each time.
func TestAccRevokeActionRevokesAgainWhenTriggeredAgain(t *testing.T) {
	org := oktafake.New(t)
	add(org, held, "oar1")
	acceptAction(t, org,
		resource.TestStep{Config: invoking(allOfClient) + triggering("1"), PostApplyFunc: func() {
			wantRevoked(t, org, "oar1")
			add(org, held, "oar2")
		}},
		again(invoking(allOfClient)+triggering("1")),
		resource.TestStep{Config: invoking(allOfClient) + triggering("2")},
		resource.TestStep{Config: "locals {}", PostApplyFunc: func() { wantRevoked(t, org, "oar1", "oar2") }},
	)
	wantDeletes(t, org, allTokens, allTokens)
}

// What is not known yet is revoked as it turns out, or not at all.
func TestAccRevokeActionOfWhatIsNotKnownYet(t *testing.T) {
	for name, tc := range map[string]struct {
		later     any
		arguments attributes
		want      []string
		fails     string
	}{
		"token_ids":         {list("oar1", "oar2"), ofClient.With(attributes{"token_ids": laterRef}), []string{"oar1", "oar2"}, ""},
		"client_id":         {"0oa2", attributes{"auth_server_id": "aus1", "client_id": laterRef, "all": true}, []string{"oar4"}, ""},
		"token_ids null":    {nil, ofClient.With(attributes{"token_ids": laterRef}), nil, "Missing Selection"},
		"all null":          {nil, ofClient.With(attributes{"all": laterRef}), nil, "Missing Selection"},
		"filter null":       {nil, ofClient.With(attributes{"filter": attributes{"user_ids": laterRef}}), nil, "Empty Filter"},
		"client_id null":    {nil, attributes{"auth_server_id": "aus1", "client_id": laterRef, "all": true}, nil, "Missing Client ID"},
		"more than allowed": {list("oar1", "oar2"), ofClient.With(attributes{"token_ids": laterRef, "max_tokens": 1}), nil, "the selection has 2 refresh tokens, more than max_tokens = 1"},
	} {
		t.Run(name, func(t *testing.T) {
			org := newSelectionOrg(t)
			step := resource.TestStep{Config: later(tc.later) + invoking(tc.arguments) + triggering("1")}
			if tc.fails != "" {
				step.ExpectError = wrapped(tc.fails)
			}
			acceptAction(t, org, step)
			wantRevoked(t, org, tc.want...)
			if tc.fails != "" {
				wantReads(t, org)
			}
		})
	}
}

// An action that fails before the resource is created is triggered again by the
// next apply.
func TestAccRevokeActionThatFailsIsTriggeredAgain(t *testing.T) {
	org := oktafake.New(t)
	add(org, held, "oar1", "oar2", "oar3")
	org.Intercept = oktafake.FailToRevoke("oar3")
	config := noRetries + invoking(ofClient.With(attributes{"token_ids": list("oar1", "oar2", "oar3")})) + triggering("1")
	acceptAction(t, org,
		resource.TestStep{
			Config: config,
			ExpectError: wrapped("Plan and invoke the action again to do the rest: Terraform does not repeat it by itself. " +
				"Revoked: 2 refresh tokens of client 0oa1 of authorization server aus1. Not revoked, as far as is known: 1 refresh token (oar3)."),
		},
		resource.TestStep{PreConfig: func() { org.Intercept = nil }, Config: config},
	)
	wantRevoked(t, org, "oar1", "oar2", "oar3")
}

func TestRevokeActionMakesFewRequests(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		config attributes
		want   []string
	}{
		// No list comes before the DELETE; the second look is a list.
		{"all", allOfClient, []string{"DELETE " + allTokens, "GET " + allTokens}},
		{"token_id", ofClient.With(attributes{"token_id": "oar1"}), []string{"DELETE " + allTokens + "/oar1", "GET " + allTokens + "/oar1"}},
		{"token_ids", ofClient.With(attributes{"token_ids": list("oar1", "oar2")}), []string{"DELETE " + allTokens + "/oar1", "DELETE " + allTokens + "/oar2", "GET " + allTokens}},
		// A guard needs the list.
		{"all, with a bound", allOfClient.With(attributes{"max_tokens": 3}), []string{"GET " + allTokens, "DELETE " + allTokens, "GET " + allTokens}},
		{"no tokens", ofClient.With(attributes{"token_ids": list()}), nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			org.PageSize = 200
			add(org, held, "oar1", "oar2", "oar3")
			_, diags := newCore(t, org, attributes{"parallelism": 1}).invoke(tc.config)
			diff(t, "diagnostics", diags, []diagnostic{})
			var got []string
			for _, r := range org.Requests() {
				got = append(got, r.Method+" "+r.Path)
			}
			diff(t, "requests", got, tc.want)
		})
	}
}

func TestRevokeActionEndsSessions(t *testing.T) {
	t.Parallel()
	org := newSelectionOrg(t)
	progress, diags := newCore(t, org, nil).invoke(allOfUserClient.With(attributes{"end_sessions": true}))
	diff(t, "diagnostics", diags, []diagnostic{})
	diff(t, "ended sessions", org.EndedSessions(), []oktafake.EndedSession{{UserID: "00u1", OAuthTokens: true, ForgetDevices: true}})
	want := "Revoked every refresh token of client 0oa1 of user 00u1; how many is not known, because they were not listed first; " +
		"ended the user's sessions, after which Okta revokes the user's tokens at every client"
	diff(t, "last line", progress[len(progress)-1], want)
}

func TestRevokeActionOfAReadOnlyProvider(t *testing.T) {
	t.Parallel()
	org := newSelectionOrg(t)
	c := newCore(t, org, attributes{"read_only": true})
	want := []diagnostic{{
		Summary: "Provider Is Read-Only",
		Detail:  "The provider is configured with read_only, and this would revoke tokens of client 0oa1 of authorization server aus1. Remove read_only to let it revoke.",
	}}
	diff(t, "errors of the plan", c.planAction(allOfClient), want)
	progress, diags := c.invoke(allOfClient)
	diff(t, "errors", diags, want)
	diff(t, "progress", progress, []string{})
	wantNoRequests(t, org)

	nothing := ofClient.With(attributes{"token_ids": list()})
	diff(t, "errors of the plan of nothing", errorsOf(c.planAction(nothing)), []diagnostic{})
	_, diags = c.invoke(nothing)
	diff(t, "errors of nothing", diags, []diagnostic{})
	wantNoRequests(t, org)
}

// Two actions for the same client: the second finds its work done.
func TestRevokeActionTwice(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	add(org, held, "oar1", "oar2")
	c := newCore(t, org, nil)
	config := ofClient.With(attributes{"token_ids": list("oar1", "oar2")})
	for _, want := range []string{
		"Revoked 2 refresh tokens of client 0oa1 of authorization server aus1 in all",
		"Revoked 0 refresh tokens of client 0oa1 of authorization server aus1 in all; already gone: 2",
	} {
		progress, diags := c.invoke(config)
		diff(t, "diagnostics", diags, []diagnostic{})
		diff(t, "last line", progress[len(progress)-1], want)
	}
	wantRevoked(t, org, "oar1", "oar2")
}

// The warning can get lost on its way, the line of progress cannot.
func TestRevokeActionTellsOfTokensThatAppear(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	add(org, held, "oar1", "oar2")
	org.AfterEffect = oktafake.Once(oktafake.On(http.MethodDelete, allTokens), func(http.ResponseWriter, *http.Request) bool {
		young := held
		young.ID = "oar3"
		org.AddToken(young)
		return false
	})
	progress, diags := newCore(t, org, nil).invoke(allOfClient.With(attributes{"max_tokens": 2}))
	const summary = "1 refresh token of client 0oa1 of authorization server aus1 appeared during the revocation"
	diff(t, "warnings", summaries(diags), []string{summary})
	diff(t, "last line", progress[len(progress)-1], "1 refresh token of client 0oa1 of authorization server aus1 issued meanwhile and not revoked: oar3")
}

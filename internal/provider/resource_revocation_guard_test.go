package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
)

func TestAccRevocationGuards(t *testing.T) {
	org := newSelectionOrg(t)
	accept(t, org,
		resource.TestStep{
			Config:      revoking(allOfClient.With(attributes{"max_tokens": 2})),
			ExpectError: wrapped("the selection has 3 refresh tokens, more than max_tokens = 2"),
		},
		resource.TestStep{
			Config:      `provider "oktatokens" { protected_user_ids = ["00u2"] }` + "\n" + revoking(allOfClient),
			ExpectError: wrapped("refresh token oar3 belongs to user 00u2, who is in protected_user_ids"),
		},
		resource.TestStep{
			Config:      `provider "oktatokens" { read_only = true }` + "\n" + revoking(allOfClient),
			ExpectError: wrapped("Provider Is Read-Only"),
		},
		// The bound of what turns out only at apply.
		resource.TestStep{
			Config:      later(list("oar1", "oar2")) + revoking(ofClient.With(attributes{"token_ids": laterRef, "max_tokens": 1})),
			ExpectError: wrapped("the selection has 2 refresh tokens, more than max_tokens = 1"),
		},
	)
	wantReads(t, org)
}

func TestMaxTokens(t *testing.T) {
	t.Parallel()
	const advice = ". Narrow the selection, or raise max_tokens."
	const client = "Nothing was revoked at client 0oa1 of authorization server aus1: "
	for _, tc := range []struct {
		name   string
		config attributes
		want   string // detail of the error, or "" for none
	}{
		{"all, within", allOfClient.With(attributes{"max_tokens": 3}), ""},
		{"all, beyond", allOfClient.With(attributes{"max_tokens": 2}), client + "the selection has 3 refresh tokens, more than max_tokens = 2" + advice},
		{"all, decided by the first page", allOfClient.With(attributes{"max_tokens": 1}), client + "the selection has 3 refresh tokens, more than max_tokens = 1" + advice},
		{"all, without evidence", allOfClient.With(attributes{"max_tokens": 2, "evidence": "none"}), client + "the selection has 3 refresh tokens, more than max_tokens = 2" + advice},
		{"token_id", ofClient.With(attributes{"token_id": "oar1", "max_tokens": 0}), client + "the selection has 1 refresh token, more than max_tokens = 0" + advice},
		{"token_ids, within", ofClient.With(attributes{"token_ids": list("oar1", "oar2"), "max_tokens": 2}), ""},
		{"token_ids, beyond", ofClient.With(attributes{"token_ids": list("oar1", "oar2", "oar9"), "max_tokens": 2}), client + "the selection has 3 refresh tokens, more than max_tokens = 2" + advice},
		{"no token_ids", ofClient.With(attributes{"token_ids": list(), "max_tokens": 0}), ""},
		{"filter, within", ofClient.With(attributes{"filter": attributes{"any_scopes": list("payroll")}, "max_tokens": 2}), ""},
		{"filter, beyond", ofClient.With(attributes{"filter": attributes{"any_scopes": list("payroll")}, "max_tokens": 1}), client + "the selection has 2 refresh tokens, more than max_tokens = 1" + advice},
		{"every client", attributes{"auth_server_id": "aus1", "all_clients": true, "all": true, "max_tokens": 3}, "Nothing was revoked at all clients of authorization server aus1: the selection has 4 refresh tokens, more than max_tokens = 3" + advice},
		{
			"the sessions of a user",
			attributes{"user_id": "00u1", "client_id": "0oa2", "all": true, "end_sessions": true, "max_tokens": 3},
			"Nothing was revoked at client 0oa2 of user 00u1: ending the sessions revokes the user's tokens at every client, 4 refresh tokens, more than max_tokens = 3" + advice,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newSelectionOrg(t)
			c := newCore(t, org, nil)
			p := c.plan(c.noState(), tc.config)
			var want []diagnostic
			if tc.want != "" {
				want = []diagnostic{{Summary: "Too Many Refresh Tokens", Attribute: "max_tokens", Detail: tc.want}}
			}
			diff(t, "errors of the plan", errorsOf(p.Diags), want)
			diff(t, "errors of the action's plan", errorsOf(c.planAction(asAction(tc.config))), want)
			wantReads(t, org)
		})
	}
}

// What would be hit is counted again by the apply, before it revokes anything: at
// Terraform's second plan, and once more by the provider itself.
func TestMaxTokensAtApply(t *testing.T) {
	t.Parallel()
	for name, apply := range map[string]func(c *core, p plan) []diagnostic{
		"planned again": func(c *core, p plan) []diagnostic {
			_, diags := c.apply(p)
			return diags
		},
		"not planned again": func(c *core, p plan) []diagnostic {
			state, diags := c.applyWith(c.configured(), p)
			if !state.IsNull() {
				c.t.Errorf("got the state %s, want none", state)
			}
			return diags
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := newSelectionOrg(t)
			c := newCore(t, org, nil)
			p := c.plan(c.noState(), allOfClient.With(attributes{"max_tokens": 3}))
			c.none(p.Diags)
			add(org, held, "oar8")
			diff(t, "errors", summaries(errorsOf(apply(c, p))), []string{"max_tokens: Too Many Refresh Tokens"})
			wantReads(t, org)
		})
	}
}

// An update counts what it would newly revoke.
func TestMaxTokensOfAnUpdate(t *testing.T) {
	t.Parallel()
	org := newSelectionOrg(t)
	c := newCore(t, org, nil)
	bounded := func(ids ...string) attributes {
		return ofClient.With(attributes{"token_ids": list(ids...), "max_tokens": 1})
	}
	state := c.create(bounded("oar1"))
	diff(t, "errors", summaries(errorsOf(c.plan(state, bounded("oar1", "oar2", "oar3")).Diags)), []string{"max_tokens: Too Many Refresh Tokens"})
	c.update(state, bounded("oar1", "oar2"))
	wantRevoked(t, org, "oar1", "oar2")
}

// protectedAdvice is what to do about a revocation that is refused for this reason.
func protectedAdvice(attribute, reason string) string {
	kind := "user"
	if strings.Contains(reason, "client") {
		kind = "client"
	}
	if strings.HasPrefix(reason, "refresh token") && attribute != "token_id" {
		return fmt.Sprintf(". Leave this %s's tokens out with token_ids, or ask who set protected_%s_ids in the provider's configuration.", kind, kind)
	}
	return fmt.Sprintf(". Leave it out, or ask who set protected_%s_ids in the provider's configuration.", kind)
}

func TestProtected(t *testing.T) {
	t.Parallel()
	client, user := attributes{"protected_client_ids": list("0oa2")}, attributes{"protected_user_ids": list("00u2")}
	for _, tc := range []struct {
		name      string
		protected attributes
		config    attributes
		attribute string
		want      string // reason, or "" for none
	}{
		{"another client", client, allOfClient, "", ""},
		{"the client", client, attributes{"auth_server_id": "aus1", "client_id": "0oa2", "all": true}, "client_id", "client 0oa2 is protected"},
		{"the client of a user", client, attributes{"user_id": "00u1", "client_id": "0oa2", "token_id": "oar4"}, "client_id", "client 0oa2 is protected"},
		{"a client in the filter", client, attributes{"app_id": "0oa1", "filter": attributes{"client_ids": list("0oa1", "0oa2")}}, "filter", "client 0oa2 is protected"},
		{"one of every client", client, attributes{"auth_server_id": "aus1", "all_clients": true, "all": true}, "all", "client 0oa2 is protected"},
		{"the user", user, attributes{"user_id": "00u2", "client_id": "0oa1", "all": true}, "user_id", "user 00u2 is protected"},
		{"every client of the user", user, attributes{"user_id": "00u2", "all_clients": true, "all": true}, "user_id", "user 00u2 is protected"},
		{"the user by login", user, attributes{"user_id": "00u2@example.com", "client_id": "0oa1", "all": true}, "all", "refresh token oar3 belongs to user 00u2, who is in protected_user_ids"},
		{"a user in the filter", user, ofClient.With(attributes{"filter": attributes{"user_ids": list("00u1", "00u2")}}), "filter", "user 00u2 is protected"},
		{"a token of the user", user, ofClient.With(attributes{"token_id": "oar3"}), "token_id", "refresh token oar3 belongs to user 00u2, who is in protected_user_ids"},
		{"one of many tokens", user, ofClient.With(attributes{"token_ids": list("oar1", "oar2", "oar3")}), "token_ids", "refresh token oar3 belongs to user 00u2, who is in protected_user_ids"},
		{"a token that matches", user, ofClient.With(attributes{"filter": attributes{"any_scopes": list("payroll")}}), "filter", "refresh token oar3 belongs to user 00u2, who is in protected_user_ids"},
		{"a token that does not match", user, ofClient.With(attributes{"filter": attributes{"any_scopes": list("email")}}), "", ""},
		{"one of all tokens", user, allOfClient, "all", "refresh token oar3 belongs to user 00u2, who is in protected_user_ids"},
		{"one of all tokens of an app", user, attributes{"app_id": "0oa1", "all": true, "evidence": "none"}, "all", "refresh token oar3 belongs to user 00u2, who is in protected_user_ids"},
		{"none of these", user, ofClient.With(attributes{"token_ids": list("oar1", "oar2")}), "", ""},
		{"the sessions of another user", client, attributes{"user_id": "00u1", "client_id": "0oa1", "token_id": "oar1", "end_sessions": true}, "token_id", "client 0oa2 is protected"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newSelectionOrg(t)
			var want []diagnostic
			if tc.want != "" {
				want = []diagnostic{{Summary: "Protected Tokens", Attribute: tc.attribute, Detail: "Nothing was revoked: " + tc.want + protectedAdvice(tc.attribute, tc.want)}}
			}
			c := newCore(t, org, tc.protected)
			p := c.plan(c.noState(), tc.config)
			diff(t, "errors of the plan", errorsOf(p.Diags), want)
			diff(t, "errors of the action's plan", errorsOf(c.planAction(asAction(tc.config))), want)
			wantReads(t, org)

			// The same at apply, for a plan that was made before the protection was.
			unprotected := newCore(t, org, nil)
			_, diags := c.applyWith(c.configured(), unprotected.plan(unprotected.noState(), tc.config))
			diff(t, "errors of the apply", errorsOf(diags), want)
			if want == nil {
				return
			}
			_, diags = c.invoke(asAction(tc.config))
			diff(t, "errors of the action", diags, want)
			wantReads(t, org)
		})
	}
}

// A name that is protected is refused even while the rest of the plan is not
// known.
func TestProtectedWhileMuchIsUnknown(t *testing.T) {
	t.Parallel()
	org := newSelectionOrg(t)
	c := newCore(t, org, attributes{"protected_client_ids": list("0oa1"), "protected_user_ids": list("00u1")})
	for _, tc := range []struct {
		config attributes
		want   []string
	}{
		{ofClient.With(attributes{"token_ids": unknown{}}), []string{"client_id: Protected Tokens"}},
		{attributes{"user_id": "00u1", "client_id": unknown{}, "all": true}, []string{"user_id: Protected Tokens"}},
		{attributes{"user_id": "00u2", "client_id": unknown{}, "all": true}, []string{"Preview Unavailable: refresh tokens of an unknown client of user 00u2 at " + org.URL}},
	} {
		diff(t, "diagnostics", summaries(c.plan(c.noState(), tc.config).Diags), tc.want)
		diff(t, "diagnostics of the action", summaries(c.planAction(tc.config)), tc.want)
	}
	wantNoRequests(t, org)
}

func TestReadOnlyProvider(t *testing.T) {
	t.Parallel()
	org := newSelectionOrg(t)
	writable := newCore(t, org, nil)
	state := writable.create(ofClient.With(attributes{"token_ids": list("oar1")}))
	org.ResetRequests()

	c := newCore(t, org, attributes{"read_only": true})
	diff(t, "errors of a create", c.plan(c.noState(), allOfClient).Diags, []diagnostic{{
		Summary: "Provider Is Read-Only",
		Detail:  "The provider is configured with read_only, and this would revoke tokens of client 0oa1 of authorization server aus1. Set dry_run = true to list them only, or remove read_only.",
	}})
	diff(t, "errors of an update", summaries(c.plan(state, ofClient.With(attributes{"token_ids": list("oar1", "oar2")})).Diags), []string{"Provider Is Read-Only"})
	wantNoRequests(t, org)

	_, diags := c.applyWith(c.configured(), writable.plan(writable.noState(), allOfClient))
	if len(errorsOf(diags)) == 0 {
		t.Error("got no error from an apply that went past the plan")
	}
	wantReads(t, org)

	// What revokes nothing is allowed.
	c.create(allOfClient.With(attributes{"dry_run": true}))
	c.create(ofClient.With(attributes{"token_ids": list()}))
	c.update(state, ofClient.With(attributes{"token_ids": list("oar1"), "reason": "INC-1"}))
	c.update(state, nil)
	wantReads(t, org)
}

// A dry run hits nothing, so that the guards only say what they would do.
func TestDryRunWarnsOfGuards(t *testing.T) {
	t.Parallel()
	org := newSelectionOrg(t)
	c := newCore(t, org, attributes{"protected_user_ids": list("00u2")})
	for _, tc := range []struct {
		config attributes
		want   string
		found  []any
	}{
		{allOfClient.With(attributes{"dry_run": true}), "refresh token oar3 belongs to user 00u2, who is in protected_user_ids.", list("oar1", "oar2", "oar3")},
		{attributes{"user_id": "00u1", "client_id": "0oa1", "all": true, "dry_run": true, "max_tokens": 2}, "the selection has 3 refresh tokens, more than max_tokens = 2.", list("oar1", "oar2", "oar5")},
	} {
		state, diags := c.apply(c.plan(c.noState(), tc.config))
		diff(t, "diagnostics", diags, []diagnostic{{Warning: true, Summary: "Dry Run Would Be Refused", Detail: tc.want}})
		diff(t, "active_token_ids", object(t, state)["active_token_ids"], tc.found)
	}
	wantReads(t, org)
}

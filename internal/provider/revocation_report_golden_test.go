package provider

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// failures are what goes wrong with the revocation of fifteen tokens while it is applied, and
// what becomes of it.
var failures = []struct {
	name   string
	config attributes
	revoke int // how many DELETEs of a token work
	then   func(stop context.CancelFunc) oktafake.Responder
}{
	{"partial_failure", attributes{"token_ids": list(numbered(15)...)}, 3, func(context.CancelFunc) oktafake.Responder { return serverError }},
	{"partial_failure_few", attributes{"token_ids": list(numbered(5)...)}, 4, func(context.CancelFunc) oktafake.Responder { return serverError }},
	{"interrupt", attributes{"token_ids": list(numbered(15)...)}, 3, func(stop context.CancelFunc) oktafake.Responder {
		return func(http.ResponseWriter, *http.Request) bool { stop(); return false }
	}},
	{"interrupt_first", attributes{"token_ids": list(numbered(15)...)}, 0, func(stop context.CancelFunc) oktafake.Responder {
		return func(_ http.ResponseWriter, r *http.Request) bool { stop(); <-r.Context().Done(); return true }
	}},
	{"timeout", attributes{"token_ids": list(numbered(15)...), "timeouts": attributes{"create": "2m", "update": "2m"}}, 3, func(context.CancelFunc) oktafake.Responder {
		return func(http.ResponseWriter, *http.Request) bool { <-time.After(3 * time.Minute); return false }
	}},
	{"missing_scope", attributes{"token_ids": list(numbered(15)...)}, 0, func(context.CancelFunc) oktafake.Responder {
		return oktafake.InsufficientScope("okta.authorizationServers.manage")
	}},
	{"lost_rights", attributes{"token_ids": list(numbered(15)...)}, 3, func(context.CancelFunc) oktafake.Responder {
		return oktafake.Fail(403, "E0000006", "You do not have permission to perform the requested action")
	}},
	{"not_verified", attributes{"all": true, "evidence": "none"}, 0, nil},
}

// failingFrom is a hook that lets some DELETEs of tokens pass, and answers those after them.
func failingFrom(org *oktafake.Org, works int, then oktafake.Responder) oktafake.Responder {
	return func(w http.ResponseWriter, r *http.Request) bool {
		return r.Method == http.MethodDelete && len(org.Revoked()) >= works && then(w, r)
	}
}

// Each of these was read as the responder, as the approver and as a newcomer would.
func TestGoldenFailures(t *testing.T) {
	t.Parallel()
	for _, tc := range failures {
		for _, face := range []string{"create", "update", "action"} {
			t.Run(tc.name+"/"+face, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					org := oktafake.NewOrg()
					org.PageSize = 200
					for _, id := range numbered(15) {
						org.AddToken(oktafake.Token{ID: id, AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1", Created: epoch})
					}
					c := newCoreIn(t, map[string]string{"OKTA_ORG_URL": "https://acme.okta.com", "OKTA_API_TOKEN": org.APIToken}, attributes{"max_retries": 0, "parallelism": 1, "request_timeout": 300})
					c.network = org
					ctx, stop := context.WithCancel(t.Context())
					defer stop()
					fail := func() {
						org.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
							return r.Method == http.MethodGet && len(org.Revoked()) > 0 && serverError(w, r)
						}
						if tc.then != nil {
							org.Intercept = failingFrom(org, tc.revoke, tc.then(stop))
						}
					}
					golden(t, "apply/"+tc.name+"_"+face, c.failAs(ctx, face, ofClient.With(tc.config), fail))
				})
			})
		}
	}
}

// What Okta confirmed and goes on listing leads the error, and no advice about the provider's
// configuration follows.
func TestGoldenStillListed(t *testing.T) {
	t.Parallel()
	ids := numbered(12)
	tokens := make([]okta.RefreshToken, len(ids))
	for i, id := range ids {
		tokens[i].ID = id
	}
	m := requestModel{parentModel: parentModel{AuthServerID: types.StringValue("aus1"), ClientID: types.StringValue("0oa1")}, All: types.BoolValue(true)}
	count := int64(len(ids))
	out := revoke.Outcome{Revoked: tokens, Count: &count, StillListed: ids[1:]}
	for face, words := range map[string]wording{"create": createWording(), "action": actionWording} {
		var diags diag.Diagnostics
		addIncomplete(&diags, words, m, revoke.Request{Target: m.target()}, &revoke.IncompleteError{Outcome: out, Err: &revoke.StillListedError{IDs: ids[1:], Expired: ids[1:]}})
		golden(t, "apply/still_listed_"+face, diags[0].Summary()+"\n\n"+diags[0].Detail()+"\n")
	}
}

// failAs applies a configuration in a run that fails, and returns what a person then reads.
//
//nolint:contextcheck // only the run under test can be stopped, not the steps that lead to it
func (c *core) failAs(ctx context.Context, face string, config attributes, fail func()) string {
	c.t.Helper()
	if face == "action" {
		delete(config, "evidence")
		if config["timeouts"] != nil {
			delete(config, "timeouts")
			config["timeout"] = "2m"
		}
		fail()
		progress, diags := c.action().InvokeWith(ctx, c.configured(), config)
		return shown(append(linesOf(progress), diags...))
	}
	prior := c.noState()
	if face == "update" {
		prior = c.create(config.With(attributes{"dry_run": true}))
	}
	p := c.planned(prior, config)
	fail()
	_, _, diags := c.ApplyWith(ctx, c.configured(), p)
	return shown(diags)
}

// linesOf are lines of progress among diagnostics.
func linesOf(progress []string) []diagnostic {
	var lines []diagnostic
	for _, line := range progress {
		lines = append(lines, diagnostic{Summary: "progress: " + line})
	}
	return lines
}

// shown are diagnostics as text.
func shown(diags []diagnostic) string {
	var text strings.Builder
	for _, d := range diags {
		fmt.Fprintln(&text, strings.TrimSpace(summaries([]diagnostic{d})[0]+"\n\n"+stable(d).Detail)+"\n")
	}
	return text.String()
}

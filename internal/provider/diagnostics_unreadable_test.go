package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// oddTokens has two tokens in forms that Okta does not document, and one that is as
// it should be.
const oddTokens = `[
 {"id":"oar1","status":"ACTIVE","userId":"00u1","clientId":"0oa1","created":"2023-07-17 11:28:57 +0000 UTC","scopes":"openid"},
 {"id":"oar2","status":"ACTIVE","userId":"00u2","clientId":"0oa1","created":1761673018,"expiresAt":"2026-11-05T17:36:58.000Z","_links":{"app":[{"href":"/api/v1/apps/0oa1"}]}},
 {"id":"oar3","status":"ACTIVE","userId":"00u3","clientId":"0oa1","created":"2025-10-28T17:36:58.000Z","expiresAt":"soon","scopes":["openid"]}]`

// unreadableWarning is what a data source says of them.
var unreadableWarning = diagnostic{
	Warning: true, Summary: "Okta Sent Fields That Cannot Be Read",
	Detail: "These fields are null, because Okta sent them in a form that this provider does not know. A null here does not mean that the token has no such value:\n\n" +
		"  created: oar1, oar2\n  expires_at: oar3\n  scopes: oar1\n  app_id: oar2\n\nA filter on one of these fields is an error. Please report this.",
}

// newOddOrg is an org that lists those tokens.
func newOddOrg(t *testing.T) *oktafake.Server {
	t.Helper()
	org := oktafake.New(t)
	add(org, held, "oar1", "oar2", "oar3")
	org.Intercept = oktafake.When(oktafake.On(http.MethodGet, allTokens), answering(oddTokens))
	return org
}

func TestOddFieldsAreNullWithOneWarning(t *testing.T) {
	t.Parallel()
	got, diags := newCore(t, newOddOrg(t), nil).readData("refresh_tokens", ofClient)
	diff(t, "diagnostics", diags, []diagnostic{unreadableWarning})
	diff(t, "token_ids", got["token_ids"], list("oar1", "oar2", "oar3"))
	diff(t, "created", each(t, got["tokens"], "created"), []any{nil, nil, "2025-10-28T17:36:58.000Z"})
	diff(t, "scopes", each(t, got["tokens"], "scopes"), []any{nil, nil, list("openid")})

	got, diags = newCore(t, newOddOrg(t), nil).readData("inventory", attributes{"auth_server_ids": list("aus1"), "client_ids": list("0oa1")})
	diff(t, "diagnostics of the inventory", diags, []diagnostic{unreadableWarning})
	diff(t, "token_count", got["token_count"], 3)
	diff(t, "never_expires_count", each(t, got["clients"], "never_expires_count"), []any{1}) // the first: Okta gives it no end

	org := oktafake.New(t)
	add(org, held, "oar1")
	org.Intercept = oktafake.When(oktafake.On(http.MethodGet, oneToken), answering(`{"id":"oar1","status":"ACTIVE","scopes":"openid"}`))
	got, diags = newCore(t, org, nil).readData("refresh_token", ofClient.With(attributes{"token_id": "oar1"}))
	if len(diags) != 1 || !strings.Contains(diags[0].Detail, "  scopes: oar1\n") || got["scopes"] != nil {
		t.Errorf("got %v and the scopes %v, want one warning and null", diags, got["scopes"])
	}
}

// Evidence with nulls in it says why, at the plan and at the apply.
func TestRevocationWarnsOfOddFields(t *testing.T) {
	t.Parallel()
	org := newOddOrg(t)
	odd := org.Intercept
	org.Intercept = func(w http.ResponseWriter, r *http.Request) bool { return len(org.RevokedIDs()) == 0 && odd(w, r) }
	c := newCore(t, org, nil)
	p := c.plan(c.noState(), allOfClient)
	if len(p.Diags) != 2 {
		t.Fatalf("got %v, want the preview and one warning", p.Diags)
	}
	diff(t, "warning of the plan", p.Diags[1], unreadableWarning)
	if strings.Contains(p.Diags[0].Detail, "()") {
		t.Errorf("the preview names an ID that is not there:\n%s", p.Diags[0].Detail)
	}
	_, diags := c.apply(p)
	diff(t, "warnings of the apply", diags, []diagnostic{unreadableWarning})
}

// A filter that needs such a field cannot be decided; one that does not is none the
// worse.
func TestFilterOnAnOddFieldIsAnError(t *testing.T) {
	t.Parallel()
	org := newOddOrg(t)
	for kind, parent := range map[string]attributes{
		"refresh_tokens": ofClient, "inventory": {"auth_server_ids": list("aus1"), "client_ids": list("0oa1")},
	} {
		_, diags := newCore(t, org, nil).readData(kind, parent.With(attributes{"filter": attributes{"older_than": "1h"}}))
		if len(diags) != 1 || diags[0].Summary != "Unreadable Refresh Token" || !strings.Contains(diags[0].Detail, "sent its created in a form") {
			t.Errorf("%s: got %v, want an error that names created", kind, diags)
		}
		_, diags = newCore(t, org, nil).readData(kind, parent.With(attributes{"filter": attributes{"older_than": "1h", "user_ids": list("00u3")}}))
		if len(diags) != 1 || !diags[0].Warning || !strings.Contains(diags[0].Detail, "  expires_at: oar3\n\n") {
			t.Errorf("%s: got %v, want a warning of the token that matches only", kind, diags)
		}
	}
	wantReads(t, org)
}

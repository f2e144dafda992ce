package provider

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// Errors of an action under way, whole: with no state, they name what was revoked.
func TestIncompleteRevokeActions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		config  attributes
		hook    func(org *oktafake.Server) oktafake.Responder
		revoked []string
	}{
		{
			"one of three", ofClient.With(attributes{"token_ids": list("oar1", "oar2", "oar3")}),
			func(*oktafake.Server) oktafake.Responder { return oktafake.FailToRevoke("oar3") },
			[]string{"oar1", "oar2"},
		},
		{
			"each of them", ofClient.With(attributes{"token_ids": list("oar1")}),
			func(*oktafake.Server) oktafake.Responder { return oktafake.FailToRevoke("oar1") },
			nil,
		},
		{
			"none is left, as far as is known", allOfClient.With(attributes{"max_tokens": 3}),
			failOnceRevoked,
			[]string{"oar1", "oar2", "oar3"},
		},
		{
			"not counted", allOfClient,
			failOnceRevoked,
			[]string{"oar1", "oar2", "oar3"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			add(org, held, "oar1", "oar2", "oar3")
			org.Intercept = tc.hook(org)
			_, diags := newCore(t, org, attributes{"max_retries": 0}).invoke(tc.config)
			if len(diags) != 1 {
				t.Fatalf("got %+v, want one error", diags)
			}
			golden(t, "apply/action_"+strings.NewReplacer(" ", "_", ",", "").Replace(tc.name), shown(diags))
			wantRevoked(t, org, tc.revoked...)
		})
	}
}

// What Okta refuses, at plan and when the action is invoked.
func TestRevokeActionErrors(t *testing.T) {
	t.Parallel()
	limited := func(w http.ResponseWriter, r *http.Request) bool {
		return oktafake.Fail(http.StatusTooManyRequests, "E0000047", "API call exceeded rate limit due to too many requests.")(w, r)
	}
	for _, tc := range []struct {
		name   string
		config attributes
		hook   oktafake.Responder
		want   string // of the plan and of the invocation, which reads first
	}{
		{"no such client", attributes{"auth_server_id": "aus1", "client_id": "0oa9", "token_ids": list("oar1", "oar2")}, nil, "client_id: Parent Not Found"},
		{"no such server", attributes{"auth_server_id": "aus9", "client_id": "0oa1", "filter": attributes{"never_expires": true}}, nil, "auth_server_id: Parent Not Found"},
		{"no such user", attributes{"user_id": "00u9", "all_clients": true, "all": true}, nil, "user_id: Parent Not Found"},
		{"no such app", attributes{"app_id": "0oa9", "token_id": "oar1"}, nil, "app_id: Parent Not Found"},
		{"401", allOfClient, oktafake.Fail(401, "E0000011", "Invalid token provided"), "Okta Rejected the Credentials"},
		{"403", allOfClient, oktafake.Fail(403, "E0000006", "You do not have permission to perform the requested action"), "Missing Okta Permission"},
		{"429", allOfClient, limited, "Okta Rate Limit Exceeded"},
		{"500", allOfClient, serverError, "Unable to List Refresh Tokens"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newSelectionOrg(t)
			org.Intercept = tc.hook
			c := newCore(t, org, attributes{"max_retries": 0})
			bounded := tc.config.With(attributes{"max_tokens": 100}) // or some would need no list
			diff(t, "errors of the plan", summaries(c.planAction(bounded)), []string{tc.want})
			wantReads(t, org)
			_, diags := c.invoke(bounded)
			if len(diags) != 1 || diags[0].Warning {
				t.Errorf("got %+v, want one error", diags)
			}
			wantRevoked(t, org)
		})
	}
}

// The rights that end in the middle stop the run.
func TestRevokeActionThatLosesItsRights(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	ids := numbered(40)
	add(org, held, ids...)
	org.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
		return r.Method == http.MethodDelete && len(org.Revoked()) >= 15 && oktafake.Fail(401, "E0000011", "Invalid token provided")(w, r)
	}
	progress, diags := newCore(t, org, attributes{"parallelism": 1, "max_retries": 0}).invoke(ofClient.With(attributes{"token_ids": list(ids...)}))
	diff(t, "errors", summaries(diags), []string{"Revocation Incomplete"})
	named, left := wantNamed(t, diags[0].Detail)
	diff(t, "tokens that the error names as revoked", named, slices.Sorted(slices.Values(org.RevokedIDs())))
	diff(t, "tokens that it names as left", left, counted(org.TokenIDs()))
	diff(t, "progress", progress[1], "Okta confirmed 10 of 40 as revoked: "+strings.Join(revokedIn(progress), ", "))
	if got, want := len(org.RequestsOf(http.MethodDelete)), 16; got != want {
		t.Errorf("got %d DELETEs, want %d: no use in trying the other tokens", got, want)
	}
}

// wantNamed are the tokens that an error names as revoked, and what it says of those that
// were not.
func wantNamed(t *testing.T, detail string) (revoked []string, left string) {
	t.Helper()
	_, rest, found := strings.Cut(detail, "Not revoked, as far as is known: ")
	left, _, _ = strings.Cut(rest, ".\n")
	_, done, named := strings.Cut(detail, "The revoked tokens:\n")
	if !found || !named {
		t.Fatalf("got the detail %q, want it to name what was revoked and what was not", detail)
	}
	return strings.FieldsFunc(done, func(r rune) bool { return strings.ContainsRune(", \n", r) }), left
}

// counted are tokens as an error counts and names them.
func counted(ids []string) string {
	return fmt.Sprintf("%s (%s)", prose.Count(len(ids), "refresh token"), prose.List(ids, maxFailed))
}

func TestRevokeActionTimeout(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	add(org, held, "oar1")
	c := newCore(t, org, nil)
	progress, diags := c.invoke(allOfClient.With(attributes{"timeout": "1ns", "max_tokens": 1}))
	diff(t, "errors", summaries(diags), []string{"Out of Time"})
	diff(t, "progress", progress, []string{"Revoking refresh tokens of client 0oa1 of authorization server aus1 at " + org.URL})
	wantRevoked(t, org)
	diff(t, "errors", summaries(c.validateAction(allOfClient.With(attributes{"timeout": "soon"}))), []string{"timeout: Invalid Duration"})
}

// Once Terraform is stopping, no more progress is sent: nobody may receive it, and
// sending would block for ever.
func TestRevokeActionSendsNoProgressOnceStopped(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	ids := numbered(40)
	add(org, held, ids...)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	org.Intercept = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodDelete && len(org.Revoked()) == 5 {
			stop()
		}
		return false
	}
	c := newCore(t, org, attributes{"parallelism": 1})
	progress, diags := c.action().InvokeWith(ctx, c.configured(), ofClient.With(attributes{"token_ids": list(ids...)}))
	diff(t, "progress", progress, []string{"Revoking refresh tokens of client 0oa1 of authorization server aus1 at " + org.URL})
	diff(t, "errors", summaries(diags), []string{"Revocation Incomplete"})
	named, left := wantNamed(t, diags[0].Detail)
	diff(t, "tokens that the error names as revoked", named, slices.Sorted(slices.Values(org.RevokedIDs())))
	diff(t, "tokens that it names as left", left, counted(org.TokenIDs()))

	// Not even the first line, where the stop came before it.
	progress, diags = c.action().InvokeWith(ctx, c.configured(), allOfClient)
	diff(t, "progress", progress, []string{})
	diff(t, "errors", summaries(diags), []string{"Revocation Incomplete"})
}

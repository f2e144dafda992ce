package provider

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// serverError answers 500.
var serverError = oktafake.Fail(http.StatusInternalServerError, "E0000009", "Internal Server Error")

func TestAccRevocationThatFailsHalfWay(t *testing.T) {
	org := oktafake.New(t)
	ids := []string{"oar01", "oar02", "oar03", "oar04", "oar05", "oar06", "oar07", "oar08", "oar09", "oar10", "oar11", "oar12"}
	done, left := ids[:7], ids[7:]
	add(org, held, ids...)
	broken := oktafake.FailToRevoke(left...)
	org.Intercept = func(w http.ResponseWriter, r *http.Request) bool { return broken(w, r) }
	config := noRetries + revoking(ofClient.With(attributes{"token_ids": list(ids...)}))
	accept(t, org,
		resource.TestStep{
			Config: config,
			ExpectError: wrapped("Revoked: 7 refresh tokens of client 0oa1 of authorization server aus1. " +
				"Not revoked, as far as is known: 5 refresh tokens (oar08, oar09, oar10, oar11, oar12)."),
		},
		resource.TestStep{
			PreConfig: func() {
				wantRevoked(t, org, done...)
				org.ResetRequests()
				broken = oktafake.FailToRevoke()
			},
			Config: config,
			ConfigPlanChecks: planned(plancheck.ResourceActionReplace, before{
				"revoked_token_ids": list(done...), "active_token_ids": list(left...), "already_gone_count": json.Number("0"),
			}),
			ConfigStateChecks: known{
				"revoked_token_ids": listOf(ids...), "revoked_count": count(12), "already_gone_count": count(0), "active_token_ids": listOf(),
			}.record(),
		},
		again(config),
	)
	wantRevoked(t, org, ids...)
}

func TestAccRevocationUpdateThatFailsHalfWay(t *testing.T) {
	org := oktafake.New(t)
	add(org, held, "oar1", "oar2", "oar3", "oar4")
	broken := oktafake.FailToRevoke("oar3", "oar4")
	org.Intercept = func(w http.ResponseWriter, r *http.Request) bool { return broken(w, r) }
	first := noRetries + revoking(ofClient.With(attributes{"token_ids": list("oar1"), "reason": "INC-1"}))
	second := noRetries + revoking(ofClient.With(attributes{"token_ids": list("oar1", "oar2", "oar3", "oar4"), "reason": "INC-2"}))
	left := before{
		"token_ids": list("oar1"), "reason": "INC-1", // the arguments of what was done
		"revoked_token_ids": list("oar1", "oar2"), "active_token_ids": list("oar3", "oar4"), "revoked_count": json.Number("2"),
	}
	accept(t, org,
		resource.TestStep{Config: first},
		resource.TestStep{Config: second, ExpectError: wrapped("Not revoked, as far as is known: 2 refresh tokens (oar3, oar4).")},
		resource.TestStep{
			PreConfig:        func() { broken = oktafake.FailToRevoke() },
			Config:           second,
			ConfigPlanChecks: planned(plancheck.ResourceActionUpdate, left),
			ConfigStateChecks: known{
				"revoked_token_ids": listOf("oar1", "oar2", "oar3", "oar4"), "revoked_tokens": knownvalue.ListSizeExact(4),
				"revoked_count": count(4), "active_token_ids": listOf(), "reason": exact("INC-2"),
			}.record(),
		},
		again(second),
	)
	wantRevoked(t, org, "oar1", "oar2", "oar3", "oar4")
}

// An update that failed half-way and is then taken back is at its end: what it left
// is no longer selected.
func TestUpdateThatFailedAndIsTakenBack(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	add(org, held, "oar1", "oar2", "oar3")
	c := newCore(t, org, attributes{"max_retries": 0})
	matching := func(ids ...string) attributes {
		return ofClient.With(attributes{"filter": attributes{"token_ids": list(ids...)}})
	}
	state := c.create(matching("oar1"))
	org.Intercept = oktafake.FailToRevoke("oar3")
	state, diags := c.apply(c.plan(state, matching("oar1", "oar2", "oar3")))
	diff(t, "errors", summaries(errorsOf(diags)), []string{"Revocation Incomplete"})
	c.wantState(state, attributes{"revoked_token_ids": list("oar1", "oar2"), "active_token_ids": list("oar3")})

	org.Intercept = nil
	org.ResetRequests()
	state = c.update(state, matching("oar1"))
	c.wantState(state, attributes{"revoked_token_ids": list("oar1", "oar2"), "active_token_ids": list()})
	wantReads(t, org)
}

// A create that did nothing leaves no trace, and the next plan is a create.
func TestCreateThatFailsBeforeItActs(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		config attributes
		hook   oktafake.Responder
		want   string
	}{
		{"the list fails", allOfClient, oktafake.When(oktafake.On("GET", ""), serverError), "Unable to List Refresh Tokens"},
		{"no permission to revoke", allOfClient, oktafake.When(oktafake.On("DELETE", ""), oktafake.InsufficientScope("okta.authorizationServers.manage")), "Revocation Incomplete"},
		{"no permission to revoke one", ofClient.With(attributes{"token_id": "oar1"}), oktafake.When(oktafake.On("DELETE", ""), oktafake.Fail(403, "E0000006", "You do not have permission")), "Revocation Incomplete"},
		{"each is refused", ofClient.With(attributes{"token_ids": list("oar1", "oar2")}), oktafake.When(oktafake.On("DELETE", ""), serverError), "Revocation Incomplete"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			add(org, held, "oar1", "oar2")
			c := newCore(t, org, attributes{"max_retries": 0})
			p := c.plan(c.noState(), tc.config)
			org.Intercept = tc.hook
			state, diags := c.applyWith(c.configured(), p)
			diff(t, "errors", summaries(errorsOf(diags)), []string{tc.want})
			if !state.IsNull() {
				t.Errorf("got the state %s, want none", state)
			}
			wantRevoked(t, org)
		})
	}
}

const usualClient = "client 0oa1 of authorization server aus1"

// Errors of a revocation under way, whole.
func TestIncompleteRevocations(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		config attributes
		hook   func(org *oktafake.Server) oktafake.Responder
		state  attributes
	}{
		{
			"one of three", ofClient.With(attributes{"token_ids": list("oar1", "oar2", "oar3")}),
			func(*oktafake.Server) oktafake.Responder { return oktafake.FailToRevoke("oar3") },
			attributes{"revoked_token_ids": list("oar1", "oar2"), "revoked_count": 2, "active_token_ids": list("oar3")},
		},
		{
			"none is left, as far as is known", allOfClient,
			failOnceRevoked,
			attributes{"revoked_token_ids": list("oar1", "oar2", "oar3"), "revoked_count": 3, "active_token_ids": nil},
		},
		{
			"not counted", allOfClient.With(attributes{"evidence": "none"}),
			failOnceRevoked,
			attributes{"revoked_token_ids": nil, "revoked_count": nil, "active_token_ids": nil},
		},
		{
			"the sessions",
			attributes{"user_id": "00u1", "client_id": "0oa1", "all": true, "end_sessions": true},
			func(*oktafake.Server) oktafake.Responder {
				return oktafake.When(oktafake.On("DELETE", "/api/v1/users/00u1/sessions"), oktafake.Fail(403, "E0000006", "You do not have permission to perform the requested action"))
			},
			attributes{"revoked_token_ids": list("oar1", "oar2", "oar3"), "revoked_count": 3, "active_token_ids": nil},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			add(org, held, "oar1", "oar2", "oar3")
			c := newCore(t, org, attributes{"max_retries": 0})
			p := c.plan(c.noState(), tc.config)
			org.Intercept = tc.hook(org)
			state, diags := c.applyWith(c.configured(), p)
			if len(diags) != 1 {
				t.Fatalf("got %+v, want one error", diags)
			}
			golden(t, "apply/"+strings.NewReplacer(" ", "_", ",", "").Replace(tc.name), shown(diags))
			c.wantState(state, tc.state)
		})
	}
}

// What an error says when nobody listed the tokens, or ended sessions went with them.
func TestIncompleteRevocationsInWords(t *testing.T) {
	t.Parallel()
	allOfServer := attributes{"auth_server_id": "aus1", "all_clients": true, "all": true, "evidence": "none"}
	ofUser := attributes{"user_id": "00u1", "client_id": "0oa1", "all": true, "end_sessions": true}
	for _, tc := range []struct {
		name   string
		config attributes
		hook   func(*oktafake.Server) oktafake.Responder
		want   string
		kept   bool // whether there is anything to keep in the state
	}{
		{
			"no answer", allOfClient.With(attributes{"evidence": "none"}),
			func(*oktafake.Server) oktafake.Responder { return serverError },
			"It is not known whether any refresh token of " + usualClient + " was revoked: no answer says so.\nSent, not answered: the revocation of every refresh token of " + usualClient + ".", true,
		},
		{
			"the second of two clients", allOfServer,
			func(*oktafake.Server) oktafake.Responder {
				return oktafake.When(oktafake.On(http.MethodDelete, "/api/v1/authorizationServers/aus1/clients/0oa2/tokens"), oktafake.Fail(403, "E0000006", "Not allowed"))
			},
			"Revoked: refresh tokens of a part of all clients of authorization server aus1. They were not counted, because evidence is \"none\".\nNot revoked, as far as is known: every refresh token of client 0oa2 of authorization server aus1.", true,
		},
		{
			"sessions were ended", ofUser,
			func(org *oktafake.Server) oktafake.Responder {
				return func(w http.ResponseWriter, r *http.Request) bool {
					return r.Method == http.MethodGet && len(org.EndedSessions()) > 0 && serverError(w, r)
				}
			},
			"The sessions of user 00u1 were ended. Okta then revokes the user's tokens at every client; only the selected ones were looked at.", true,
		},
		{
			"sessions may have been ended", ofUser,
			func(*oktafake.Server) oktafake.Responder {
				return oktafake.When(oktafake.On(http.MethodDelete, "/api/v1/users/00u1/sessions"), serverError)
			},
			"It is not known whether the sessions of user 00u1 were ended, and the user's tokens at every client revoked.", true,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			add(org, held, "oar1")
			add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "0oa2", UserID: "00u2"}, "oar2")
			c := newCore(t, org, attributes{"max_retries": 0, "parallelism": 1})
			p := c.plan(c.noState(), tc.config)
			org.Intercept = tc.hook(org)
			state, diags := c.applyWith(c.configured(), p)
			diff(t, "errors", summaries(diags), []string{"Revocation Incomplete"})
			if !strings.Contains(diags[0].Detail, tc.want) {
				t.Errorf("got %q\nwant %q in it", diags[0].Detail, tc.want)
			}
			if kept := !state.IsNull(); kept != tc.kept {
				t.Errorf("got the state %s, want one: %t", state, tc.kept)
			}
		})
	}
}

// failOnceRevoked is a hook that fails every list that follows a revocation.
func failOnceRevoked(org *oktafake.Server) oktafake.Responder {
	return func(w http.ResponseWriter, r *http.Request) bool {
		return r.Method == http.MethodGet && len(org.Revoked()) > 0 && serverError(w, r)
	}
}

// The rights that end in the middle stop the run, and the state tells how far it
// got.
func TestRevocationThatLosesItsRights(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	ids := numbered(40)
	add(org, held, ids...)
	org.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
		return r.Method == http.MethodDelete && len(org.Revoked()) >= 5 && oktafake.Fail(401, "E0000011", "Invalid token provided")(w, r)
	}
	c := newCore(t, org, attributes{"parallelism": 1, "max_retries": 0})
	state, diags := c.apply(c.plan(c.noState(), ofClient.With(attributes{"token_ids": list(ids...), "evidence": "none"})))
	if got := errorsOf(diags); len(got) != 1 || !strings.HasPrefix(got[0].Detail, "Okta Rejected the Credentials. ") {
		t.Fatalf("got %+v, want one error about the credentials", got)
	}
	c.wantState(state, attributes{"revoked_count": 5, "active_token_ids": list(slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(org.RevokedIDs(), id) })...)})
	if got, want := len(org.RequestsOf(http.MethodDelete)), 6; got != want {
		t.Errorf("got %d DELETEs, want %d: no use in trying the other tokens", got, want)
	}
}

func TestRevocationTimeouts(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	add(org, held, "oar1")
	c := newCore(t, org, attributes{"max_retries": 0})
	hasty := func(operation string) attributes {
		return allOfClient.With(attributes{"timeouts": attributes{operation: "1ns"}, "on_reappear": "revoke"})
	}
	_, diags := c.apply(c.plan(c.noState(), hasty("create")))
	diff(t, "errors of a create", summaries(errorsOf(diags)), []string{"Out of Time"})
	wantRevoked(t, org)

	state := c.create(hasty("update"))
	add(org, held, "oar2")
	state, diags = c.refresh(state)
	diff(t, "errors of a refresh", summaries(diags), []string{})
	_, diags = c.apply(c.plan(state, hasty("update")))
	diff(t, "errors of an update", summaries(errorsOf(diags)), []string{"Out of Time"})

	state = c.update(c.noState(), hasty("read"))
	_, diags = c.refresh(state)
	diff(t, "errors of a refresh", summaries(diags), []string{"Out of Time"})
}

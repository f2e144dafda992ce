package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

const adoptedAddress = "oktatokens_refresh_token.test"

// Configurations of an adopted token, the first of the usual parent's.
var (
	adopted       = ofClient.With(attributes{"token_id": "oar1"})
	revokeAdopted = adopted.With(attributes{"revoke": true})
	adoptedForNow = adopted.With(attributes{"revoke_on_destroy": true})
)

// adopting is the configuration of an adopted token with these arguments.
func adopting(arguments attributes) string {
	return configuration.Block(`resource "oktatokens_refresh_token" "test"`, arguments)
}

// newAdoptionOrg is an org with two tokens of the usual parent.
func newAdoptionOrg(t *testing.T, seeds ...oktafake.Seed) *oktafake.Server {
	t.Helper()
	org := oktafake.New(t, seeds...)
	org.AddUser(oktafake.User{ID: "00u1", Name: "Amara Abara"})
	add(org, held, "oar1", "oar2")
	return org
}

// doesTo expects an action on the adopted token, and perhaps more of the plan.
func doesTo(action plancheck.ResourceActionType, more ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: append([]plancheck.PlanCheck{plancheck.ExpectResourceAction(adoptedAddress, action)}, more...)}
}

func TestAccRefreshTokenResource(t *testing.T) {
	org := newAdoptionOrg(t)
	reads := func() { wantReads(t, org) }
	accept(t, org,
		resource.TestStep{
			Config:            adopting(adopted),
			ConfigPlanChecks:  doesTo(plancheck.ResourceActionCreate, plancheck.ExpectUnknownValue(adoptedAddress, tfjsonpath.New("status"))),
			ConfigStateChecks: known{"status": exact("ACTIVE"), "revoke": null}.state(adoptedAddress),
			PostApplyFunc:     func() { reads(); org.UseToken("oar1") },
		},
		again(adopting(adopted)), // though its instants have moved
		resource.TestStep{
			Config:            adopting(adoptedForNow.With(attributes{"timeouts": attributes{"delete": "5m"}})),
			ConfigPlanChecks:  doesTo(plancheck.ResourceActionUpdate, plancheck.ExpectKnownValue(adoptedAddress, tfjsonpath.New("status"), exact("ACTIVE"))),
			ConfigStateChecks: known{"status": exact("ACTIVE")}.state(adoptedAddress),
		},
		resource.TestStep{Config: adopting(adopted), PostApplyFunc: reads},
		resource.TestStep{
			Config:            adopting(revokeAdopted),
			ConfigPlanChecks:  doesTo(plancheck.ResourceActionUpdate, plancheck.ExpectKnownValue(adoptedAddress, tfjsonpath.New("status"), exact("REVOKED"))),
			ConfigStateChecks: known{"status": exact("REVOKED")}.state(adoptedAddress),
			PostApplyFunc:     func() { wantRevoked(t, org, "oar1") },
		},
		again(adopting(revokeAdopted)),
		resource.TestStep{Config: adopting(adopted), ConfigStateChecks: known{"status": exact("REVOKED")}.state(adoptedAddress)},
	)
	wantDeletes(t, org, paths("oar1")...)
}

func TestDestroyLeavesAnAdoptedTokenAlive(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]attributes{
		"by default": adopted, "said": adopted.With(attributes{"revoke": false, "revoke_on_destroy": false}),
	} {
		org := newAdoptionOrg(t)
		c := newCore(t, org, nil).of("refresh_token")
		state := c.create(config)
		org.ResetRequests()
		if after := c.update(state, nil); !after.IsNull() {
			t.Errorf("%s: got the state %s, want none", name, after)
		}
		wantNoRequests(t, org)
		wantRevoked(t, org)
	}
}

func TestAccRefreshTokenResourceIsRevokedWhenDestroyed(t *testing.T) {
	org := newAdoptionOrg(t)
	accept(t, org,
		resource.TestStep{Config: adopting(adoptedForNow), PostApplyFunc: func() { wantReads(t, org) }},
		resource.TestStep{Config: "locals {}"},
	)
	wantDeletes(t, org, paths("oar1")...)
	wantRevoked(t, org, "oar1")
}

// A token that goes away by itself is no drift to be mended, and stands in nobody's
// way.
func TestAccRefreshTokenResourceThatIsGone(t *testing.T) {
	org := newAdoptionOrg(t)
	gone := known{"status": exact("REVOKED")}
	accept(t, org,
		resource.TestStep{Config: adopting(adoptedForNow), PostApplyFunc: func() { org.RemoveToken("oar1") }},
		resource.TestStep{Config: adopting(adoptedForNow), ConfigStateChecks: gone.state(adoptedAddress)},
		again(adopting(adoptedForNow)),
		resource.TestStep{Config: adopting(revokeAdopted), ConfigStateChecks: gone.state(adoptedAddress)},
		again(adopting(revokeAdopted)),
		resource.TestStep{Config: "locals {}"},
		// Once more, now that there is nothing to adopt.
		resource.TestStep{Config: adopting(adopted), ExpectError: wrapped("There is no refresh token oar1 of client 0oa1 of authorization server aus1.")},
		resource.TestStep{Config: adopting(revokeAdopted), ConfigStateChecks: known{"status": exact("REVOKED"), "token": null}.state(adoptedAddress)},
		again(adopting(revokeAdopted)),
	)
	wantReads(t, org)
}

func TestAccRefreshTokenResourceOfUnknownIDs(t *testing.T) {
	org := newAdoptionOrg(t)
	accept(t, org, resource.TestStep{
		Config:            later("oar1") + adopting(revokeAdopted.With(attributes{"token_id": laterRef})),
		ConfigStateChecks: known{"status": exact("REVOKED"), "token_id": exact("oar1")}.state(adoptedAddress),
	})
	wantRevoked(t, org, "oar1")
}

// adoptions are how the same token is reached through each of its parents.
var adoptions = []struct {
	name   string
	parent attributes
	path   string
	id     string // of an import
}{
	{"server", attributes{"auth_server_id": "aus1", "client_id": "till_1.v2"}, "/api/v1/authorizationServers/aus1/clients/till_1.v2/tokens/oar1", "auth_server_id/aus1/till_1.v2/oar1"},
	{"alias of a server", attributes{"auth_server_id": "default", "client_id": "till_1.v2"}, "/api/v1/authorizationServers/default/clients/till_1.v2/tokens/oar1", "auth_server_id/default/till_1.v2/oar1"},
	{"user", attributes{"user_id": "00u1", "client_id": "till_1.v2"}, "/api/v1/users/00u1/clients/till_1.v2/tokens/oar1", "user_id/00u1/till_1.v2/oar1"},
	{"login of a user", attributes{"user_id": "00u1@example.com", "client_id": "till_1.v2"}, "/api/v1/users/00u1@example.com/clients/till_1.v2/tokens/oar1", "user_id/00u1@example.com/till_1.v2/oar1"},
	{"app", attributes{"app_id": "0oa1"}, "/api/v1/apps/0oa1/tokens/oar1", "app_id/0oa1/oar1"},
}

func TestRefreshTokenResourceOfEachParent(t *testing.T) {
	t.Parallel()
	for _, tc := range adoptions {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newTokenOrg(t)
			c := newCore(t, org, nil).of("refresh_token")
			config := tc.parent.With(attributes{"token_id": "oar1"})
			state := c.create(config)
			diff(t, "requests", requests(org), []string{"GET " + tc.path})
			token := attributes{}
			for name := range tokenType.AttrTypes {
				token[name] = wholeToken[name]
			}
			token["issuer"] = org.URL + "/oauth2/default"
			if server, ok := tc.parent["auth_server_id"]; ok {
				token["auth_server_id"] = server // Okta's links repeat the alias
			}
			// What is configured stays as it is, whatever Okta's IDs are.
			diff(t, "state", object(t, state), attributes{
				"auth_server_id": nil, "user_id": nil, "app_id": nil, "client_id": nil, "token_id": "oar1",
				"revoke": nil, "revoke_on_destroy": nil, "timeouts": nil, "status": "ACTIVE", "token": token,
			}.With(tc.parent))

			org.ResetRequests()
			state = c.update(state, config.With(attributes{"revoke": true}))
			diff(t, "requests", requests(org), []string{"DELETE " + tc.path, "GET " + tc.path})
			c.wantState(state, attributes{"status": "REVOKED", "token": token.With(attributes{"status": "REVOKED"})})

			org.ResetRequests()
			state, diags := c.refresh(state)
			diff(t, "diagnostics", diags, []diagnostic{})
			c.wantState(state, attributes{"status": "REVOKED", "token": token.With(attributes{"status": "REVOKED"})})
			diff(t, "requests", requests(org), []string{"GET " + tc.path})
			c.none(c.plan(state, nil).Diags)
		})
	}
}

// Two resources for one token do not harm each other.
func TestRefreshTokenAdoptedTwice(t *testing.T) {
	t.Parallel()
	org := newAdoptionOrg(t)
	c := newCore(t, org, nil).of("refresh_token")
	ofUser := attributes{"user_id": "00u1", "client_id": "0oa1", "token_id": "oar1"}
	one, other := c.create(adopted), c.create(ofUser.With(attributes{"revoke_on_destroy": true}))
	one = c.update(one, revokeAdopted)
	c.update(other, nil) // it does not know yet that the token is gone
	wantRevoked(t, org, "oar1")
	c.update(one, nil)
}

// A revocation that turns out not to have happened is done again.
func TestRefreshTokenFoundAliveIsRevokedAgain(t *testing.T) {
	t.Parallel()
	org := newAdoptionOrg(t)
	c := newCore(t, org, nil).of("refresh_token")
	state := c.create(revokeAdopted)
	wantRevoked(t, org, "oar1")
	// Whose it was is read before it is gone.
	token := asObject(t, object(t, state)["token"])
	diff(t, "token", []any{token["id"], token["status"], token["user_name"], token["created"]}, list("oar1", "REVOKED", "Amara Abara", "2026-03-01T08:00:00.000Z"))
	add(org, held, "oar1")
	state, diags := c.refresh(state)
	diff(t, "diagnostics", diags, []diagnostic{})
	c.wantState(state, attributes{"status": "ACTIVE"})
	c.wantState(c.update(state, revokeAdopted), attributes{"status": "REVOKED"})
	wantRevoked(t, org, "oar1", "oar1")
}

// Okta's lists have only been seen to hold active tokens, and its documentation
// has another status.
func TestRefreshTokenThatOktaShowsAsRevoked(t *testing.T) {
	t.Parallel()
	for _, config := range []attributes{adopted, revokeAdopted, adoptedForNow} {
		org := oktafake.New(t)
		like := held
		like.Status = "REVOKED"
		add(org, like, "oar1")
		c := newCore(t, org, nil).of("refresh_token")
		state := c.create(config)
		c.wantState(state, attributes{"status": "REVOKED"})
		state, _ = c.refresh(state)
		c.wantState(state, attributes{"status": "REVOKED"})
		c.update(state, nil)
		wantReads(t, org)
	}
}

// What Okta leaves out of a token is null, but it has a status.
func TestRefreshTokenResourceNulls(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.Intercept = answering(`{"id":"oar1"}`)
	c := newCore(t, org, nil).of("refresh_token")
	state := c.create(adopted)
	c.wantState(state, attributes{"status": "ACTIVE"})
	for name, v := range asObject(t, object(t, state)["token"]) {
		if want := (map[string]any{"id": "oar1", "status": "ACTIVE"})[name]; v != want {
			t.Errorf("%s: got %v, want %v", name, v, want)
		}
	}
	p := c.plan(state, revokeAdopted)
	diff(t, "warnings", summaries(p.Diags), []string{"Will revoke refresh token oar1 of client 0oa1 of authorization server aus1"})
}

// A parent that is gone takes its tokens along. A refresh says so; a revocation
// that was asked for is not claimed on the strength of it.
func TestRefreshTokenOfAParentThatIsGone(t *testing.T) {
	t.Parallel()
	forgotten := oktafake.Fail(http.StatusNotFound, "E0000007", "Not found: Resource not found: 0oa1 (PublicClientApp)")
	for _, tc := range []struct {
		name   string
		config attributes
		to     attributes
	}{
		{"revoke", adopted, revokeAdopted},
		{"destroy", adoptedForNow, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newAdoptionOrg(t)
			org.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
				return len(org.Requests()) > 1 && forgotten(w, r)
			}
			c := newCore(t, org, nil).of("refresh_token")
			state := c.create(tc.config)
			after, diags := c.applyWith(c.configured(), c.planned(state, tc.to))
			diff(t, "errors", summaries(diags), []string{"client_id: Parent Not Found"})
			if !after.Equal(state) {
				t.Errorf("got the state %s after the error, want %s", after, state)
			}

			state, diags = c.refresh(state)
			diff(t, "warnings of the refresh", summaries(diags), []string{"Parent Not Found"})
			diff(t, "the warning is one", errorsOf(diags), []diagnostic{})
			c.wantState(state, attributes{"status": "ACTIVE"})
			// Nothing was revoked, so a destroy does not say so.
			after, diags = c.applyWith(c.configured(), c.planned(state, tc.to))
			diff(t, "errors after the refresh", summaries(diags), []string{"client_id: Parent Not Found"})
			if !after.Equal(state) {
				t.Errorf("got the state %s after the error, want %s", after, state)
			}
		})
	}
}

// A client that its server does not list any more was deleted, and its tokens with it.
func TestRefreshTokenOfAClientThatWasDeleted(t *testing.T) {
	t.Parallel()
	org := newAdoptionOrg(t)
	c := newCore(t, org, nil).of("refresh_token")
	state := c.create(adoptedForNow)
	forgotten := oktafake.Fail(http.StatusNotFound, "E0000007", "Not found: Resource not found: 0oa1 (PublicClientApp)")
	org.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
		return strings.HasPrefix(r.URL.Path, allTokens) && forgotten(w, r)
	}
	org.RemoveToken("oar1")
	org.RemoveToken("oar2") // the server lists clients that hold tokens
	state, diags := c.refresh(state)
	diff(t, "diagnostics", diags, []diagnostic{})
	c.wantState(state, attributes{"status": "REVOKED"})
}

// Okta says that a token is not there, and lists it: a state that called it revoked would
// let it live on for good.
func TestRefreshTokenThatIsListedAfterAll(t *testing.T) {
	t.Parallel()
	for _, pageSize := range []int{1, 200} {
		t.Run(fmt.Sprint(pageSize), func(t *testing.T) {
			t.Parallel()
			org := newAdoptionOrg(t, func(org *oktafake.Org) { org.PageSize = pageSize })
			c := newCore(t, org, nil).of("refresh_token")
			soon := attributes{"create": "200ms", "delete": "200ms"} // after which it says what it could not settle
			config := adoptedForNow.With(attributes{"token_id": "oar2", "timeouts": soon})
			state := c.create(config)
			missing := oktafake.Fail(http.StatusNotFound, "E0000007", "Not found: Resource not found: oar2 (OAuth2RefreshTokenTx)")
			org.Intercept = oktafake.When(oktafake.On("", allTokens+"/oar2"), missing)
			after, diags := c.refresh(state)
			diff(t, "diagnostics", summaries(diags), []string{"Okta Contradicts Itself"})
			diff(t, "errors", errorsOf(diags), []diagnostic{})
			c.wantState(after, attributes{"status": "ACTIVE"})

			_, diags = c.applyWith(c.configured(), c.planned(after, nil))
			if len(errorsOf(diags)) == 0 {
				t.Error("a destroy that revokes succeeded, and the token is listed as alive")
			}
			_, diags = c.applyWith(c.configured(), c.planned(c.noState(), revokeAdopted.With(attributes{"token_id": "oar2", "timeouts": soon})))
			if len(errorsOf(diags)) == 0 {
				t.Error("an adoption that revokes succeeded, and the token is listed as alive")
			}
		})
	}
}

// A token that was never seen is not taken for gone with its parent.
func TestRefreshTokenOfAParentThatNeverWas(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.AddAuthorizationServer(oktafake.AuthorizationServer{ID: "aus1"})
	c := newCore(t, org, nil).of("refresh_token")
	diff(t, "errors of the plan", summaries(c.plan(c.noState(), revokeAdopted).Diags), []string{"client_id: Parent Not Found"})
	plannedElsewhere := newCore(t, newAdoptionOrg(t), nil).of("refresh_token").planned(c.noState(), revokeAdopted)
	state, diags := c.applyWith(c.configured(), plannedElsewhere)
	diff(t, "errors of the apply", summaries(diags), []string{"client_id: Parent Not Found"})
	if !state.IsNull() {
		t.Errorf("got the state %s, want none", state)
	}
	_, diags = c.apply(c.planned(c.noState(), adopted))
	diff(t, "errors of an adoption", summaries(diags), []string{"client_id: Parent Not Found"})
}

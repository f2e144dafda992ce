package provider

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const ofAdopted = "refresh token oar1 of client 0oa1 of authorization server aus1"

// adoptedLine is the token in the detail of a warning.
const adoptedLine = "  oar1, client 0oa1 (0oa1), user 00u1 (Amara Abara), created 2026-03-01T08:00:00.000Z, last updated 2026-03-01T08:00:00.000Z"

func willRevoke(summary string) diagnostic {
	return diagnostic{
		Warning: true, Summary: summary,
		Detail: "Applying this plan revokes the token, and the access tokens issued with it. This cannot be undone.\n\n" + adoptedLine,
	}
}

var staysAlive = diagnostic{
	Warning: true, Summary: "Refresh Token Stays Alive",
	Detail: "Terraform forgets " + ofAdopted + " without a request to Okta, and the token can still be used. " +
		"To revoke it, apply revoke = true first, or apply revoke_on_destroy = true and then destroy.",
}

// A plan says what it does to the token, spends as few requests on that as can be,
// and never revokes.
func TestRefreshTokenPlanTellsWhatItDoes(t *testing.T) {
	t.Parallel()
	get := "GET " + paths("oar1")[0]
	stays := diagnostic{
		Warning: true, Summary: "Revoked Tokens Stay Revoked",
		Detail: "Without revoke = true, nothing changes for " + ofAdopted + ": there is no request that brings a token back.",
	}
	for _, tc := range []struct {
		name     string
		from, to attributes
		want     []diagnostic
		requests []string
	}{
		{"adopt", nil, adopted, nil, nil},
		{"adopt and revoke", nil, revokeAdopted, []diagnostic{willRevoke("Will revoke " + ofAdopted + ", held by user 00u1 (Amara Abara)")}, []string{get}},
		{"adopt, with an unknown parent", nil, revokeAdopted.With(attributes{"client_id": unknown{}}), nil, nil},
		{"nothing", adopted, adopted, nil, nil},
		{"timeouts", adopted, adopted.With(attributes{"timeouts": attributes{"read": "1m"}}), nil, nil},
		{"revoke", adopted, revokeAdopted, []diagnostic{willRevoke("Will revoke " + ofAdopted + ", held by user 00u1 (Amara Abara)")}, nil},
		{"revoke, not known yet", adopted, adopted.With(attributes{"revoke": unknown{}}), nil, nil},
		{"revoke no more", revokeAdopted, adopted.With(attributes{"revoke": false}), []diagnostic{stays}, nil},
		{"revoke no more, in other words", revokeAdopted, adopted, []diagnostic{stays}, nil},
		{"revoke_on_destroy", adopted, adoptedForNow, nil, nil},
		{"destroy", adopted, nil, []diagnostic{staysAlive}, nil},
		{"destroy and revoke", adoptedForNow, nil, []diagnostic{willRevoke("Destroying revokes " + ofAdopted + ", held by user 00u1 (Amara Abara)")}, nil},
		{"destroy what is revoked", revokeAdopted.With(attributes{"revoke_on_destroy": true}), nil, nil, nil},
		{"another token", adopted, adopted.With(attributes{"token_id": "oar2"}), []diagnostic{staysAlive}, nil},
		{"another token, and revoke this one", adoptedForNow, adopted.With(attributes{"token_id": "oar2"}), []diagnostic{willRevoke("Destroying revokes " + ofAdopted + ", held by user 00u1 (Amara Abara)")}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newAdoptionOrg(t)
			c := newCore(t, org, nil).of("refresh_token")
			state := c.noState()
			if tc.from != nil {
				state = c.create(tc.from)
			}
			deletes := len(org.RequestsOf(http.MethodDelete))
			org.ResetRequests()
			diff(t, "warnings", c.plan(state, tc.to).Diags, tc.want)
			diff(t, "requests", requests(org), tc.requests)
			if got := len(org.RevokedIDs()); got != deletes {
				t.Errorf("got %d revoked tokens, want the %d of before", got, deletes)
			}
		})
	}
}

// The user is in the summary but where it is in the parent already.
func TestRefreshTokenPlanOfAUser(t *testing.T) {
	t.Parallel()
	c := newCore(t, newAdoptionOrg(t), nil).of("refresh_token")
	p := c.plan(c.noState(), attributes{"user_id": "00u1", "client_id": "0oa1", "token_id": "oar1", "revoke": true})
	diff(t, "warnings", p.Diags, []diagnostic{willRevoke("Will revoke refresh token oar1 of client 0oa1 of user 00u1")})
}

func TestRefreshTokenChanges(t *testing.T) {
	t.Parallel()
	app, user := attributes{"app_id": "0oa1", "token_id": "oar1"}, attributes{"user_id": "00u1", "client_id": "0oa1", "token_id": "oar1"}
	for _, tc := range []struct {
		name     string
		from, to attributes
		replaced []string
		status   any // as planned
	}{
		{"nothing", adopted, adopted, nil, "ACTIVE"},
		{"token_id", adopted, adopted.With(attributes{"token_id": "oar2"}), []string{"token_id"}, unknown{}},
		{"unknown token_id", adopted, adopted.With(attributes{"token_id": unknown{}}), []string{"token_id"}, unknown{}},
		{"client_id", adopted, adopted.With(attributes{"client_id": "0oa2"}), []string{"client_id"}, unknown{}},
		{"auth_server_id", adopted, adopted.With(attributes{"auth_server_id": "aus2"}), []string{"auth_server_id"}, unknown{}},
		{"user_id", user, user.With(attributes{"user_id": "00u2"}), []string{"user_id"}, unknown{}},
		{"kind of parent", adopted, app, []string{"app_id", "auth_server_id", "client_id"}, unknown{}},
		{"kind of parent, revoked", revokeAdopted, app, []string{"app_id", "auth_server_id", "client_id"}, unknown{}},
		{"another token to revoke", adopted, revokeAdopted.With(attributes{"token_id": "oar2"}), []string{"token_id"}, "REVOKED"},
		{"revoke", adopted, revokeAdopted, nil, "REVOKED"},
		{"unknown revoke", adopted, adopted.With(attributes{"revoke": unknown{}}), nil, unknown{}},
		{"unknown revoke of a revoked token", revokeAdopted, adopted.With(attributes{"revoke": unknown{}}), nil, "REVOKED"},
		{"revoke spelt out", adopted, adopted.With(attributes{"revoke": false}), nil, "ACTIVE"},
		{"revoke no more", revokeAdopted, adopted, nil, "REVOKED"},
		{"revoke_on_destroy", adopted, adoptedForNow, nil, "ACTIVE"},
		{"timeouts", adopted, adopted.With(attributes{"timeouts": attributes{"create": "1m"}}), nil, "ACTIVE"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newCore(t, newAdoptionOrg(t), nil).of("refresh_token")
			state := c.create(tc.from)
			p := c.planned(state, tc.to)
			diff(t, "attributes that replace", p.Replace, tc.replaced)
			diff(t, "planned status", object(t, p.Planned)["status"], tc.status)
			if unplanned := (unknown{}); len(tc.replaced) == 0 && tc.status != unplanned {
				token := asObject(t, object(t, state)["token"])
				diff(t, "planned token", object(t, p.Planned)["token"], token.With(attributes{"status": tc.status}))
			}
		})
	}
}

// To reach a token through another parent is no reason to revoke it, which the
// replacement would, and then find nothing to adopt.
func TestRefreshTokenIsNotRevokedByItsOwnReplacement(t *testing.T) {
	t.Parallel()
	org := newAdoptionOrg(t)
	c := newCore(t, org, nil).of("refresh_token")
	state := c.create(adoptedForNow)
	app := attributes{"app_id": "0oa1", "token_id": "oar1"}
	diff(t, "errors", c.plan(state, app).Diags, []diagnostic{{
		Summary: "Replacement Would Revoke the Token", Attribute: "revoke_on_destroy",
		Detail: "Another parent means another resource, and destroying this one revokes " + ofAdopted + ", which is then gone. " +
			"Apply revoke_on_destroy = false first, or set revoke = true if that is what is wanted.",
	}})
	c.planned(c.update(state, adopted), app)
	c.planned(state, app.With(attributes{"revoke": true}))
	wantReads(t, org)
}

func TestRefreshTokenAlreadyGone(t *testing.T) {
	t.Parallel()
	want := []diagnostic{{
		Warning: true, Summary: "Refresh Token Already Gone", Attribute: "token_id",
		Detail: "There is no refresh token oar9 of client 0oa1 of authorization server aus1: it was already revoked, has expired, or the ID is wrong. Nothing is left to revoke, and its status is REVOKED.",
	}}
	org := newAdoptionOrg(t)
	c := newCore(t, org, nil).of("refresh_token")
	missing := adopted.With(attributes{"token_id": "oar9"})
	p := c.plan(c.noState(), missing.With(attributes{"revoke": true}))
	diff(t, "warnings of the plan", p.Diags, want)
	state, diags := c.apply(p)
	diff(t, "warnings of the apply", diags, want)
	c.wantState(state, attributes{"status": "REVOKED", "token": nil})

	state, diags = c.refresh(state)
	diff(t, "warnings of the refresh", diags, []diagnostic{})
	diff(t, "warnings of an update", c.planned(state, missing.With(attributes{"revoke": true, "timeouts": attributes{"read": "1m"}})).Diags, []diagnostic{})
	c.wantState(c.update(state, missing.With(attributes{"revoke": true, "revoke_on_destroy": true})), attributes{"status": "REVOKED", "token": nil})
	c.update(state, nil)
	wantReads(t, org)
}

func TestRefreshTokenGuards(t *testing.T) {
	t.Parallel()
	const readOnly = "The provider is configured with read_only, and this would revoke " + ofAdopted + ". Set revoke and revoke_on_destroy to false to follow its status only, or remove read_only."
	for _, tc := range []struct {
		name   string
		config attributes
		want   diagnostic
	}{
		{"client", attributes{"protected_client_ids": list("0oa1")}, diagnostic{Summary: "Protected Tokens", Attribute: "client_id", Detail: "Nothing was revoked: client 0oa1 is protected" + protectedAdvice("client_id", "client 0oa1")}},
		{"user", attributes{"protected_user_ids": list("00u1")}, diagnostic{Summary: "Protected Tokens", Attribute: "token_id", Detail: "Nothing was revoked: refresh token oar1 belongs to user \"Amara Abara\" (00u1), who is in protected_user_ids" + protectedAdvice("token_id", "refresh token")}},
		{"read-only", attributes{"read_only": true}, diagnostic{Summary: "Provider Is Read-Only", Detail: readOnly}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newAdoptionOrg(t)
			free, c := newCore(t, org, nil).of("refresh_token"), newCore(t, org, tc.config).of("refresh_token")
			state, expendable := free.create(adopted), free.create(adoptedForNow)
			for what, change := range map[string]struct {
				prior tftypes.Value
				to    attributes
			}{
				"create":  {free.noState(), revokeAdopted},
				"update":  {state, revokeAdopted},
				"destroy": {expendable, nil},
			} {
				diff(t, "errors of the plan to "+what, c.plan(change.prior, change.to).Diags, []diagnostic{tc.want})
				// A plan that was made before the guard was set.
				after, diags := c.applyWith(c.configured(), free.planned(change.prior, change.to))
				diff(t, "errors of the apply to "+what, diags, []diagnostic{tc.want})
				if !after.Equal(change.prior) {
					t.Errorf("the failed %s left the state %s, want %s", what, after, change.prior)
				}
			}
			another := adopted.With(attributes{"token_id": "oar2"})
			diff(t, "errors of the plan to replace", c.plan(expendable, another).Diags, []diagnostic{tc.want})
			// To look at it is allowed.
			kept, diags := c.refresh(c.create(adopted))
			c.none(diags)
			c.update(kept, nil)
			wantReads(t, org)
		})
	}
}

// A name that is protected is refused even while the rest is not known.
func TestRefreshTokenProtectedWhileMuchIsUnknown(t *testing.T) {
	t.Parallel()
	org := newAdoptionOrg(t)
	c := newCore(t, org, attributes{"protected_client_ids": list("0oa1")}).of("refresh_token")
	diff(t, "errors", summaries(c.plan(c.noState(), revokeAdopted.With(attributes{"token_id": unknown{}})).Diags), []string{"client_id: Protected Tokens"})
	c.planned(c.noState(), revokeAdopted.With(attributes{"client_id": unknown{}}))
	c.planned(c.noState(), adopted.With(attributes{"token_id": unknown{}, "revoke": unknown{}}))
	wantNoRequests(t, org)
}

// What the plan has shown is not looked up once more before the revocation.
func TestRefreshTokenApplyIsNotPreviewedAgain(t *testing.T) {
	t.Parallel()
	org := newAdoptionOrg(t)
	c := newCore(t, org, nil).of("refresh_token")
	p := c.planned(c.noState(), revokeAdopted)
	org.ResetRequests()
	_, diags := c.apply(p)
	c.none(diags)
	at := paths("oar1")[0]
	diff(t, "requests", requests(org), []string{"GET " + at, "DELETE " + at, "GET " + at})
}

func TestRefreshTokenRefusesConfigurations(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		config attributes
		want   []string
	}{
		{"no parent", attributes{"token_id": "oar1"}, []string{"auth_server_id: Missing Parent"}},
		{"two parents", adopted.With(attributes{"user_id": "00u1"}), []string{"user_id: Invalid Attribute Combination"}},
		{"no client", attributes{"user_id": "00u1", "token_id": "oar1"}, []string{"client_id: Missing Client ID"}},
		{"a client of an app", attributes{"app_id": "0oa1", "client_id": "0oa1", "token_id": "oar1"}, []string{"client_id: Invalid Attribute Combination"}},
		{"an empty token_id", adopted.With(attributes{"token_id": ""}), []string{"token_id: Invalid ID"}},
		{"a token_id that leads elsewhere", adopted.With(attributes{"token_id": "../tokens"}), []string{"token_id: Invalid ID"}},
		{"a client_id that leads elsewhere", adopted.With(attributes{"client_id": ".."}), []string{"client_id: Invalid ID"}},
		{"not known yet", attributes{"user_id": unknown{}, "client_id": unknown{}, "token_id": unknown{}, "revoke": unknown{}}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newAdoptionOrg(t)
			diff(t, "errors", summaries(newCore(t, org, nil).of("refresh_token").validate(tc.config)), tc.want)
			wantNoRequests(t, org)
		})
	}
}

// What turns out null only at apply is an error before the first request.
func TestRefreshTokenParentThatTurnsOutNull(t *testing.T) {
	t.Parallel()
	org := newAdoptionOrg(t)
	c := newCore(t, org, nil).of("refresh_token")
	p := c.planned(c.noState(), revokeAdopted.With(attributes{"client_id": unknown{}}))
	p.Planned = value(t, p.Planned.Type(), object(t, p.Planned).With(attributes{"client_id": nil}))
	_, diags := c.applyWith(c.configured(), p)
	got := summaries(diags)
	if !slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, "Missing Client ID") }) {
		t.Errorf("got the errors %q, want Missing Client ID", got)
	}
	wantNoRequests(t, org)
}

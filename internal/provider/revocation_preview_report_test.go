package provider

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// atOrg is a text with the org's URL for ORG, and the day for TODAY.
func atOrg(org *oktafake.Server, text string) string {
	return strings.NewReplacer("OKTA_ORG_URL", "OKTA_ORG_URL", "ORG", org.URL, "TODAY", org.Now().UTC().Format(dayFormat)).Replace(text)
}

func eachAtOrg(org *oktafake.Server, texts []string) []string {
	var filled []string
	for _, text := range texts {
		filled = append(filled, atOrg(org, text))
	}
	return filled
}

// Terraform folds warnings with one summary into one, so that what matters is in
// the summary.
func TestPreviews(t *testing.T) {
	t.Parallel()
	payroll := attributes{"filter": attributes{"any_scopes": list("payroll")}}
	for _, tc := range []struct {
		name   string
		config attributes
		want   string
	}{
		{"token_id", ofClient.With(attributes{"token_id": "oar3"}), "Will revoke refresh token oar3 of client 0oa1 of authorization server aus1 at ORG: user 00u2, issued 2026-03-01"},
		{"token_ids", ofClient.With(attributes{"token_ids": list("oar1", "oar3")}), "Will revoke at most 2 refresh tokens of client 0oa1 of authorization server aus1 at ORG: 2 users, issued 2026-03-01"},
		{"no tokens", ofClient.With(attributes{"token_ids": list()}), "Nothing to revoke: token_ids is empty for client 0oa1 of authorization server aus1 at ORG"},
		{"some are gone", ofClient.With(attributes{"token_ids": list("oar1", "oar9")}), "Will revoke at most 2 refresh tokens of client 0oa1 of authorization server aus1 at ORG: 1 found, user 00u1, issued 2026-03-01"},
		{"all are gone", ofClient.With(attributes{"token_id": "oar9"}), "Nothing to revoke: refresh token oar9 was not found at client 0oa1 of authorization server aus1 at ORG"},
		{"filter", ofClient.With(payroll), "Will revoke 2 refresh tokens of client 0oa1 of authorization server aus1 at ORG: 2 users, issued 2026-03-01"},
		{"all", allOfClient, "Will revoke 3 refresh tokens of client 0oa1 of authorization server aus1 at ORG: 2 users, issued 2026-03-01"},
		{"of a user", allOfUserClient, "Will revoke 3 refresh tokens of client 0oa1 of user 00u1 at ORG: issued 2026-03-01"},
		{"of an app", allOfApp, "Will revoke 4 refresh tokens of app 0oa1 at ORG: 2 users, issued 2026-03-01"},
		{"every client of a server", attributes{"auth_server_id": "aus1", "all_clients": true}.With(payroll), "Will revoke 3 refresh tokens of all clients of authorization server aus1 at ORG: 2 clients, 2 users, issued 2026-03-01"},
		{"every client of a user", attributes{"user_id": "00u1", "all_clients": true, "all": true}, "Will revoke 4 refresh tokens of all clients of user 00u1 at ORG: 2 clients, issued 2026-03-01"},
		{"sessions", allOfUserClient.With(attributes{"end_sessions": true}), "Will revoke 3 refresh tokens of client 0oa1 of user 00u1 at ORG: issued 2026-03-01; it also ends the user's sessions, and Okta then revokes the user's other tokens too, at every client"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newSelectionOrg(t)
			c := newCore(t, org, nil)
			p := c.plan(c.noState(), tc.config)
			diff(t, "warnings", summaries(p.Diags), []string{atOrg(org, tc.want)})
			diff(t, "diagnostics of the action", c.planAction(tc.config), p.Diags)
		})
	}
}

// What hits nothing gets no preview.
func TestNoPreviews(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]attributes{
		"dry run of no tokens":         ofClient.With(attributes{"token_ids": list(), "dry_run": true}),
		"dry run":                      allOfClient.With(attributes{"dry_run": true}),
		"dry run of an unknown client": {"auth_server_id": "aus1", "client_id": unknown{}, "all": true, "dry_run": true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := newSelectionOrg(t)
			c := newCore(t, org, nil)
			diff(t, "diagnostics", c.plan(c.noState(), config).Diags, []diagnostic{})
			wantNoRequests(t, org)
		})
	}
}

// What is not known cannot be looked for. A plan without a word would look like one
// that hits nothing.
func TestPreviewsThatAreUnavailable(t *testing.T) {
	t.Parallel()
	for parts, config := range map[string]attributes{
		"client_id":                              {"auth_server_id": "aus1", "client_id": unknown{}, "all": true},
		"token_id":                               ofClient.With(attributes{"token_id": unknown{}}),
		"token_ids":                              ofClient.With(attributes{"token_ids": []any{"oar1", unknown{}}}),
		"filter.user_ids":                        ofClient.With(attributes{"filter": attributes{"user_ids": []any{unknown{}}}}),
		"filter.created_before, filter.user_ids": ofClient.With(attributes{"filter": attributes{"user_ids": unknown{}, "created_before": unknown{}, "never_expires": true}}),
		"dry_run":                                allOfClient.With(attributes{"dry_run": unknown{}}),
		"evidence":                               allOfClient.With(attributes{"evidence": unknown{}, "max_tokens": 1500}),
	} {
		t.Run(parts, func(t *testing.T) {
			t.Parallel()
			org := newSelectionOrg(t)
			c := newCore(t, org, nil)
			client := "client 0oa1"
			if parts == "client_id" {
				client = "an unknown client"
			}
			summary := atOrg(org, "Preview Unavailable: refresh tokens of "+client+" of authorization server aus1 at ORG")
			lines := []string{"This plan revokes refresh tokens, and cannot tell which.", "Not known before the apply: " + parts + "."}
			if strings.HasPrefix(parts, "filter") {
				lines = append(lines, "A part of filter that turns out null is no limit: the apply then revokes more, not less.")
			}
			lines = append(lines, "The guards are checked at the apply, before anything is revoked.")
			if parts == "evidence" {
				lines = append(lines, "max_tokens = 1,500 is the bound.")
			} else {
				lines = append(lines, "Nothing bounds how many: set max_tokens before you approve this.")
			}
			want := []diagnostic{{Warning: true, Summary: summary, Detail: strings.Join(lines, "\n")}}
			diff(t, "diagnostics", c.plan(c.noState(), config).Diags, want)
			if c.fitsAction(config) {
				diff(t, "diagnostics of the action", c.planAction(config), want)
			}
			wantNoRequests(t, org)
		})
	}
}

// A bound that turned out null would be none.
func TestUnknownBoundIsRefused(t *testing.T) {
	t.Parallel()
	org := newSelectionOrg(t)
	c := newCore(t, org, nil)
	config := allOfClient.With(attributes{"max_tokens": unknown{}})
	diff(t, "diagnostics", summaries(c.plan(c.noState(), config).Diags), []string{"max_tokens: Bound Not Known"})
	diff(t, "diagnostics of the action", summaries(c.planAction(config)), []string{"max_tokens: Bound Not Known"})
	diff(t, "diagnostics of a dry run", c.plan(c.noState(), config.With(attributes{"dry_run": true})).Diags, []diagnostic{})
	wantNoRequests(t, org)
}

// A list that cannot be had blocks a plan only where the apply has to have it too. What
// Okta refuses, or does not know, is no such thing: the apply would be refused as well.
func TestPreviewsWithoutAList(t *testing.T) {
	t.Parallel()
	down := oktafake.Fail(http.StatusInternalServerError, "E0000009", "Internal Server Error")
	forbidden := oktafake.Fail(http.StatusForbidden, "E0000006", "You do not have permission to perform the requested action")
	blind := allOfClient.With(attributes{"evidence": "none"})
	for _, tc := range []struct {
		name     string
		provider attributes
		config   attributes
		answer   oktafake.Responder
		want     []string
	}{
		{"all", nil, blind, down, []string{"Preview Unavailable: Okta does not list the refresh tokens of client 0oa1 of authorization server aus1 at ORG"}},
		{"a page that nobody can read", nil, blind, answering("<html>"), []string{"Preview Unavailable: Okta does not list the refresh tokens of client 0oa1 of authorization server aus1 at ORG"}},
		{"tokens by ID", nil, ofClient.With(attributes{"token_ids": list("oar1", "oar2"), "evidence": "none"}), down, []string{"Preview Unavailable: Okta does not list the refresh tokens of client 0oa1 of authorization server aus1 at ORG"}},
		{"a token of another client", nil, blind, answering(`[{"id": "oar1", "status": "ACTIVE", "clientId": "0oa2", "userId": "00u1"}]`), []string{"Okta Contradicts Itself"}},
		{"evidence", nil, allOfClient, down, []string{"Unable to List Refresh Tokens"}},
		{"IDs as evidence", nil, allOfClient.With(attributes{"evidence": "ids"}), down, []string{"Unable to List Refresh Tokens"}},
		{"a bound", nil, blind.With(attributes{"max_tokens": 5}), down, []string{"Unable to List Refresh Tokens"}},
		{"protected users", attributes{"protected_user_ids": list("00u9")}, blind, down, []string{"Unable to List Refresh Tokens"}},
		{"a filter", nil, ofClient.With(attributes{"filter": attributes{"never_expires": true}, "evidence": "none"}), down, []string{"Unable to List Refresh Tokens"}},
		{"every client", nil, attributes{"auth_server_id": "aus1", "all_clients": true, "all": true, "evidence": "none"}, down, []string{"Unable to List Refresh Tokens"}},
		{"refused", nil, blind, forbidden, []string{"Missing Okta Permission"}},
		{"unknown to Okta", nil, blind.With(attributes{"client_id": "0oa9"}), nil, []string{"client_id: Parent Not Found"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newSelectionOrg(t)
			if tc.answer != nil {
				org.Intercept = oktafake.When(func(r *http.Request) bool {
					return strings.Contains(r.URL.Path, "/tokens") && r.Method == http.MethodGet
				}, tc.answer)
			}
			c := newCore(t, org, attributes{"max_retries": 0}.With(tc.provider))
			p := c.plan(c.noState(), tc.config)
			diff(t, "diagnostics", summaries(p.Diags), eachAtOrg(org, tc.want))
			wantReads(t, org)
			if len(warningsOf(p.Diags)) == 1 && !strings.Contains(p.Diags[0].Detail, "To GET /api/v1/authorizationServers/aus1") && !strings.Contains(p.Diags[0].Detail, "HTML page") {
				t.Errorf("got the detail %q, want Okta's words", p.Diags[0].Detail)
			}
		})
	}
}

// What a service app may not do is known before anything is sent, or once it has signed
// in; what the holder of another credential may do, only Okta knows.
func TestCredentialThatCannotRevokeIsRefusedAtPlan(t *testing.T) {
	t.Parallel()
	const read, manage = "okta.authorizationServers.read", "okta.authorizationServers.manage"
	for _, tc := range []struct {
		name           string
		asked, granted []string
		want           []diagnostic
		requests       bool
	}{
		{"not asked for", []string{read}, []string{read, manage}, []diagnostic{{
			Summary: "Missing Okta Permission",
			Detail: "This credential may not revoke refresh tokens of client 0oa1 of authorization server aus1. The scope okta.authorizationServers.manage was not asked for. " +
				"Add it to scopes or OKTA_API_SCOPES, and grant it to the service app, under Okta API Scopes on its page. Asked for: okta.authorizationServers.read.",
		}}, false},
		{"not granted", []string{read, manage}, []string{read}, []diagnostic{{
			Summary: "Missing Okta Permission",
			Detail: "This credential may not revoke refresh tokens of client 0oa1 of authorization server aus1. The scope okta.authorizationServers.manage was asked for and not granted. " +
				"Grant it to the service app, under Okta API Scopes on its page. Okta granted: okta.authorizationServers.read.",
		}}, true},
		{"granted", []string{manage}, []string{manage}, nil, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, key := serviceKey()
			org := newServiceOrg(t, tc.granted...)
			c := newCoreIn(t, map[string]string{"OKTA_ORG_URL": org.URL}, attributes{"client_id": serviceID, "private_key": key, "scopes": list(tc.asked...)})
			diff(t, "errors", errorsOf(c.plan(c.noState(), allOfClient).Diags), tc.want)
			diff(t, "errors of the action", errorsOf(c.planAction(allOfClient)), tc.want)
			adopted := attributes{"auth_server_id": "aus1", "client_id": "0oa1", "token_id": "oar1"}
			if got := len(errorsOf(c.of("refresh_token").plan(c.of("refresh_token").noState(), adopted.With(attributes{"revoke": true})).Diags)); got != len(tc.want) && !tc.requests {
				t.Errorf("got %d errors from the adoption of a token, want %d", got, len(tc.want))
			}
			diff(t, "errors of what only looks", errorsOf(c.plan(c.noState(), allOfClient.With(attributes{"dry_run": true})).Diags), []diagnostic{})
			if got := len(org.Requests()) > 0; got != tc.requests {
				t.Errorf("got the requests %v", org.Requests())
			}
			wantDeletes(t, org)
		})
	}
}

// ofTheFuture matches what is not true any more once the deed is done.
var ofTheFuture = regexp.MustCompile(`(?i)\b(will|shall|going to|about to)\b`)

// A replacement is planned twice, and looked at once.
func TestPreviewsOfReplacements(t *testing.T) {
	t.Parallel()
	wave := func(config attributes, wave string) attributes {
		return config.With(attributes{"triggers": attributes{"wave": wave}})
	}
	named := ofClient.With(attributes{"token_ids": list("oar1", "oar3")})
	for _, tc := range []struct {
		name     string
		from, to attributes
		want     []string
		requests int
	}{
		{"all", wave(allOfClient, "1"), wave(allOfClient, "2"), []string{"Will revoke 1 refresh token of client 0oa1 of authorization server aus1 at ORG: user 00u1, issued TODAY"}, 1},
		{"other tokens", wave(named, "1"), wave(ofClient.With(attributes{"token_ids": list("oar7")}), "2"), []string{"Will revoke at most 1 refresh token of client 0oa1 of authorization server aus1 at ORG: user 00u1, issued TODAY"}, 1},
		{"the same tokens, unless they are under ignore_changes", wave(named, "1"), wave(named, "2"), []string{"Will revoke the refresh tokens in token_ids of client 0oa1 of authorization server aus1 at ORG"}, 1},
		{"not known", allOfClient, ofClient.With(attributes{"token_ids": []any{unknown{}}}), []string{"Preview Unavailable: refresh tokens of client 0oa1 of authorization server aus1 at ORG"}, 0},
		{"dry run", wave(named, "1"), wave(named, "2").With(attributes{"dry_run": true}), nil, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newSelectionOrg(t)
			c := newCore(t, org, nil)
			state := c.create(tc.from)
			org.AddToken(oktafake.Token{ID: "oar7", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1"})
			org.ResetRequests()
			p := c.plan(state, tc.to)
			diff(t, "warnings", summaries(p.Diags), eachAtOrg(org, tc.want))
			if got := org.Requests(); len(got) != tc.requests {
				t.Errorf("got the requests %v, want %d", got, tc.requests)
			}
			if private := string(p.Private); strings.Contains(private, previewedKey) {
				t.Errorf("got the private state %s, want nothing of the preview left in it", private)
			}
		})
	}
}

// The second plan of a replacement is looked at when it is of something else, because
// the guards have not seen that.
func TestReplacementOfWhatWasIgnored(t *testing.T) {
	t.Parallel()
	org := newSelectionOrg(t)
	c := newCore(t, org, nil)
	typ := c.Type()
	config := ofClient.With(attributes{"filter": attributes{"any_scopes": list("payroll")}, "max_tokens": 0})
	state := c.create(config.With(attributes{"max_tokens": 5}))
	first := plan{Prior: state, Config: value(t, typ, config.With(attributes{"triggers": attributes{"wave": "2"}}))}
	server := c.configured()
	c.PlanWith(server, &first)
	diff(t, "errors of the first plan", errorsOf(first.Diags), []diagnostic{})
	second := plan{Prior: c.noState(), Config: value(t, typ, allOfClient.With(attributes{"max_tokens": 0})), Private: first.Private}
	c.PlanWith(server, &second)
	diff(t, "errors of the second plan", summaries(errorsOf(second.Diags)), []string{"max_tokens: Too Many Refresh Tokens"})
}

// An update shows what it adds, and a change that revokes nothing shows nothing.
func TestPreviewsOfUpdates(t *testing.T) {
	t.Parallel()
	org := newSelectionOrg(t)
	c := newCore(t, org, nil)
	state := c.create(ofClient.With(attributes{"token_ids": list("oar1")}))
	for _, tc := range []struct {
		config attributes
		want   []string
	}{
		{ofClient.With(attributes{"token_ids": list("oar1", "oar2", "oar3")}), []string{"Will revoke at most 2 refresh tokens of client 0oa1 of authorization server aus1 at ORG: 2 users, issued 2026-03-01"}},
		{ofClient.With(attributes{"token_ids": list()}), nil},
		{ofClient.With(attributes{"token_ids": list("oar1"), "reason": "INC-1"}), nil},
		{allOfClient, []string{"Will revoke 2 refresh tokens of client 0oa1 of authorization server aus1 at ORG: 2 users, issued 2026-03-01"}},
		{nil, []string{"Revoked Tokens Stay Revoked"}},
	} {
		diff(t, "warnings", summaries(c.plan(state, tc.config).Diags), eachAtOrg(org, tc.want))
	}
}

// A preview reads five pages at most.
func TestPreviewOfALargeSet(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.PageSize = 200
	add(org, held, numbered(1200)...)
	c := newCore(t, org, nil)
	p := c.plan(c.noState(), allOfClient)
	diff(t, "warnings", summaries(p.Diags), []string{atOrg(org, "Will revoke at least 1,000 refresh tokens of client 0oa1 of authorization server aus1 at ORG: at least 1 user")})
	if got, want := len(org.Requests()), 5; got != want {
		t.Errorf("got %d requests, want %d", got, want)
	}
}

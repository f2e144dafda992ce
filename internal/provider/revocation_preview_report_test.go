package provider

import (
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

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
		{"token_id", ofClient.with(attributes{"token_id": "oar3"}), "Will revoke 1 refresh token of client 0oa1 of authorization server aus1 (1 user)"},
		{"token_ids", ofClient.with(attributes{"token_ids": list("oar1", "oar3")}), "Will revoke 2 refresh tokens of client 0oa1 of authorization server aus1 (2 users)"},
		{"some are gone", ofClient.with(attributes{"token_ids": list("oar1", "oar9")}), "Will revoke 1 refresh token of client 0oa1 of authorization server aus1 (1 user)"},
		{"all are gone", ofClient.with(attributes{"token_id": "oar9"}), "Will revoke 0 refresh tokens of client 0oa1 of authorization server aus1"},
		{"filter", ofClient.with(payroll), "Will revoke 2 refresh tokens of client 0oa1 of authorization server aus1 (2 users)"},
		{"all", allOfClient, "Will revoke 3 refresh tokens of client 0oa1 of authorization server aus1 (2 users)"},
		{"of a user", allOfUserClient, "Will revoke 3 refresh tokens of client 0oa1 of user 00u1 (1 user)"},
		{"of an app", allOfApp, "Will revoke 4 refresh tokens of app 0oa1 (2 users)"},
		{"every client of a server", attributes{"auth_server_id": "aus1", "all_clients": true}.with(payroll), "Will revoke 3 refresh tokens of all clients of authorization server aus1 (2 clients, 2 users)"},
		{"every client of a user", attributes{"user_id": "00u1", "all_clients": true, "all": true}, "Will revoke 4 refresh tokens of all clients of user 00u1 (2 clients, 1 user)"},
		{"sessions", allOfUserClient.with(attributes{"end_sessions": true}), "Will revoke 3 refresh tokens of client 0oa1 of user 00u1 (1 user), end the user's sessions, and revoke the user's tokens at every other client"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newCore(t, newSelectionOrg(t), nil)
			p := c.plan(c.noState(), tc.config)
			diff(t, "warnings", summaries(p.diags), []string{tc.want})
			diff(t, "diagnostics of the action", c.planAction(tc.config), p.diags)
			for _, d := range warningsOf(p.diags) {
				if !strings.HasPrefix(d.Detail, "Applying this plan revokes refresh tokens, and the access tokens issued with them. This cannot be undone.") {
					t.Errorf("got the detail %q", d.Detail)
				}
			}
		})
	}
}

// What hits nothing gets no preview.
func TestNoPreviews(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]attributes{
		"no tokens":                    ofClient.with(attributes{"token_ids": list()}),
		"dry run":                      allOfClient.with(attributes{"dry_run": true}),
		"dry run of an unknown client": {"auth_server_id": "aus1", "client_id": unknown{}, "all": true, "dry_run": true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := newSelectionOrg(t)
			c := newCore(t, org, nil)
			diff(t, "diagnostics", c.plan(c.noState(), config).diags, []diagnostic{})
			wantNoRequests(t, org)
		})
	}
}

// What is not known cannot be looked for. A plan without a word would look like one
// that hits nothing.
func TestPreviewsThatAreUnavailable(t *testing.T) {
	t.Parallel()
	for argument, config := range map[string]attributes{
		"client_id":  {"auth_server_id": "aus1", "client_id": unknown{}, "all": true},
		"token_id":   ofClient.with(attributes{"token_id": unknown{}}),
		"token_ids":  ofClient.with(attributes{"token_ids": []any{"oar1", unknown{}}}),
		"filter":     ofClient.with(attributes{"filter": attributes{"user_ids": []any{unknown{}}}}),
		"max_tokens": allOfClient.with(attributes{"max_tokens": unknown{}}),
		"dry_run":    allOfClient.with(attributes{"dry_run": unknown{}}),
		"evidence":   allOfClient.with(attributes{"evidence": unknown{}}),
	} {
		t.Run(argument, func(t *testing.T) {
			t.Parallel()
			org := newSelectionOrg(t)
			c := newCore(t, org, nil)
			diff(t, "diagnostics", c.plan(c.noState(), config).diags, []diagnostic{{Warning: true, Summary: "Preview Unavailable", Detail: "What will be revoked can only be told when the plan is applied, " +
				"because this is not known yet: " + argument + ". The guards are checked then, before anything is revoked."}})
			wantNoRequests(t, org)
		})
	}
}

// A replacement is planned twice, and looked at once.
func TestPreviewsOfReplacements(t *testing.T) {
	t.Parallel()
	wave := func(config attributes, wave string) attributes {
		return config.with(attributes{"triggers": attributes{"wave": wave}})
	}
	named := ofClient.with(attributes{"token_ids": list("oar1", "oar3")})
	for _, tc := range []struct {
		name     string
		from, to attributes
		want     []string
		requests int
	}{
		{"all", wave(allOfClient, "1"), wave(allOfClient, "2"), []string{"Will revoke 1 refresh token of client 0oa1 of authorization server aus1 (1 user)"}, 1},
		{"other tokens", wave(named, "1"), wave(ofClient.with(attributes{"token_ids": list("oar7")}), "2"), []string{"Will revoke 1 refresh token of client 0oa1 of authorization server aus1 (1 user)"}, 1},
		{"the same tokens, unless they are under ignore_changes", wave(named, "1"), wave(named, "2"), []string{"Will revoke the refresh tokens in token_ids of client 0oa1 of authorization server aus1 once more"}, 1},
		{"not known", allOfClient, ofClient.with(attributes{"token_ids": []any{unknown{}}}), []string{"Preview Unavailable"}, 0},
		{"dry run", wave(named, "1"), wave(named, "2").with(attributes{"dry_run": true}), nil, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newSelectionOrg(t)
			c := newCore(t, org, nil)
			state := c.create(tc.from)
			org.AddToken(oktafake.Token{ID: "oar7", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1"})
			org.ResetRequests()
			p := c.plan(state, tc.to)
			diff(t, "warnings", summaries(p.diags), tc.want)
			if got := org.Requests(); len(got) != tc.requests {
				t.Errorf("got the requests %v, want %d", got, tc.requests)
			}
			diff(t, "private state", string(p.private), "")
		})
	}
}

// The second plan of a replacement is looked at when it is of something else, because
// the guards have not seen that.
func TestReplacementOfWhatWasIgnored(t *testing.T) {
	t.Parallel()
	org := newSelectionOrg(t)
	c := newCore(t, org, nil)
	typ := c.schema().ValueType()
	config := ofClient.with(attributes{"filter": attributes{"any_scopes": list("payroll")}, "max_tokens": 0})
	state := c.create(config.with(attributes{"max_tokens": 5}))
	first := plan{prior: state, config: value(t, typ, config.with(attributes{"triggers": attributes{"wave": "2"}}))}
	server := c.configured()
	c.planWith(server, &first)
	diff(t, "errors of the first plan", errorsOf(first.diags), []diagnostic{})
	second := plan{prior: c.noState(), config: value(t, typ, allOfClient.with(attributes{"max_tokens": 0})), private: first.private}
	c.planWith(server, &second)
	diff(t, "errors of the second plan", summaries(errorsOf(second.diags)), []string{"max_tokens: Too Many Refresh Tokens"})
}

// An update shows what it adds, and a change that revokes nothing shows nothing.
func TestPreviewsOfUpdates(t *testing.T) {
	t.Parallel()
	c := newCore(t, newSelectionOrg(t), nil)
	state := c.create(ofClient.with(attributes{"token_ids": list("oar1")}))
	for _, tc := range []struct {
		config attributes
		want   []string
	}{
		{ofClient.with(attributes{"token_ids": list("oar1", "oar2", "oar3")}), []string{"Will revoke 2 refresh tokens of client 0oa1 of authorization server aus1 (2 users)"}},
		{ofClient.with(attributes{"token_ids": list()}), nil},
		{ofClient.with(attributes{"token_ids": list("oar1"), "reason": "INC-1"}), nil},
		{allOfClient, []string{"Will revoke 2 refresh tokens of client 0oa1 of authorization server aus1 (2 users)"}},
		{nil, []string{"Revoked Tokens Stay Revoked"}},
	} {
		diff(t, "warnings", summaries(c.plan(state, tc.config).diags), tc.want)
	}
}

func TestPreviewNamesTheTokens(t *testing.T) {
	t.Parallel()
	org := newTokenOrg(t)
	c := newCore(t, org, nil)
	p := c.plan(c.noState(), attributes{"app_id": "0oa1", "all": true})
	if len(p.diags) != 1 {
		t.Fatalf("got %+v, want one warning", p.diags)
	}
	_, got, _ := strings.Cut(p.diags[0].Detail, "\n\n")
	diff(t, "tokens", got, "  oar1, client till_1.v2 (Till), user 00u1 (Amara Abara), created 2026-03-01T08:00:00.000Z, last updated 2026-03-01T08:00:00.000Z")
}

// A preview reads five pages at most.
func TestPreviewOfALargeSet(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.PageSize = 200
	add(org, held, numbered(1200)...)
	c := newCore(t, org, nil)
	p := c.plan(c.noState(), allOfClient)
	diff(t, "warnings", summaries(p.diags), []string{"Will revoke more than 1,000 refresh tokens of client 0oa1 of authorization server aus1 (1 user)"})
	if got, want := len(org.Requests()), 5; got != want {
		t.Errorf("got %d requests, want %d", got, want)
	}
	if len(p.diags) != 1 {
		return
	}
	for _, want := range []string{
		"\n\nThis is what the first requests showed; the apply reads all of them. So far: 1,000 tokens of 1 user.\n\n",
		"  oar0050, client 0oa1 (0oa1), user 00u1 (00u1), created 2026-03-01T08:00:49.000Z, last updated 2026-03-01T08:00:49.000Z\n  … and 950 more",
	} {
		if !strings.Contains(p.diags[0].Detail, want) {
			t.Errorf("got the detail %q, want it to hold %q", p.diags[0].Detail, want)
		}
	}
}

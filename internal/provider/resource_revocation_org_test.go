package provider

import (
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

func TestSameOrg(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"https://acme.okta.com", "https://acme.okta.com", true},
		{"https://acme.okta.com", "https://ACME.Okta.com:443", true},
		{"https://acme.okta.com", "https://acme.okta.com/", true},
		{"http://127.0.0.1", "http://127.0.0.1:80", true},
		{"https://acme.okta.com", "https://acme.okta.com:8443", false},
		{"https://acme.okta.com", "https://acme.oktapreview.com", false},
		{"https://acme.okta.com", "http://acme.okta.com", false},
		{"https://acme.okta.com", "", false},
	} {
		if got := sameOrg(tc.a, tc.b); got != tc.want {
			t.Errorf("%q and %q: got %t, want %t", tc.a, tc.b, got, tc.want)
		}
	}
}

// twoOrgs are two orgs with a token each, and core at the first.
func twoOrgs(t *testing.T) (here, there *oktafake.Server, c *core) {
	t.Helper()
	here, there = oktafake.New(t), oktafake.New(t)
	add(here, held, "oar1")
	add(there, held, "oar2")
	return here, there, newCore(t, here, nil)
}

func TestRevocationPlansItsOrg(t *testing.T) {
	t.Parallel()
	org, _, c := twoOrgs(t)
	p := c.planned(c.noState(), allOfClient)
	diff(t, "planned org_url", object(t, p.Planned)["org_url"], any(org.URL))
	state, diags := c.apply(p)
	c.none(diags)
	c.wantState(state, attributes{"org_url": org.URL, "revoked_token_ids": list("oar1")})

	state = c.update(state, allOfClient.With(attributes{"reason": "INC-1"}))
	c.wantState(state, attributes{"org_url": org.URL})
}

// What was planned for one org is refused at another, before anything is sent.
func TestApplyAtAnotherOrg(t *testing.T) {
	t.Parallel()
	named := ofClient.With(attributes{"token_ids": list("oar1")})
	for name, prior := range map[string]attributes{
		"create": nil,
		"update": ofClient.With(attributes{"token_ids": list()}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			here, there, c := twoOrgs(t)
			state := c.noState()
			if prior != nil {
				state = c.create(prior)
			}
			p := c.planned(state, named)
			here.ResetRequests()
			after, diags := c.applyWith(c.at(there).configured(), p)
			diff(t, "errors", summaries(diags), []string{"org_url: Plan of Another Org"})
			for _, want := range []string{"planned for " + here.URL, "configured for " + there.URL, "plan and apply again"} {
				if len(diags) > 0 && !strings.Contains(diags[0].Detail, want) {
					t.Errorf("got %q, want %q in it", diags[0].Detail, want)
				}
			}
			if !after.Equal(state) {
				t.Errorf("got the state %s, want it as it was", after)
			}
			wantNoRequests(t, here)
			wantNoRequests(t, there)
		})
	}
}

// The record of one org plans nothing at another: what matches there was never asked for.
func TestRecordOfAnotherOrg(t *testing.T) {
	t.Parallel()
	revoked := attributes{"token_ids": list("oar1")}
	for _, tc := range []struct {
		name   string
		from   attributes
		to     attributes
		errors []string
	}{
		{"nothing changes", revoked, revoked, []string{"org_url: Revocation of Another Org"}},
		{"more tokens", revoked, attributes{"token_ids": list("oar1", "oar2")}, []string{"org_url: Revocation of Another Org"}},
		{"only the reason", revoked, revoked.With(attributes{"reason": "INC-1"}), []string{"org_url: Revocation of Another Org"}},
		{"a dry run that is carried out", attributes{"all": true, "dry_run": true}, attributes{"all": true}, []string{"org_url: Revocation of Another Org"}},
		{"a new revocation", revoked, revoked.With(attributes{"triggers": attributes{"wave": "2"}}), nil},
		{"destroy", revoked, nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, there, c := twoOrgs(t)
			state := c.create(ofClient.With(tc.from))
			var config attributes
			if tc.to != nil {
				config = ofClient.With(tc.to)
			}
			p := c.at(there).plan(state, config)
			diff(t, "errors", summaries(errorsOf(p.Diags)), tc.errors)
			wantReads(t, there)
		})
	}
}

// A refresh at another org says nothing about the record.
func TestRefreshAtAnotherOrg(t *testing.T) {
	t.Parallel()
	_, there, c := twoOrgs(t)
	state := c.create(allOfClient.With(attributes{"on_reappear": "revoke"}))
	after, diags := c.at(there).refresh(state)
	diff(t, "warnings", summaries(diags), []string{"Record Not Refreshed"})
	if !after.Equal(state) {
		t.Errorf("got the state %s, want it as it was", after)
	}
	wantNoRequests(t, there)
}

// Each of these was read as the responder, as the approver and as a newcomer would.
func TestGoldenOtherOrg(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg()
	org.AddToken(oktafake.Token{ID: "oar1", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1"})
	at := func(url string) *core {
		c := newCoreIn(t, map[string]string{"OKTA_ORG_URL": url, "OKTA_API_TOKEN": org.APIToken}, nil)
		c.network = org
		return c
	}
	here, there := at("https://acme.okta.com"), at("https://acme.oktapreview.com")
	_, diags := there.applyWith(there.configured(), here.planned(here.noState(), allOfClient))
	golden(t, "apply/other_org_create", shown(diags))

	config := allOfClient.With(attributes{"on_reappear": "revoke"})
	state := here.create(config)
	golden(t, "apply/other_org_plan", shown(there.plan(state, config).Diags))
	_, diags = there.refresh(state)
	golden(t, "apply/other_org_refresh", shown(diags))
	progress, _ := there.invoke(allOfClient)
	golden(t, "apply/other_org_action", shown(linesOf(progress)))
}

package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// Where a refresh looks for tokens, a parent that is said not to exist proves nothing:
// what was known stays, with a warning.
func TestRevocationRefreshOfAParentThatIsMissing(t *testing.T) {
	t.Parallel()
	const clientMissing, appMissing = "Not found: Resource not found: 0oa1 (PublicClientApp)", "Not found: Resource not found: 0oa1 (AppInstance)"
	ofApp := attributes{"app_id": "0oa1", "all": true}
	everyClient := attributes{"auth_server_id": "aus1", "all_clients": true, "all": true}
	for _, tc := range []struct {
		name   string
		config attributes
		path   string
		words  string
		once   bool // whether the second answer is right
		want   string
	}{
		{"client, once", allOfClient, allTokens, clientMissing, true, "Okta Contradicts Itself"},
		{"client", allOfClient, allTokens, clientMissing, false, "Okta Contradicts Itself"},
		{"one token", ofClient.With(attributes{"token_id": "oar1"}), allTokens + "/oar1", clientMissing, true, ""}, // the list settles it
		{"every client", everyClient, allTokens, clientMissing, true, "Okta Contradicts Itself"},
		{"app", ofApp, "/api/v1/apps/0oa1/tokens", appMissing, true, "Parent Not Found"},
		{"server", everyClient, "/api/v1/authorizationServers/aus1/clients", "Not found: Resource not found: aus1 (AuthorizationServer)", true, "Parent Not Found"},
	} {
		for name, looks := range map[string]attributes{"dry_run": {"dry_run": true}, "on_reappear": {"on_reappear": "revoke"}} {
			t.Run(tc.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				org := newAdoptionOrg(t)
				c := newCore(t, org, nil)
				state := c.create(tc.config.With(looks))
				if name == "on_reappear" {
					add(org, held, "oar1")
					var diags []diagnostic
					state, diags = c.refresh(state)
					c.none(diags)
				}
				fail := oktafake.When
				if tc.once {
					fail = oktafake.Once
				}
				org.Intercept = fail(oktafake.On(http.MethodGet, tc.path), oktafake.Fail(http.StatusNotFound, "E0000007", tc.words))
				after, diags := c.refresh(state)
				diff(t, "errors", errorsOf(diags), []diagnostic{})
				if got := strings.Join(summaries(diags), ", "); got != tc.want {
					t.Errorf("got the warnings %q, want %q", got, tc.want)
				}
				if !after.Equal(state) {
					t.Errorf("got the state %s, want %s", after, state)
				}
			})
		}
	}
}

// A client that its server does not list any more was deleted, and its tokens with it.
func TestRevocationRefreshOfAClientThatWasDeleted(t *testing.T) {
	t.Parallel()
	org := newAdoptionOrg(t)
	c := newCore(t, org, nil)
	state := c.create(allOfClient.With(attributes{"dry_run": true}))
	for _, id := range org.TokenIDs() {
		org.RemoveToken(id)
	}
	org.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
		return strings.HasPrefix(r.URL.Path, allTokens) && oktafake.Fail(http.StatusNotFound, "E0000007", "Not found: Resource not found: 0oa1 (PublicClientApp)")(w, r)
	}
	state, diags := c.refresh(state)
	diff(t, "diagnostics", diags, []diagnostic{})
	c.wantState(state, attributes{"active_token_ids": []any{}})
}

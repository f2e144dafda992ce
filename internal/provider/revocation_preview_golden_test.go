package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// IDs of the org that the golden files are about, as long as Okta's.
const (
	fleetApp, tillApp      = "0oa3f9hbc6JyPs1Qv5d7", "0oa7k2mmd1TqXw4Zn5d7"
	ordersAPI, paymentsAPI = "aus8k2lmq4RtXw7Zn5d7", "aus1p6vtz9BnQe3Lm5d7"
	amaraID                = "00u4w1xyzdefghijk5d7"
)

// previewDay is when the golden plans are made, by Okta's clock and the provider's.
var previewDay = time.Date(2026, time.November, 27, 18, 0, 0, 0, time.UTC)

// previewUser is one of the 45 users of that org.
func previewUser(i int) string { return fmt.Sprintf("00u%04dbcdefghijk5d7", i%45+1) }

// newPreviewOrg is an org with 520 tokens of one app, and a few of another. It has no
// more requests a minute than the smallest org of Okta's.
func newPreviewOrg(t *testing.T) *oktafake.Org {
	t.Helper()
	org := oktafake.NewOrg()
	org.PageSize, org.RateLimit = 100, 50
	org.AddAuthorizationServer(oktafake.AuthorizationServer{ID: ordersAPI, Name: "Orders API"})
	org.AddAuthorizationServer(oktafake.AuthorizationServer{ID: paymentsAPI, Name: "Payments API"})
	org.AddClient(oktafake.App{ID: fleetApp, Name: "Fleet Android"})
	org.AddClient(oktafake.App{ID: tillApp, Name: "Till"})
	for i := range 45 {
		org.AddUser(oktafake.User{ID: previewUser(i), Login: fmt.Sprintf("user%d@example.com", i+1), Name: fmt.Sprintf("User Number %d", i+1)})
	}
	org.AddUser(oktafake.User{ID: amaraID, Login: "amara.abara@example.com", Name: "Amara Abara"})
	expiry := previewDay.AddDate(0, 6, 0)
	for i := range 520 {
		token := oktafake.Token{
			ID: fmt.Sprintf("oar%04dbcdefghijk5d7", i+1), AuthServerID: ordersAPI, ClientID: fleetApp, UserID: previewUser(i * i / 3), Scopes: []string{"orders:read"},
			Created: previewDay.Add(-time.Duration(i) * 12 * time.Hour), ExpiresAt: &expiry,
		}
		if i%13 == 0 {
			token.ExpiresAt = nil
		}
		switch {
		case i%20 == 3:
			token.AuthServerID = paymentsAPI
		case i%20 == 7:
			token.AuthServerID = "" // the org authorization server
		}
		org.AddToken(token)
	}
	for i := range 7 {
		org.AddToken(oktafake.Token{
			ID: fmt.Sprintf("oar9%03dbcdefghijk5d7", i+1), AuthServerID: ordersAPI, ClientID: tillApp, UserID: amaraID, Scopes: []string{"orders:write"},
			Created: previewDay.AddDate(0, 0, -40*i), ExpiresAt: &expiry,
		})
	}
	return org
}

// previewCases are what a plan can have to say.
var previewCases = []struct {
	name     string
	provider attributes
	prepare  func(*oktafake.Org)
	config   attributes
}{
	{name: "app", config: attributes{"app_id": fleetApp, "filter": attributes{"created_after": "2026-03-14T00:00:00Z"}, "max_tokens": 1000}},
	{name: "app_part", config: attributes{"app_id": fleetApp, "all": true}},
	{name: "app_protected_users", provider: attributes{"protected_user_ids": list("00uprotected00000000")}, config: attributes{"app_id": fleetApp, "all": true, "max_tokens": 1000}},
	{name: "client_all", config: attributes{"auth_server_id": ordersAPI, "client_id": tillApp, "all": true}},
	{name: "server_every_client", config: attributes{"auth_server_id": ordersAPI, "all_clients": true, "filter": attributes{"older_than": "720h"}}},
	{name: "server_many_clients", prepare: func(org *oktafake.Org) {
		for i := range 60 {
			org.AddToken(oktafake.Token{ID: fmt.Sprintf("oar8%03dbcdefghijk5d7", i), AuthServerID: paymentsAPI, ClientID: fmt.Sprintf("0oa8%03dbcdefghijk5d7", i), UserID: previewUser(i), Created: previewDay.Add(-time.Hour)})
		}
	}, config: attributes{"auth_server_id": paymentsAPI, "all_clients": true, "all": true}},
	{name: "user_sessions", config: attributes{"user_id": amaraID, "all_clients": true, "all": true, "end_sessions": true}},
	{name: "one_app_many_servers", prepare: func(org *oktafake.Org) {
		for i := range 5 {
			org.AddToken(oktafake.Token{ID: fmt.Sprintf("oar6%03dbcdefghijk5d7", i), AuthServerID: fmt.Sprintf("aus6%03dbcdefghijk5d7", i), ClientID: tillApp, UserID: amaraID, Created: previewDay.Add(-time.Hour)})
		}
	}, config: attributes{"app_id": tillApp, "all": true}},
	{name: "user_client_sessions", config: attributes{"user_id": amaraID, "client_id": tillApp, "filter": attributes{"created_after": "2026-11-01T00:00:00Z"}, "end_sessions": true}},
	{name: "token_ids_empty", config: attributes{"auth_server_id": ordersAPI, "client_id": tillApp, "token_ids": list()}},
	{name: "filter_at_least", config: attributes{"app_id": fleetApp, "filter": attributes{"never_expires": true}}},
	{name: "token_id", config: attributes{"app_id": tillApp, "token_id": "oar9003bcdefghijk5d7"}},
	{name: "token_ids", config: attributes{"auth_server_id": ordersAPI, "client_id": tillApp, "token_ids": list("oar9001bcdefghijk5d7", "oar9002bcdefghijk5d7", "oar9999bcdefghijk5d7")}},
	{name: "filter_part", config: attributes{"app_id": fleetApp, "filter": attributes{"any_scopes": list("orders:delete")}}},
	{name: "hostile_names", prepare: func(org *oktafake.Org) {
		name := "Eve\" (00uFORGED): 1 user\n\x1b[2J\u202e" + strings.Repeat("鈴木", 40)
		org.AddUser(oktafake.User{ID: "00uevil0000000000000", Login: "eve@example.com", Name: name})
		org.AddUser(oktafake.User{ID: "00uevil0000000000001", Login: "eve1@example.com", Name: name + "1"})
		for i := range 12 {
			org.AddToken(oktafake.Token{ID: fmt.Sprintf("oar7%03dbcdefghijk5d7", i), AuthServerID: paymentsAPI, ClientID: tillApp, UserID: fmt.Sprintf("00uevil000000000000%d", i%2), Created: previewDay.Add(-time.Duration(i) * time.Minute)})
		}
	}, config: attributes{"auth_server_id": paymentsAPI, "client_id": tillApp, "all": true}},

	{name: "zero_filter", config: attributes{"auth_server_id": ordersAPI, "all_clients": true, "filter": attributes{"any_scopes": list("orders:delete")}}},
	{name: "zero_all", config: attributes{"auth_server_id": paymentsAPI, "client_id": tillApp, "all": true}},
	{name: "zero_token_ids", config: attributes{"auth_server_id": ordersAPI, "client_id": tillApp, "token_ids": list("oar9999bcdefghijk5d7", "oar9998bcdefghijk5d7")}},
	{name: "zero_sessions", config: attributes{"user_id": amaraID, "client_id": fleetApp, "all": true, "end_sessions": true}},

	{name: "refused_max_tokens", config: attributes{"app_id": fleetApp, "all": true, "max_tokens": 100}},
	{name: "refused_protected", provider: attributes{"protected_user_ids": list(amaraID)}, config: attributes{"auth_server_id": ordersAPI, "client_id": tillApp, "all": true}},
	{name: "refused_unknown_bound", config: attributes{"app_id": fleetApp, "all": true, "max_tokens": unknown{}}},

	{name: "unavailable_unknown", config: attributes{"auth_server_id": ordersAPI, "client_id": unknown{}, "filter": attributes{"user_ids": unknown{}, "older_than": "720h", "created_after": unknown{}}}},
	{name: "unavailable_unknown_target", config: attributes{"user_id": unknown{}, "all_clients": true, "all": true, "max_tokens": 50}},
	{name: "unavailable_down", provider: attributes{"max_retries": 0}, prepare: func(org *oktafake.Org) {
		org.Intercept = oktafake.When(oktafake.On(http.MethodGet, "/api/v1/apps/*/tokens"), func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("X-Okta-Request-Id", "4e7ebf4a7cc0b0b9a4d0d3f2c9e8a7b6")
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write([]byte(`{"errorCode":"E0000009","errorSummary":"Internal Server Error","errorId":"oae1a2b3c4d5e6f7g8h9"}`))
			return true
		})
	}, config: attributes{"app_id": fleetApp, "all": true, "evidence": "none"}},
}

// maxDetailLines is what a preview may have besides its headline.
const maxDetailLines = 25

// Each of these was read as the responder, as the approver and as a newcomer would.
func TestGoldenPreviews(t *testing.T) {
	t.Parallel()
	for _, tc := range previewCases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				<-time.NewTimer(time.Until(previewDay)).C // the bubble's clock is Okta's
				org := newPreviewOrg(t)
				if tc.prepare != nil {
					tc.prepare(org)
				}
				c := newCoreIn(t, map[string]string{"OKTA_ORG_URL": "https://acme.okta.com", "OKTA_API_TOKEN": org.APIToken}, tc.provider)
				c.network = org
				diags := c.plan(c.noState(), tc.config).Diags
				text := previewText(diags)
				for _, d := range diags {
					wantReadable(t, d)
				}
				golden(t, "preview/"+tc.name, text)
				tofu := c.Of("1.13.0").Resource(revocationTypeName)
				wantPresentTense(t, previewText(tofu.Plan(c.noState(), tc.config).Diags), text)
				if config := asAction(tc.config); c.fitsAction(config) {
					diff(t, "diagnostics of the action", c.planAction(config), diags)
				}
			})
		})
	}
}

func previewText(diags []diagnostic) string {
	var text strings.Builder
	for _, d := range diags {
		fmt.Fprintf(&text, "%s\n\n%s\n", summaries([]diagnostic{d})[0], d.Detail)
	}
	return text.String()
}

// wantPresentTense fails the test unless OpenTofu, which prints its warnings after the
// deed too, says the same as Terraform with nothing of the future in it.
func wantPresentTense(t *testing.T, tofu, terraform string) {
	t.Helper()
	if found := ofTheFuture.FindString(tofu); found != "" {
		t.Errorf("OpenTofu speaks of the future: %q", found)
	}
	for future, present := range map[string]string{
		futureTense.revokes: presentTense.revokes, futureTense.mayRevoke: presentTense.mayRevoke, futureTense.endsSessions: presentTense.endsSessions,
	} {
		if strings.HasPrefix(terraform, future+" ") {
			terraform = strings.Replace(terraform, future, present, 1)
		}
	}
	diff(t, "what OpenTofu says", tofu, terraform)
}

// wantReadable fails the test if a diagnostic is too long to be read, or could write on a
// terminal.
func wantReadable(t *testing.T, d diagnostic) {
	t.Helper()
	lines := strings.Split(d.Detail, "\n")
	if len(lines) > maxDetailLines {
		t.Errorf("got %d lines of detail, want at most %d:\n%s", len(lines), maxDetailLines, d.Detail)
	}
	for _, line := range lines {
		if width := utf8.RuneCountInString(line); d.Warning && width > 120 && !strings.Contains(line, "Okta said") {
			t.Errorf("got a line of %d characters: %s", width, line)
		}
	}
	if strings.ContainsAny(d.Summary, "\n\x1b\u202e") || strings.ContainsAny(d.Detail, "\x1b\u202e") {
		t.Errorf("got %q and %q", d.Summary, d.Detail)
	}
}

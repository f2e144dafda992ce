package provider

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// changing are the parts of a diagnostic that differ from run to run.
var changing = []struct {
	what *regexp.Regexp
	by   string
}{
	{regexp.MustCompile(`error ID [^],]+`), "error ID oae1"},
	{regexp.MustCompile(`request ID [^]]+`), "request ID req1"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`), "2026-03-01T08:00:00Z"},
	{regexp.MustCompile(`at least 3[0-6]\d\d\.`), "at least 3600."}, // an hour, less what the tests before it took
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "127.0.0.1:8080"},
}

// stable is a diagnostic with its changing parts fixed.
func stable(d diagnostic) diagnostic {
	for _, part := range changing {
		d.Detail = part.what.ReplaceAllString(d.Detail, part.by)
	}
	return d
}

const (
	clientsOfUser = "Could not list the clients of user 00u1. "
	toClients     = "\n\nTo GET /api/v1/users/00u1/clients, Okta said: "
	badToken      = "The API token from OKTA_API_TOKEN was refused: it is wrong, expired or revoked, belongs to another org, its owner is deactivated, or its network zone does not allow this machine. Set a new one."
	weakRole      = "The owner of the API token from OKTA_API_TOKEN needs a role that may read: Read-Only Administrator, for example."
)

// html is a hook that answers as something which is not Okta.
func html(status int, body string) oktafake.Responder {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body)) // the client would complain
		return true
	}
}

// foreign is a hook that answers without any sign of Okta.
func foreign(status int, body string) oktafake.Responder {
	return func(w http.ResponseWriter, r *http.Request) bool {
		clear(w.Header())
		return html(status, body)(w, r)
	}
}

// notOktas is what is said of such an answer to a list of clients.
const notOktas = "Nothing in the answer of http://127.0.0.1:8080 is Okta's: a proxy, a gateway or another server gave it. Check OKTA_ORG_URL, and http_proxy or the HTTPS_PROXY variable if there is a proxy." +
	"\n\nTo GET /api/v1/users/00u1/clients, the answer was: "

// retryAfter is a hook that answers 503, and when to come back.
func retryAfter(seconds int) oktafake.Responder {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	}
}

// apiErrors are every answer of Okta's that is an error, and the whole diagnostic
// that comes of it.
var apiErrors = []struct {
	name string
	hook oktafake.Responder
	want diagnostic
}{
	{"401 of a wrong token", oktafake.Fail(401, "E0000011", "Invalid token provided"), diagnostic{
		Summary: "Okta Rejected the Credentials",
		Detail:  clientsOfUser + badToken + toClients + "401 E0000011: Invalid token provided [error ID oae1, request ID req1]",
	}},
	{"401 with causes", oktafake.Fail(401, "E0000004", "Authentication failed", "The zone is not allowed", "Ask the administrator"), diagnostic{
		Summary: "Okta Rejected the Credentials",
		Detail:  clientsOfUser + badToken + toClients + "401 E0000004: Authentication failed (The zone is not allowed; Ask the administrator) [error ID oae1, request ID req1]",
	}},
	{"401 without the feature", oktafake.Fail(401, "E0000015", "You do not have permission to access the feature you are requesting"), diagnostic{
		Summary: "API Access Management Is Not Enabled", Attribute: "auth_server_id",
		Detail: "Could not list the clients of authorization server aus1. This org lacks API Access Management, the feature of Okta's that custom authorization servers belong to. Tokens can still be found through user_id or app_id." +
			"\n\nTo GET /api/v1/authorizationServers/aus1/clients, Okta said: 401 E0000015: You do not have permission to access the feature you are requesting [error ID oae1, request ID req1]",
	}},
	{"403 of a weak role", oktafake.Fail(403, "E0000006", "You do not have permission to perform the requested action"), diagnostic{
		Summary: "Missing Okta Permission",
		Detail: clientsOfUser + weakRole +
			toClients + "403 E0000006: You do not have permission to perform the requested action [error ID oae1, request ID req1]",
	}},
	{"403 of a missing scope, which an API token has not", oktafake.InsufficientScope("okta.users.read"), diagnostic{
		Summary: "Missing Okta Permission",
		Detail: clientsOfUser + weakRole +
			toClients + "403 Forbidden: insufficient_scope: The access token provided does not contain the required scopes. [request ID req1]",
	}},
	{"404 of a parent", nil, diagnostic{
		Summary: "Parent Not Found", Attribute: "user_id",
		Detail: clientsOfUser + "The org http://127.0.0.1:8080 knows no user 00u1. Check user_id and OKTA_ORG_URL." +
			toClients + "404 E0000007: Not found: Resource not found: 00u1 (User) [error ID oae1, request ID req1]",
	}},
	{"404 of a wrong URL", oktafake.Fail(404, "E0000008", "The requested path was not found"), diagnostic{
		Summary: "Not an Okta API",
		Detail: clientsOfUser + "http://127.0.0.1:8080 has no such URL, so it is not an org's API. Check OKTA_ORG_URL." +
			toClients + "404 E0000008: The requested path was not found [error ID oae1, request ID req1]",
	}},
	{"404 of something else", html(404, "<html>\n<title>Not here</title>\n</html>"), diagnostic{
		Summary: "Not an Okta API",
		Detail: clientsOfUser + "http://127.0.0.1:8080 has no such URL, so it is not an org's API. Check OKTA_ORG_URL." +
			toClients + `404 Not Found: an HTML page titled "Not here" [request ID req1]`,
	}},
	{"429", oktafake.RateLimited(time.Now().Add(time.Hour)), diagnostic{
		Summary: "Okta Rate Limit Exceeded",
		Detail: clientsOfUser + "Try again after 2026-03-01T08:00:00Z, or set max_wait_seconds to at least 3600." +
			toClients + "429 E0000047: API call exceeded rate limit due to too many requests. [error ID oae1, request ID req1]",
	}},
	{"500", oktafake.Fail(500, "E0000009", "Internal Server Error"), diagnostic{
		Summary: "Unable to List Clients",
		Detail: clientsOfUser + "Okta, or a proxy before it, failed to answer. Try again; https://status.okta.com reports outages." +
			toClients + "500 E0000009: Internal Server Error [error ID oae1, request ID req1]",
	}},
	{"502 of a proxy", html(502, "<h1>Bad gateway</h1>"), diagnostic{
		Summary: "Unable to List Clients",
		Detail: clientsOfUser + "Okta, or a proxy before it, failed to answer. Try again; https://status.okta.com reports outages." +
			toClients + `502 Bad Gateway: an HTML page without a title [request ID req1]`,
	}},
	{"401 of a proxy", foreign(401, "<title>Authorization Required</title>"), diagnostic{
		Summary: "Not an Okta API", Detail: clientsOfUser + notOktas + `401 Unauthorized: an HTML page titled "Authorization Required"`,
	}},
	{"403 of a proxy", foreign(403, "<title>Blocked</title>"), diagnostic{
		Summary: "Not an Okta API", Detail: clientsOfUser + notOktas + `403 Forbidden: an HTML page titled "Blocked"`,
	}},
	{"403 of a proxy in JSON", foreign(403, `{"message":"Forbidden"}`), diagnostic{
		Summary: "Not an Okta API", Detail: clientsOfUser + notOktas + `403 Forbidden: 23 bytes of JSON`,
	}},
	{"407 of a proxy", foreign(407, "<html>"), diagnostic{
		Summary: "Not an Okta API", Detail: clientsOfUser + notOktas + `407 Proxy Authentication Required: an HTML page without a title`,
	}},
	{"451 of a proxy", foreign(451, "<title>Not in your country</title>"), diagnostic{
		Summary: "Not an Okta API", Detail: clientsOfUser + notOktas + `451 Unavailable For Legal Reasons: an HTML page titled "Not in your country"`,
	}},
	{"408 of a proxy", foreign(408, ""), diagnostic{
		Summary: "Unable to List Clients",
		Detail: clientsOfUser + "Okta, or a proxy before it, failed to answer. Try again; https://status.okta.com reports outages." +
			"\n\nTo GET /api/v1/users/00u1/clients, the answer was: 408 Request Timeout",
	}},
	{"503 that says when", retryAfter(3600), diagnostic{
		Summary: "Unable to List Clients",
		Detail: clientsOfUser + "Okta, or a proxy before it, failed to answer. Try again after 2026-03-01T08:00:00Z; https://status.okta.com reports outages." +
			toClients + "503 Service Unavailable [request ID req1]",
	}},
	{"a redirect", redirect, diagnostic{
		Summary: "Unable to List Clients",
		Detail: clientsOfUser + "The address redirects. Redirects are not followed, because the credential must reach no other host. Set org_url to the address that Okta's API is at." +
			toClients + "302 Found: redirect to https://elsewhere.example/, not followed [request ID req1]",
	}},
	{"400", oktafake.Fail(400, "E0000001", "Api validation failed: limit", "limit: must be a number"), diagnostic{
		Summary: "Unable to List Clients",
		Detail: clientsOfUser + "Okta refused the request." +
			toClients + "400 E0000001: Api validation failed: limit (limit: must be a number) [error ID oae1, request ID req1]",
	}},
	{"200 of something else", answering("<html><title>Sign in</title></html>"), diagnostic{
		Summary: "Unexpected Answer from Okta",
		Detail: clientsOfUser + "What was read cannot be trusted to be complete, so it is not used. Check that org_url and any proxy lead to Okta's API; if they do, please report this.\n\n" +
			`okta: GET /api/v1/users/00u1/clients: the answer is not the JSON expected (jsontext: invalid character '<' at start of value): it is an HTML page titled "Sign in"`,
	}},
}

// The errors are those that the client really returns.
func TestAPIErrors(t *testing.T) {
	t.Parallel()
	for _, tc := range apiErrors {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			org.Intercept = tc.hook
			config := attributes{"user_id": "00u1"}
			if tc.want.Attribute == "auth_server_id" {
				config = attributes{"auth_server_id": "aus1"}
			}
			_, got := newCore(t, org, attributes{"max_retries": 0}).readData("clients", config)
			if len(got) != 1 {
				t.Fatalf("got %d diagnostics, want one: %+v", len(got), got)
			}
			diff(t, "diagnostic", stable(got[0]), tc.want)
		})
	}
}

// redirect is a hook that leads elsewhere.
func redirect(w http.ResponseWriter, _ *http.Request) bool {
	w.Header().Set("Location", "https://elsewhere.example/")
	w.WriteHeader(http.StatusFound)
	return true
}

// What fails before Okta answers.
func TestAPIErrorsWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	c := newCoreIn(t, map[string]string{"OKTA_ORG_URL": "http://127.0.0.1:1", "OKTA_API_TOKEN": org.APIToken}, attributes{"max_retries": 0})
	_, got := c.readData("clients", attributes{"user_id": "00u1"})
	diff(t, "diagnostic", got, []diagnostic{{
		Summary: "Unable to Reach Okta",
		Detail: clientsOfUser + "Check org_url, the network, and http_proxy if there is a proxy.\n\n" +
			"okta: GET /api/v1/users/00u1/clients: dial tcp 127.0.0.1:1: connect: connection refused, so nothing was sent",
	}})

	op := operation{summary: "Unable to List Clients", doing: "list the clients of user 00u1", kind: okta.KindUser}
	for _, tc := range []struct {
		err             error
		summary, detail string
	}{
		{
			&okta.TransportError{Method: "GET", Path: "/x", Err: context.Canceled}, "Interrupted",
			"It was interrupted before it could list the clients of user 00u1.",
		},
		{
			&okta.TransportError{Method: "GET", Path: "/x", Attempts: 2, Err: context.DeadlineExceeded}, "Out of Time",
			"The timeout ended before it could list the clients of user 00u1. Raise it, or try again.",
		},
		{
			&okta.TransportError{Method: "GET", Path: "/x", Err: &okta.NoRoomError{Bucket: "/api/v1/users", Until: epoch}}, "Okta Rate Limit Exceeded",
			clientsOfUser + "Try again after 2026-03-01T08:00:00Z, or set max_wait_seconds to at least 65.\n\n" +
				"okta: GET /x: the rate limit of /api/v1/users is used up until 2026-03-01T08:00:00Z",
		},
		{
			errors.New("okta: GET /x: the list is not complete"), "Unexpected Answer from Okta",
			clientsOfUser + "What was read cannot be trusted to be complete, so it is not used. Check that org_url and any proxy lead to Okta's API; if they do, please report this.\n\nokta: GET /x: the list is not complete",
		},
	} {
		var diags diag.Diagnostics
		addAPIError(&diags, op, tc.err)
		want := diag.Diagnostics{diag.NewErrorDiagnostic(tc.summary, tc.detail)}
		if !diags.Equal(want) {
			t.Errorf("got %v, want %v", diags, want)
		}
	}
}

// The attribute at fault is the one whose ID Okta does not know.
func TestMissingAttribute(t *testing.T) {
	t.Parallel()
	const (
		ofServer = "/api/v1/authorizationServers/aus1/clients/0oa9/tokens"
		ofUser   = "/api/v1/users/eve%25%40example.com/clients/0oa9/tokens/oar1"
		ofApp    = "/api/v1/apps/0oa9/tokens"
	)
	for _, tc := range []struct {
		path, summary, want, advice string
	}{
		{ofServer, "Not found: Resource not found: 0oa9 (PublicClientApp)", "client_id", "The org http://127.0.0.1:8080 knows no client 0oa9. Check client_id and OKTA_ORG_URL."},
		{ofUser, "Not found: Resource not found: 0oa9 (PublicClientApp)", "client_id", "The org http://127.0.0.1:8080 knows no client 0oa9. Check client_id and OKTA_ORG_URL."},
		{ofServer, "Not found: Resource not found: aus1 (AuthorizationServer)", "auth_server_id", "The org http://127.0.0.1:8080 knows no authorization server aus1. Check auth_server_id and OKTA_ORG_URL."},
		{ofUser, "Not found: Resource not found: 00u9 (User)", "user_id", "The org http://127.0.0.1:8080 knows no user eve%@example.com. Check user_id and OKTA_ORG_URL."},
		{ofApp, "Not found: Resource not found: 0oa9 (AppInstance)", "app_id", "The org http://127.0.0.1:8080 knows no app 0oa9. Check app_id and OKTA_ORG_URL."},
		{ofApp, "Not found: Resource not found: 0oa9 (PublicClientApp)", "app_id", "The org http://127.0.0.1:8080 knows no app 0oa9. Check app_id and OKTA_ORG_URL."},
		{ofUser, "Not found", "user_id", "The org http://127.0.0.1:8080 does not know user eve%@example.com, or client 0oa9. Check user_id, client_id and OKTA_ORG_URL."},
		{"/api/v1/users/00u1%E2%80%AE%0A/clients", "Not found", "user_id", "The org http://127.0.0.1:8080 knows no user 00u1\uFFFD\uFFFD. Check user_id and OKTA_ORG_URL."},
		{"/api/v1/logs", "Not found", "", "The org http://127.0.0.1:8080 does not know what was asked for. Check OKTA_ORG_URL."},
	} {
		advice, at := explainMissing(operation{}, &okta.Error{StatusCode: 404, Code: okta.CodeNotFound, Path: tc.path, Summary: tc.summary, Source: okta.Source{OrgURL: "OKTA_ORG_URL", Org: "http://127.0.0.1:8080"}})
		if advice != tc.advice || at != tc.want {
			t.Errorf("%s, %q: got %q at %q, want %q at %q", tc.path, tc.summary, advice, at, tc.advice, tc.want)
		}
	}
}

// To revoke takes another scope than to read, and each parent has its own.
func TestMissingScopes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ method, path, want string }{
		{"GET", "/api/v1/authorizationServers/aus1/clients/0oa1/tokens", "okta.authorizationServers.read"},
		{"DELETE", "/api/v1/authorizationServers/aus1/clients/0oa1/tokens", "okta.authorizationServers.manage"},
		{"DELETE", "/api/v1/users/00u1/clients/0oa1/tokens/oar1", "okta.users.manage"},
		{"GET", "/api/v1/apps/0oa1/tokens", "okta.apps.read"},
		{"DELETE", "/api/v1/apps/0oa1/tokens", "okta.apps.manage"},
	} {
		_, advice, _ := explain(operation{}, &okta.Error{Method: tc.method, Path: tc.path, StatusCode: 403, Source: okta.Source{AccessToken: "access_token"}})
		if want := regexp.MustCompile(`the scope ` + regexp.QuoteMeta(tc.want) + `\b`); !want.MatchString(advice) {
			t.Errorf("%s %s: got %q, want it to name %s", tc.method, tc.path, advice, tc.want)
		}
	}
}

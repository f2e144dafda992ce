package okta

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// refusal is the error of a GET of tokens that gets this response, without a retry.
func refusal(t *testing.T, step roundTripFunc) error {
	t.Helper()
	_, err := collect(t, testClient(step, once).RefreshTokens(t.Context(), App("0oa1")))
	return err
}

const requestID = "X-Okta-Request-Id"

func TestErrorsKeepOktasWords(t *testing.T) {
	t.Parallel()
	const prefix = "okta: GET " + tokensPath + ": "
	for name, tc := range map[string]struct {
		step roundTripFunc
		want string
	}{
		"all fields": {
			reply(http.StatusBadRequest, `{"errorCode":"E0000001","errorSummary":"Api validation failed: limit","errorLink":"E0000001",
				"errorId":"oaeXyz","errorCauses":[{"errorSummary":"limit: too large"},{"errorSummary":"limit: not a number"}]}`,
				requestID, "req1"),
			"400 E0000001: Api validation failed: limit (limit: too large; limit: not a number) [error ID oaeXyz, request ID req1]",
		},
		"no causes":      {reply(http.StatusForbidden, `{"errorCode":"E0000006","errorSummary":"No"}`), "403 E0000006: No"},
		"null causes":    {reply(http.StatusForbidden, `{"errorCode":"E0000006","errorSummary":"No","errorCauses":null}`), "403 E0000006: No"},
		"no API access":  {reply(http.StatusUnauthorized, oktaError(CodeFeatureDisabled, "Not enabled")), "401 E0000015: Not enabled [error ID oae1]"},
		"status unknown": {reply(499, ""), "499"},
		"bearer challenge": {
			reply(http.StatusForbidden, "", "WWW-Authenticate", bearerChallenge, requestID, "req1"),
			"403 Forbidden: insufficient_scope: The access token provided does not contain the required scopes. [request ID req1]",
		},
		"DPoP challenge": {
			reply(http.StatusBadRequest, "", "Www-Authenticate", dpopChallenge),
			"400 Bad Request: invalid_dpop_proof: The DPoP proof JWT has already been used.",
		},
		"challenge without an error": {reply(http.StatusUnauthorized, "", "WWW-Authenticate", `Basic realm="proxy"`), "401 Unauthorized"},
		"a page":                     {reply(http.StatusNotFound, "<html>\n\t<title>Not\r\n <b>Found</b></title></html>"), `404 Not Found: an HTML page titled "Not Found"`},
		"a page without a title":     {reply(http.StatusBadGateway, "<html>Bad Gateway</html>"), `502 Bad Gateway: an HTML page without a title`},
		"a title with escapes":       {reply(http.StatusForbidden, "<title>a\x1b[31m&amp;&#27;b</title>"), `403 Forbidden: an HTML page titled "a�[31m&�b"`},
		"a long title":               {reply(http.StatusForbidden, "<title>"+strings.Repeat("é", 100)), `403 Forbidden: an HTML page titled "` + strings.Repeat("é", 50) + `…"`},
		"a title that shows headers": {reply(http.StatusForbidden, "<title>Authorization: SSWS x</title>"), `403 Forbidden: an HTML page whose title shows the request`},
		"JSON that is not Okta's":    {reply(http.StatusForbidden, `{"message":"blocked"}`), `403 Forbidden: 21 bytes of JSON`},
		"a code that is a number":    {reply(http.StatusForbidden, `{"errorCode":6}`), `403 Forbidden: 15 bytes of JSON`},
		"text":                       {reply(http.StatusForbidden, "upstream connect error"), `403 Forbidden: 22 bytes of text`},
		"bytes":                      {reply(http.StatusForbidden, "a\x00b"), `403 Forbidden: 3 bytes that are no text`},
		"bytes that are not UTF-8":   {reply(http.StatusForbidden, "\xff\xfe\xfd\xfcabcdefgh"), `403 Forbidden: 12 bytes that are no text`},
		"a mark before the JSON":     {reply(http.StatusForbidden, "\ufeff"+`{"errorCode":"E0000006","errorSummary":"No"}`), "403 E0000006: No"},
		"causes that are texts":      {reply(http.StatusForbidden, `{"errorCode":"E0000006","errorSummary":"No","errorCauses":["a","b"]}`), "403 E0000006: No (a; b)"},
		"one cause":                  {reply(http.StatusForbidden, `{"errorCode":"E0000006","errorSummary":"No","errorCauses":{"errorSummary":"a"}}`), "403 E0000006: No (a)"},
		"a cause that is a text":     {reply(http.StatusForbidden, `{"errorCode":"E0000006","errorSummary":"No","errorCauses":"a"}`), "403 E0000006: No (a)"},
		"causes of numbers":          {reply(http.StatusForbidden, `{"errorCode":"E0000006","errorSummary":"No","errorCauses":[1,{"errorSummary":2},{"errorSummary":"a"}]}`), "403 E0000006: No (a)"},
		"other members of any kind":  {reply(http.StatusForbidden, `{"errorCode":"E0000006","errorSummary":7,"errorId":{},"errorCauses":1e999}`), "403 E0000006: "},
		"redirect":                   {reply(http.StatusFound, "", "Location", "https://sso.example.com/login"), "302 Found: redirect to https://sso.example.com/login, not followed"},
		"redirect without a target":  {reply(http.StatusFound, ""), "302 Found"},
		"location without a meaning": {reply(http.StatusForbidden, "", "Location", "/x"), "403 Forbidden"},
	} {
		err := refusal(t, tc.step)
		if got := answered(t, err).Said(); got != tc.want {
			t.Errorf("%s: Said: got\n\t%s\nwant\n\t%s", name, got, tc.want)
		}
		wantError(t, err, prefix+tc.want)
	}
}

// A line break in Okta's words would forge a line of the log, an escape
// sequence would reach a terminal.
func TestErrorIsOneLine(t *testing.T) {
	t.Parallel()
	err := refusal(t, reply(http.StatusForbidden,
		`{"errorCode":"E0000001","errorSummary":"a\nb\u001b[31m\u202e","errorId":"c\n","errorCauses":[{"errorSummary":"d\r\n"}]}`))
	wantError(t, err, "okta: GET "+tokensPath+": 403 E0000001: a�b�[31m� (d��) [error ID c�]")
}

func TestErrorHoldsWhatCallersNeed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limit := append(rateLimit(time.Hour, 50, 0, 20), requestID, "req1")
		e := answered(t, refusal(t, reply(http.StatusTooManyRequests, oktaError("E0000047", "Too many"), limit...)))
		if e.StatusCode != 429 || e.Code != "E0000047" || e.Summary != "Too many" || e.ID != "oae1" ||
			e.RequestID != "req1" || e.Method != "GET" || e.Path != tokensPath || e.Attempts != 1 || e.Body != "" {
			t.Errorf("got %+v, want every field of the answer", e)
		}
		if want := time.Now().Add(21 * time.Second); !e.RetryAt.Equal(want) {
			t.Errorf("RetryAt: got %s, want %s", e.RetryAt, want)
		}
		e = answered(t, refusal(t, reply(http.StatusForbidden, "", "WWW-Authenticate", bearerChallenge)))
		if e.Challenge.Scope != "okta.apps.read" || !e.RetryAt.IsZero() {
			t.Errorf("got scope %q and RetryAt %s, want okta.apps.read and none", e.Challenge.Scope, e.RetryAt)
		}
	})
}

// The errors come from the client, so a predicate that checks for the wrong type fails.
func TestPredicates(t *testing.T) {
	t.Parallel()
	type verdict struct{ notFound, refused, rateLimited, unavailable, uncertain bool }
	for name, tc := range map[string]struct {
		step roundTripFunc
		want verdict
	}{
		"success":                     {reply(http.StatusNoContent, ""), verdict{}},
		"token not found":             {reply(http.StatusNotFound, oktaError(CodeNotFound, "Not found")), verdict{notFound: true}},
		"path not found":              {reply(http.StatusNotFound, oktaError("E0000008", "Not found")), verdict{}},
		"HTML 404":                    {reply(http.StatusNotFound, "<html>E0000007</html>"), verdict{}},
		"empty 404":                   {reply(http.StatusNotFound, ""), verdict{}},
		"not found with 400":          {reply(http.StatusBadRequest, oktaError(CodeNotFound, "Not found")), verdict{}},
		"invalid token":               {reply(http.StatusUnauthorized, oktaError("E0000011", "Invalid")), verdict{refused: true}},
		"no permission":               {reply(http.StatusForbidden, oktaError("E0000006", "No")), verdict{refused: true}},
		"insufficient scope":          {reply(http.StatusForbidden, "", "WWW-Authenticate", bearerChallenge), verdict{refused: true}},
		"rate limit":                  {reply(http.StatusTooManyRequests, ""), verdict{rateLimited: true}},
		"server error":                {reply(http.StatusInternalServerError, oktaError("E0000009", "Oops")), verdict{uncertain: true}},
		"bad gateway":                 {reply(http.StatusBadGateway, ""), verdict{unavailable: true, uncertain: true}},
		"service unavailable":         {reply(http.StatusServiceUnavailable, ""), verdict{unavailable: true, uncertain: true}},
		"redirect":                    {reply(http.StatusFound, ""), verdict{}},
		"connection refused":          {fail(errDial), verdict{unavailable: true}},
		"connection reset":            {fail(errReset), verdict{unavailable: true, uncertain: true}},
		"connection closed":           {fail(io.EOF), verdict{unavailable: true, uncertain: true}},
		"no answer in time":           {hang, verdict{unavailable: true, uncertain: true}},
		"answer larger than anything": {endless, verdict{unavailable: true, uncertain: true}},
	} {
		bubble(t, name, func(t *testing.T) {
			err := testClient(tc.step, once).RevokeRefreshToken(t.Context(), App("0oa1"), "oar1")
			if err != nil {
				err = fmt.Errorf("revoking: %w", err) // as callers have it
			}
			got := verdict{IsNotFound(err), IsRefused(err), IsRateLimited(err), IsUnavailable(err), IsUncertain(err)}
			if got != tc.want {
				t.Errorf("%v: got %+v, want %+v", err, got, tc.want)
			}
		})
	}
}

// endless is a step of a script: an answer that never ends.
func endless(req *http.Request) (*http.Response, error) {
	resp := answer(req, http.StatusOK, "")
	resp.Body = io.NopCloser(zeros{})
	return resp, nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestRequiredScope(t *testing.T) {
	t.Parallel()
	for parent, collection := range map[Parent]string{
		AuthorizationServer("aus1").Client("0oa1"): "authorizationServers",
		User("00u1").Client("0oa1"):                "users",
		App("0oa1"):                                "apps",
	} {
		c := testClient(play(reply(http.StatusForbidden, "", "WWW-Authenticate", bearerChallenge)))
		_, listing := collect(t, c.RefreshTokens(t.Context(), parent))
		_, reading := c.RefreshToken(t.Context(), parent, "oar1")
		for call, tc := range map[string]struct {
			err  error
			want string
		}{
			"listing":      {listing, "okta." + collection + ".read"},
			"reading":      {reading, "okta." + collection + ".read"},
			"revoking one": {c.RevokeRefreshToken(t.Context(), parent, "oar1"), "okta." + collection + ".manage"},
			"revoking all": {c.RevokeAllRefreshTokens(t.Context(), parent), "okta." + collection + ".manage"},
		} {
			if got := answered(t, tc.err).RequiredScope(); got != tc.want {
				t.Errorf("%s %s: got %q, want %q", call, parent, got, tc.want)
			}
		}
	}
	c := testClient(play(reply(http.StatusForbidden, "")))
	if got, want := answered(t, c.EndSessions(t.Context(), "00u1")).RequiredScope(), "okta.users.manage"; got != want {
		t.Errorf("ending sessions: got %q, want %q", got, want)
	}
}

func TestNoErrorHoldsTheCredential(t *testing.T) {
	t.Parallel()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, step := range map[string]roundTripFunc{
		"refused":        reply(http.StatusUnauthorized, oktaError("E0000011", "Invalid token provided")),
		"no JSON":        reply(http.StatusOK, "<html>"),
		"bad next link":  pageOf("/elsewhere", "oar1"),
		"redirect":       reply(http.StatusFound, "", "Location", "https://sso.example.com"),
		"no answer":      fail(errReset),
		"no next page":   reply(http.StatusOK, "[]", "Link", `<:>; rel="next"`),
		"truncated page": reply(http.StatusOK, "["),
	} {
		for credential, ctx := range map[Credential]context.Context{
			APIToken(secret): t.Context(), AccessToken(secret): cancelled,
		} {
			c := testClient(step, once, func(cfg *Config) { cfg.Credential = credential })
			_, err := collect(t, c.RefreshTokens(ctx, App("0oa1")))
			if err == nil {
				t.Errorf("%s: got no error", name)
				continue
			}
			for e := err; e != nil; e = errors.Unwrap(e) {
				wantNoSecret(t, e)
			}
		}
	}
}

func TestTransportErrorUnwraps(t *testing.T) {
	t.Parallel()
	err := refusal(t, fail(errReset))
	wantError(t, err, "okta: GET "+tokensPath+": read tcp: connection reset by peer")
	if !errors.Is(err, errReset) {
		t.Errorf("got %v, want it to wrap %v", err, errReset)
	}
}

// Whatever a server answers, an error is one line of text with the status and Okta's
// words.
func FuzzError(f *testing.F) {
	f.Add(404, oktaError(CodeNotFound, "Not found"), "", "")
	f.Add(403, "", bearerChallenge, "")
	f.Add(502, "<html>\r\n\x1b[31m", "", "")
	f.Add(302, "\xff\xfe", `Bearer error="a\"b`, "https://login.example.com/\n")
	f.Add(400, `{"errorCode":"E0000001","errorSummary":"a\nb","errorCauses":[{},{"errorSummary":"c"}],"errorId":7}`, "", "")
	f.Fuzz(func(t *testing.T, status int, body, challenge, location string) {
		if status < 300 || status > 599 {
			return
		}
		sent := play(reply(status, body, "WWW-Authenticate", challenge, "Location", location))
		e := answered(t, testClient(sent, once).RevokeRefreshToken(t.Context(), App("0oa1"), "oar1"))
		text := e.Error()
		if text != prose.Printable(text) || !strings.Contains(text, strconv.Itoa(status)) {
			t.Errorf("got %q, want one line with the status", text)
		}
		if e.Code == "" && len(text) > 2*maxQuote+len(challenge)+len(location)+200+4*maxQuote {
			t.Errorf("got %d bytes of a body of %d", len(text), len(body))
		}
		if e.Code != "" && !strings.Contains(text, prose.Printable(e.Summary)) {
			t.Errorf("got %q, want %q in it", text, e.Summary)
		}
		if IsNotFound(e) && (status != 404 || e.Code != CodeNotFound) {
			t.Errorf("%d %q counts as a token that is not there", status, body)
		}
		if IsUncertain(e) != (status >= 500 || status == http.StatusRequestTimeout) {
			t.Errorf("%d: got uncertain %t", status, IsUncertain(e))
		}
	})
}

package okta

import (
	"context"
	"crypto/elliptic"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// reflection answers a request with a part of it, as a proxy does.
type reflection func(req *http.Request, shown string) (*http.Response, error)

// mirror is a network whose proxy shows each request, with its headers and body,
// in what it answers. It remembers what must not be seen again.
type mirror struct {
	answer reflection
	past   int               // requests that are let through first
	next   http.RoundTripper // where to

	mu      sync.Mutex
	secrets []string
}

func (m *mirror) RoundTrip(req *http.Request) (*http.Response, error) {
	shown := fmt.Sprintf("%s %s\n", req.Method, req.URL)
	m.mu.Lock()
	defer m.mu.Unlock()
	for name := range req.Header {
		shown += fmt.Sprintf("%s: %s\n", name, req.Header.Get(name))
	}
	_, credential, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	m.secrets = append(m.secrets, credential, req.Header.Get(headerDPoP))
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, err
		}
		m.secrets = append(m.secrets, form.Get("client_assertion"))
		req.Body = io.NopCloser(strings.NewReader(string(body)))
		shown += "\n" + string(body)
	}
	if m.past--; m.past >= 0 {
		return m.next.RoundTrip(req)
	}
	return m.answer(req, shown)
}

// inTheHeader is an answer with one of its headers out of what the proxy shows.
func inTheHeader(status int, name, format string) reflection {
	return func(req *http.Request, shown string) (*http.Response, error) {
		return answer(req, status, "", name, fmt.Sprintf(format, strings.ReplaceAll(shown, "\n", "  "))), nil
	}
}

// inTheLink is a list with what the proxy shows in its link to the next page.
func inTheLink(format string) reflection {
	return func(req *http.Request, shown string) (*http.Response, error) {
		if req.Method == http.MethodDelete {
			return answer(req, http.StatusForbidden, ""), nil
		}
		return answer(req, http.StatusOK, "[]", "Link", fmt.Sprintf(format, strings.NewReplacer("\n", "  ", "?", "").Replace(shown))), nil
	}
}

// inTheBody is an answer with what the proxy shows in its body, as it has it.
func inTheBody(status int, page func(shown string) string) reflection {
	return func(req *http.Request, shown string) (*http.Response, error) {
		return answer(req, status, page(shown), requestID, "req1"), nil
	}
}

// mirrors are the ways in which a request can be shown to its sender.
func mirrors() map[string]reflection {
	verbatim := func(shown string) string { return "<pre>" + shown }
	inJSON := func(format string) func(string) string {
		return func(shown string) string { return fmt.Sprintf(format, strconv.Quote(shown)) }
	}
	// A page that an error cuts short in the middle of whatever it shows.
	cut := func(room int) func(string) string {
		return func(shown string) string {
			for _, name := range []string{"Authorization: ", "client_assertion="} {
				if _, after, found := strings.Cut(shown, name); found {
					shown = name + after
				}
			}
			return strings.Repeat("-", maxQuote-room) + shown
		}
	}
	return map[string]reflection{
		"502":              inTheBody(http.StatusBadGateway, verbatim),
		"403":              inTheBody(http.StatusForbidden, verbatim),
		"200":              inTheBody(http.StatusOK, verbatim),
		"203":              inTheBody(http.StatusNonAuthoritativeInfo, verbatim),
		"escaped for HTML": inTheBody(http.StatusForbidden, html.EscapeString),
		"escaped for URLs": inTheBody(http.StatusForbidden, url.QueryEscape),
		"JSON":             inTheBody(http.StatusForbidden, inJSON(`{"headers":%s}`)),
		"200 with JSON":    inTheBody(http.StatusOK, inJSON(`{"headers":%s}`)),
		"a name in JSON":   inTheBody(http.StatusOK, inJSON(`[{%[1]s:1,%[1]s:2}]`)),
		"summary":          inTheBody(http.StatusForbidden, inJSON(`{"errorCode":"E0000006","errorSummary":%s}`)),
		"cause":            inTheBody(http.StatusForbidden, inJSON(`{"errorCode":"E0000001","errorCauses":[{"errorSummary":%s}]}`)),
		"error ID":         inTheBody(http.StatusForbidden, inJSON(`{"errorCode":"E0000006","errorId":%s}`)),
		"OAuth error":      inTheBody(http.StatusForbidden, inJSON(`{"error":"access_denied","error_description":%s}`)),
		"cut after 20":     inTheBody(http.StatusForbidden, cut(len("Authorization: Bearer ")+20)),
		"200 cut after 30": inTheBody(http.StatusOK, cut(len("Authorization: Bearer ")+30)),
		"challenge":        inTheHeader(http.StatusForbidden, "WWW-Authenticate", `Bearer error="insufficient_scope", error_description=%q`),
		"scope":            inTheHeader(http.StatusForbidden, "WWW-Authenticate", `Bearer error="insufficient_scope", scope=%q`),
		"redirect":         inTheHeader(http.StatusFound, "Location", "https://login.example.com/?%s"),
		"request ID":       inTheHeader(http.StatusForbidden, requestID, "%s"),
		"rate limit":       inTheHeader(http.StatusNotFound, headerLimit, "%s"),
		"link":             inTheLink("%s; rel=next"),
		"link elsewhere":   inTheLink(`</elsewhere/%s>; rel="next"`),
		"no HTTP": func(_ *http.Request, shown string) (*http.Response, error) {
			return nil, fmt.Errorf("malformed HTTP response %q", shown)
		},
		"nothing sent": func(_ *http.Request, shown string) (*http.Response, error) {
			return nil, fmt.Errorf("refused %q: %w", shown, errDial)
		},
	}
}

// texts are an error in all the ways in which it can be printed.
func texts(err error) []string {
	var all []string
	for ; err != nil; err = errors.Unwrap(err) {
		all = append(all, err.Error(), fmt.Sprintf("%+v %#v", err, err))
	}
	return all
}

// A response can end up in diagnostics, in the log and in the state. A secret in it must
// not.
func TestNoSecretComesBack(t *testing.T) {
	t.Parallel()
	org := serviceOrg(t, 3, bearer)
	proofs := serviceOrg(t, 3)
	for kind, tc := range map[string]struct {
		credential func() Credential
		next       http.RoundTripper
		past       []int // requests that go well before: at 0, signing in does not
	}{
		"API token":           {func() Credential { return APIToken(secret) }, nil, []int{0}},
		"access token":        {func() Credential { return AccessToken("opaque." + secret + "+/=") }, nil, []int{0}},
		"service app":         {func() Credential { return must(ServiceApp(serviceID, serviceKey(), "", Scopes(false))) }, org, []int{0, 1}},
		"service app, proofs": {func() Credential { return must(ServiceApp(serviceID, serviceKey(), "", Scopes(false))) }, proofs, []int{0, 1, 2, 3}},
	} {
		for how, show := range mirrors() {
			for _, past := range tc.past {
				bubble(t, fmt.Sprintf("%s, %s, %d", kind, how, past), func(t *testing.T) {
					for call, do := range map[string]func(*Client) error{
						"list":       func(c *Client) error { return list(t, c) },
						"revoke":     func(c *Client) error { return revoke(t.Context(), c, "oar1") },
						"revoke all": func(c *Client) error { return revoke(t.Context(), c, "") },
					} {
						network := &mirror{answer: show, past: past, next: tc.next}
						var lines []line
						err := do(testClient(network, once, logTo(&lines), func(cfg *Config) { cfg.Credential = tc.credential() }))
						if err == nil {
							t.Errorf("%s: got no error", call)
						}
						wantNoneOf(t, network.secrets, append(texts(err), fmt.Sprint(lines))...)
					}
				})
			}
		}
	}
}

// wantNoneOf fails the test if a text holds a secret, or so much of one that it
// matters.
func wantNoneOf(t *testing.T, secrets []string, texts ...string) {
	t.Helper()
	found := false
	for _, secret := range secrets {
		for _, text := range texts {
			found = found || secret != ""
			if secret != "" && strings.Contains(text, secret[:tellingPart+4]) {
				t.Errorf("%q is in %s", secret, text)
			}
		}
	}
	if !found {
		t.Error("no secret was sent, so the test checked nothing")
	}
}

// Okta's words around a secret survive, and so does the kind of the error.
func TestWordsAroundASecretStay(t *testing.T) {
	t.Parallel()
	err := refusal(t, reply(http.StatusBadGateway, "<title>Blocked "+secret+"\nat acme</title>"))
	wantError(t, err, "okta: GET "+tokensPath+`: 502 Bad Gateway: an HTML page titled "Blocked [redacted] at acme"`)
	err = refusal(t, reply(http.StatusForbidden, oktaError("E0000006", "No, "+secret+" may not"), requestID, "req1"))
	wantError(t, err, "okta: GET "+tokensPath+": 403 E0000006: No, [redacted] may not [error ID oae1, request ID req1]")
	err = refusal(t, reply(http.StatusOK, "<title>"+secret))
	if want := `it is an HTML page titled "[redacted]"`; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("got %v, want %s at its end", err, want)
	}
	for failure, unsent := range map[error]string{errReset: "", errDial: ", so nothing was sent"} {
		err := revoke(t.Context(), testClient(fail(fmt.Errorf("after %s: %w", secret, failure)), once), "oar1")
		wantError(t, err, "okta: DELETE "+tokenPath+": after [redacted]: "+failure.Error()+unsent)
		if e := transportError(t, err); e.MayHaveLanded != (unsent == "") {
			t.Errorf("got %v, sent %t, want %t", err, e.MayHaveLanded, unsent == "")
		}
	}
}

// Data is left alone, and so is the nonce that has to be sent back.
func TestSecretsAreHiddenInErrorsOnly(t *testing.T) {
	t.Parallel()
	tokens, err := collect(t, testClient(play(pageOf("", "oar1", secret)), once).RefreshTokens(t.Context(), App("0oa1")))
	if err != nil || len(tokens) != 2 || tokens[1].ID != secret {
		t.Errorf("got %v, %v, want both tokens as they are", ids(tokens), err)
	}
	synctest.Test(t, func(t *testing.T) {
		const nonce = "eyJ7S_zGzzzzzz.eyJH0-Z.HX4w-7v"
		asked := 0
		org := serviceOrg(t, 1)
		org.Intercept = oktafake.When(atEndpoint, func(w http.ResponseWriter, r *http.Request) bool {
			asked++
			if got := nonceOf(r); asked == 2 && got != nonce {
				t.Errorf("got the nonce %q, want %q", got, nonce)
			}
			w.Header().Set(headerDPoPNonce, nonce)
			return asked == 1 && oktafake.Fail(http.StatusBadRequest, "invalid_dpop_proof", "No")(w, r)
		})
		_ = list(t, serviceClient(org)) // the org knows of no such nonce
		if asked < 2 {
			t.Errorf("got %d token requests, want another one with the nonce", asked)
		}
	})
}

// A proxy may quote its own password. Its response to a CONNECT is the text of an error.
func TestProxyPasswordDoesNotComeBack(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent := r.Header.Get("Proxy-Authorization")
		own := http.Request{Header: http.Header{"Authorization": {sent}}}
		_, password, _ := own.BasicAuth()
		text := strings.Join([]string{sent, password, url.QueryEscape(sent), html.EscapeString(password)}, " ")
		if r.Method != http.MethodConnect {
			http.Error(w, text, http.StatusProxyAuthRequired)
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Errorf("hijacking: %v", err)
			return
		}
		defer conn.Close()
		_, _ = fmt.Fprintf(conn, "HTTP/1.1 407 Not with %s\r\n\r\n", text) // the client would complain
	}))
	defer server.Close()
	for _, password := range []string{secret, "s3cr", `p"s<w>&+%2f`} {
		sent := base64.StdEncoding.EncodeToString([]byte("me:" + password))
		for _, orgURL := range []string{"http://acme.example.com", "https://acme.example.com"} {
			c := serverClient(t, orgURL, through(t, server.URL), func(cfg *Config) {
				cfg.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: strings.TrimPrefix(server.URL, "http://"), User: url.UserPassword("me", password)})
			})
			err := revoke(t.Context(), c, "oar1")
			if err == nil {
				t.Errorf("%s: got no error", orgURL)
			}
			for _, text := range texts(err) {
				for _, form := range []string{password, html.EscapeString(password), sent, url.QueryEscape(sent)} {
					if strings.Contains(text, form) {
						t.Errorf("%s: %q is in %s", orgURL, form, text)
					}
				}
			}
		}
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	key := sec1(ecKey(elliptic.P256()))
	lines := strings.Split(strings.TrimSpace(key), "\n")
	app := must(ServiceApp(serviceID, key, "", nil))
	ofApp, ok := app.(*serviceApp)
	if !ok {
		t.Fatalf("got a credential %T, want a service app's", app)
	}
	number := ofApp.private[len(ofApp.private)-1]
	for _, tc := range []struct {
		name       string
		credential Credential
		text, want string
	}{
		{"nothing", APIToken(secret), "nothing", "nothing"},
		{"twice", APIToken(secret), secret + "," + secret + secret, "[redacted],[redacted][redacted]"},
		{"its beginning", APIToken(secret), "SSWS " + secret[:12] + "…", "SSWS [redacted]…"},
		{"too little of it to tell", APIToken(secret), "SSWS " + secret[:7], "SSWS " + secret[:7]},
		{"a short one", APIToken("s3cr"), "my s3cr!", "my [redacted]!"},
		{"shorter than any", APIToken("abc"), "abc", "abc"},
		{"none", APIToken(""), "text", "text"},
		{"with entities", APIToken("a+b=c'd"), "x&#43;a&#43;b&#61;c&#39;d", "x+[redacted]"},
		{"with percent signs", AccessToken("a+/b=="), "to ?t=a%2B%2fb%3D%3D&u=1%2", "to ?t=[redacted]&u=1%2"},
		{"with backslashes", APIToken(`a"b\c/d`), `{"x":"a\"b\\c\/d"}`, `{"x":"[redacted]"}`},
		{"as JSON has it", APIToken("a<b>cd"), `"a\u003cb\u003ecd"`, `"[redacted]"`},
		{"escapes of other things", APIToken(secret), `a%2Fb &amp; "\n"`, `a%2Fb &amp; "\n"`},
		{"a signed token", APIToken(secret), "DPoP eyJhbGciOiJF.eyJqdGki.c2ln, x", "DPoP [redacted], x"},
		{"a line of the key", app, "x " + lines[1] + " y", "x [redacted] y"},
		{"a number of the key", app, `{"d":"` + number + `"}`, `{"d":"[redacted]"}`},
		{"what is public of a key", app, lines[0] + " " + serviceID, lines[0] + " " + serviceID},
	} {
		if got := newSecrets(tc.credential.secrets()...).redact(tc.text); got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestLogGetsNoSecret(t *testing.T) {
	t.Parallel()
	var lines []line
	network := play(reply(http.StatusOK, "[]", requestID, secret, headerLimit, secret), fail(errors.New(secret)))
	c := testClient(network, once, logTo(&lines))
	_, _ = list(t, c), list(t, c) // what becomes of them is no matter here
	if text := fmt.Sprint(lines); len(lines) != 2 || strings.Contains(text, secret) || strings.Count(text, redacted) != 3 {
		t.Errorf("got the log %s, want two lines with three secrets redacted", text)
	}
	var notices []line
	quiet := newSecrets(secret).redactLog(func(_ context.Context, message string, fields map[string]any) {
		notices = append(notices, line{message, fields})
	})
	quiet(t.Context(), "x", map[string]any{"n": 1, "s": secret})
	if got := notices[0].Fields; got["n"] != 1 || got["s"] != redacted {
		t.Errorf("got %v, want the number as it is and the secret redacted", got)
	}
}

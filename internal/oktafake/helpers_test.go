package oktafake_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

const credential = "SSWS fake-api-token"

// created is when the tests' tokens were created.
var created = time.Date(2026, time.March, 9, 3, 18, 6, 0, time.UTC)

// answer is an org's answer to a request.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// ask sends a request without a network. It follows no redirects.
func ask(t testing.TB, o *oktafake.Org, method, path string) answer {
	t.Helper()
	return askAs(t, o, credential, method, path)
}

func askAs(t testing.TB, o *oktafake.Org, authorization, method, path string) answer {
	t.Helper()
	// http.NewRequest would read a path that starts with // as a host.
	target, err := url.Parse("http://org.test")
	if err != nil {
		t.Fatal(err)
	}
	raw, query, _ := strings.Cut(path, "?")
	target.RawPath, target.RawQuery = raw, query
	if target.Path, err = url.PathUnescape(raw); err != nil {
		t.Fatal(err)
	}
	r := (&http.Request{Method: method, URL: target, Header: http.Header{}}).WithContext(t.Context())
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	return send(t, o, r)
}

func send(t testing.TB, o *oktafake.Org, r *http.Request) answer {
	t.Helper()
	resp, err := o.RoundTrip(r)
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	return answer{resp.StatusCode, resp.Header, body}
}

func (a answer) decode(t testing.TB, into any) {
	t.Helper()
	if err := json.Unmarshal(a.body, into); err != nil {
		t.Fatalf("status %d, body %s: %v", a.status, a.body, err)
	}
}

// errorOf returns the code and the summary of an error.
func (a answer) errorOf(t testing.TB) (code, summary string) {
	t.Helper()
	var body struct {
		Code    string `json:"errorCode"`
		Summary string `json:"errorSummary"`
	}
	a.decode(t, &body)
	return body.Code, body.Summary
}

// ids returns the IDs of a list of tokens.
func (a answer) ids(t testing.TB) []string {
	t.Helper()
	if a.status != http.StatusOK {
		t.Fatalf("got status %d with %s, want a list", a.status, a.body)
	}
	var tokens []struct{ ID string }
	a.decode(t, &tokens)
	ids := make([]string, len(tokens))
	for i, token := range tokens {
		ids[i] = token.ID
	}
	return ids
}

// link returns the path and query of a Link line, or "".
func (a answer) link(rel string) string {
	for _, line := range a.header["Link"] {
		if target, ok := strings.CutSuffix(line, `>; rel="`+rel+`"`); ok {
			return strings.TrimPrefix(target, "<http://org.test")
		}
	}
	return ""
}

// list follows a list to its end and returns the IDs of each page.
func list(t testing.TB, o *oktafake.Org, path string) (pages [][]string) {
	t.Helper()
	for path != "" {
		page := ask(t, o, http.MethodGet, path)
		pages = append(pages, page.ids(t))
		path = page.link("next")
	}
	return pages
}

// flat returns the items of all pages, sorted.
func flat(pages [][]string) []string {
	return slices.Sorted(slices.Values(slices.Concat(pages...)))
}

// acme returns an org in which one user holds tokens of two clients at two authorization servers and
// at the org authorization server.
func acme(o *oktafake.Org) {
	o.Now = func() time.Time { return created.AddDate(0, 0, 3) }
	o.AddAuthorizationServer(oktafake.AuthorizationServer{ID: "aus1", Name: "Orders", Default: true, Created: created})
	o.AddAuthorizationServer(oktafake.AuthorizationServer{ID: "aus2", Name: "Payroll", Created: created})
	o.AddClient(oktafake.App{ID: "0oa1", Name: "Portal", ClientURI: "https://portal.example.com"})
	o.AddClient(oktafake.App{ID: "0oa2", ClientID: "till.v2", Name: "Till"})
	o.AddUser(oktafake.User{ID: "00u1", Login: "saml.jackson@example.com", Name: "Saml Jackson"})
	o.AddUser(oktafake.User{ID: "00u2"})
	expires := created.AddDate(0, 0, 7)
	for _, token := range []oktafake.Token{
		{ID: "oar1", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1", Scopes: []string{"offline_access", "orders:read"}, ExpiresAt: &expires},
		{ID: "oar2", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u2"},
		{ID: "oar3", AuthServerID: "aus2", ClientID: "0oa1", UserID: "00u1"},
		{ID: "oar4", AuthServerID: "aus1", ClientID: "till.v2", UserID: "00u1"},
		{ID: "oar5", ClientID: "0oa1", UserID: "00u1"},
	} {
		token.Created = created
		o.AddToken(token)
	}
}

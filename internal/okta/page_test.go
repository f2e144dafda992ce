package okta

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

// pageOf is a page of tokens with these IDs, and a next link unless that is "".
func pageOf(next string, ids ...string) roundTripFunc {
	var items []string
	for _, id := range ids {
		items = append(items, `{"id":"`+id+`"}`)
	}
	fields := []string{"Link", "<https://acme.okta.com" + tokensPath + `?limit=20>; rel="self"`}
	if next != "" {
		fields = append(fields, "Link", "<"+next+`>; rel="next"`)
	}
	return reply(http.StatusOK, "["+strings.Join(items, ",")+"]", fields...)
}

const (
	listRequest = "GET " + tokensPath
	incomplete  = "okta: GET " + tokensPath + ": the list is not complete: "
)

func TestNextLinkIsFollowedOnTheConfiguredOrigin(t *testing.T) {
	t.Parallel()
	const path = tokensPath
	for name, tc := range map[string]struct{ link, want string }{
		"absolute":              {"https://acme.okta.com" + path + "?after=c1&limit=200", "?after=c1&limit=200"},
		"another host":          {"https://tokens.example.com" + path + "?after=c1&limit=200", "?after=c1&limit=200"},
		"the admin host":        {"https://acme-admin.okta.com" + path + "?after=c1&limit=200", "?after=c1&limit=200"},
		"another scheme":        {"http://acme.okta.com" + path + "?after=c1&limit=200", "?after=c1&limit=200"},
		"another port":          {"https://acme.okta.com:8443" + path + "?after=c1&limit=200", "?after=c1&limit=200"},
		"user info":             {"https://me:pass@acme.okta.com" + path + "?after=c1&limit=200", "?after=c1&limit=200"},
		"a path":                {path + "?after=c1&limit=200", "?after=c1&limit=200"},
		"a query":               {"?after=c1&limit=200", "?after=c1&limit=200"},
		"limit lost":            {path + "?after=c1", "?after=c1&limit=200"},
		"limit changed":         {path + "?after=c1&limit=-1", "?after=c1&limit=200"},
		"unknown parameters":    {path + "?after=c1&limit=200&x=1&x=2", "?after=c1&limit=200&x=1&x=2"},
		"a cursor to be quoted": {path + "?after=a%2Bb%3D%26c&limit=200", "?after=a%2Bb%3D%26c&limit=200"},
		"a fragment":            {path + "?after=c1&limit=200#top", "?after=c1&limit=200"},
	} {
		network := play(pageOf(tc.link, "oar1"), pageOf("", "oar2"))
		tokens, err := collect(t, testClient(network).RefreshTokens(t.Context(), App("0oa1")))
		wantError(t, err, "")
		if diff := cmp.Diff([]string{"oar1", "oar2"}, ids(tokens)); diff != "" {
			t.Errorf("%s: tokens (-want +got):\n%s", name, diff)
		}
		wantRequests(t, network, listRequest+"?limit=200", listRequest+tc.want)
		for _, req := range network.sent {
			if req.URL.Scheme != "https" || req.URL.Host != "acme.okta.com" || req.URL.User != nil {
				t.Errorf("%s: a request went to %s, want https://acme.okta.com", name, req.URL)
			}
		}
	}
}

func TestNextLinkKeepsWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	for _, lost := range []string{"?after=c1&limit=200", "?after=c1", "?after=c1&expand=user&limit=20"} {
		network := play(pageOf(tokensPath+lost, "oar1"), pageOf("", "oar2"))
		_, err := collect(t, testClient(network).RefreshTokens(t.Context(), App("0oa1"), WithScopeDetails()))
		wantError(t, err, "")
		wantRequests(t, network, listRequest+"?expand=scope&limit=200", listRequest+"?after=c1&expand=scope&limit=200")
	}
}

func TestNextLinkIsRefused(t *testing.T) {
	t.Parallel()
	const host = "https://acme.okta.com"
	for link, want := range map[string]string{
		host + "/api/v1/apps?after=c1":               `the next link leads to another path, "/api/v1/apps"`,
		host + "/api/v1/apps/0oa2/tokens?after=c1":   `the next link leads to another path, "/api/v1/apps/0oa2/tokens"`,
		host + "/api/v1/apps/0oa1/tokens/?after=c1":  `the next link leads to another path, "/api/v1/apps/0oa1/tokens/"`,
		host + "/api/v1/apps%2F0oa1/tokens?after=c1": `the next link leads to another path, "/api/v1/apps%2F0oa1/tokens"`,
		host + "/api/v1/Apps/0oa1/tokens?after=c1":   `the next link leads to another path, "/api/v1/Apps/0oa1/tokens"`,
		host + tokensPath + "/oar1?after=c1":         `the next link leads to another path, "/api/v1/apps/0oa1/tokens/oar1"`,
		"/?after=c1":                                 `the next link leads to another path, "/"`,
		"..?after=c1":                                `the next link leads to another path, "/api/v1/apps/"`,
		"mailto:admin@example.com":                   `the next link leads to another path, ""`,
		"https://acme.okta.com:port/?after=c1":       `the next link is not a URL: "https://acme.okta.com:port/?after=c1"`,
		tokensPath + "?after=%zz":                    `the next link has an unreadable query: "after=%zz"`,
		tokensPath + "?limit=200":                    "the link to page 2 leads back to a page already read",
		tokensPath:                                   "the link to page 2 leads back to a page already read",
		tokensPath + "?limit=20":                     "the link to page 2 leads back to a page already read",
	} {
		network := play(pageOf(link, "oar1"), pageOf("", "oar2"))
		tokens, err := collect(t, testClient(network).RefreshTokens(t.Context(), App("0oa1")))
		wantError(t, err, incomplete+want)
		if diff := cmp.Diff([]string{"oar1"}, ids(tokens)); diff != "" {
			t.Errorf("%s: tokens (-want +got):\n%s", link, diff)
		}
		wantRequests(t, network, listRequest+"?limit=200")
	}
}

// The path of a client of one user differs from that of another in one segment.
func TestNextLinkToASiblingClientIsRefused(t *testing.T) {
	t.Parallel()
	network := play(pageOf("/api/v1/users/00u1/clients/0oa2/tokens?after=c1", "oar1"), pageOf("", "oar2"))
	_, err := collect(t, testClient(network).RefreshTokens(t.Context(), User("00u1").Client("0oa1")))
	wantError(t, err, "okta: GET /api/v1/users/00u1/clients/0oa1/tokens: the list is not complete: "+
		`the next link leads to another path, "/api/v1/users/00u1/clients/0oa2/tokens"`)
	wantRequests(t, network, "GET /api/v1/users/00u1/clients/0oa1/tokens?limit=200")
}

// Okta may escape an ID in a link differently.
func TestNextLinkMayEscapeOtherwise(t *testing.T) {
	t.Parallel()
	network := play(
		pageOf("https://acme.okta.com/api/v1/users/jane%40example.com/clients/a!b/tokens?after=c1", "oar1"),
		pageOf("", "oar2"))
	_, err := collect(t, testClient(network).RefreshTokens(t.Context(), User("jane@example.com").Client("a!b")))
	wantError(t, err, "")
	wantRequests(t, network,
		"GET /api/v1/users/jane@example.com/clients/a%21b/tokens?limit=200",
		"GET /api/v1/users/jane@example.com/clients/a%21b/tokens?after=c1&limit=200")
}

func TestRepeatedCursorEndsTheList(t *testing.T) {
	t.Parallel()
	network := play(
		pageOf(tokensPath+"?after=c1", "oar1"),
		pageOf(tokensPath+"?after=c2", "oar2"),
		pageOf(tokensPath+"?limit=200&after=c1", "oar3"))
	tokens, err := collect(t, testClient(network).RefreshTokens(t.Context(), App("0oa1")))
	wantError(t, err, incomplete+"the link to page 4 leads back to a page already read")
	if diff := cmp.Diff([]string{"oar1", "oar2", "oar3"}, ids(tokens)); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
}

func TestEmptyPagesAreFollowed(t *testing.T) {
	t.Parallel()
	network := play(
		pageOf(tokensPath+"?after=c1"), pageOf(tokensPath+"?after=c2"),
		pageOf(tokensPath+"?after=c3", "oar1"), pageOf(""))
	var got []bool
	for page, err := range testClient(network).RefreshTokenPages(t.Context(), App("0oa1")) {
		wantError(t, err, "")
		got = append(got, page.Last)
	}
	if diff := cmp.Diff([]bool{false, false, false, true}, got); diff != "" {
		t.Errorf("Last of the pages (-want +got):\n%s", diff)
	}
}

func TestEndlessEmptyPagesEndInAnError(t *testing.T) {
	t.Parallel()
	sent := 0
	c := testClient(roundTripFunc(func(req *http.Request) (*http.Response, error) {
		sent++
		next := fmt.Sprintf("%s?after=c%d", tokensPath, sent)
		if sent == 10 {
			return pageOf(next, "oar1")(req)
		}
		return pageOf(next)(req)
	}))
	tokens, err := collect(t, c.RefreshTokens(t.Context(), App("0oa1")))
	wantError(t, err, incomplete+"20 pages in a row were empty and linked to another")
	if len(tokens) != 1 || sent != 30 {
		t.Errorf("got %d tokens in %d requests, want 1 in 30: a page that brings something starts the count again", len(tokens), sent)
	}
}

func TestErrorOnALaterPageEndsTheList(t *testing.T) {
	t.Parallel()
	refused := reply(http.StatusForbidden, oktaError("E0000006", "You do not have permission"))
	network := play(
		pageOf(tokensPath+"?after=c1", "oar1"), pageOf(tokensPath+"?after=c2", "oar2"),
		refused, refused)
	tokens, err := collect(t, testClient(network).RefreshTokens(t.Context(), App("0oa1")))
	wantError(t, err, "okta: GET "+tokensPath+": 403 E0000006: You do not have permission [error ID oae1]")
	if diff := cmp.Diff([]string{"oar1", "oar2"}, ids(tokens)); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
	if !IsRefused(err) || len(network.requests()) != 4 {
		t.Errorf("got refused %t after %d requests, want true after 4", IsRefused(err), len(network.requests()))
	}
}

func TestSequencesStartAgain(t *testing.T) {
	t.Parallel()
	network := play(
		pageOf(tokensPath+"?after=c1", "oar1"), pageOf("", "oar2"),
		pageOf(tokensPath+"?after=c1", "oar1"), pageOf("", "oar2"))
	tokens := testClient(network).RefreshTokens(t.Context(), App("0oa1"))
	for range 2 {
		got, err := collect(t, tokens)
		wantError(t, err, "")
		if diff := cmp.Diff([]string{"oar1", "oar2"}, ids(got)); diff != "" {
			t.Errorf("tokens (-want +got):\n%s", diff)
		}
	}
	wantRequests(t, network, listRequest+"?limit=200", listRequest+"?after=c1&limit=200",
		listRequest+"?limit=200", listRequest+"?after=c1&limit=200")
}

// A refusal in the middle of a list is retried once. At the beginning of a list, it is
// believed.
func TestRefusalAmidAListIsAskedTwice(t *testing.T) {
	t.Parallel()
	refuse := func(status int) roundTripFunc { return reply(status, oktaError("E0000006", "No")) }
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		second := tokensPath + "?after=c1"
		network := play(pageOf(second, "oar1"), refuse(status), pageOf("", "oar2"))
		tokens, err := collect(t, testClient(network).RefreshTokens(t.Context(), App("0oa1")))
		wantError(t, err, "")
		if diff := cmp.Diff([]string{"oar1", "oar2"}, ids(tokens)); diff != "" {
			t.Errorf("tokens (-want +got):\n%s", diff)
		}
		again := listRequest + "?after=c1&limit=200"
		wantRequests(t, network, listRequest+"?limit=200", again, again)

		network = play(pageOf(second, "oar1"), refuse(status), refuse(status))
		_, err = collect(t, testClient(network).RefreshTokens(t.Context(), App("0oa1")))
		wantError(t, err, fmt.Sprintf("okta: GET %s: %d E0000006: No [error ID oae1]", tokensPath, status))

		network = play(refuse(status))
		_, err = collect(t, testClient(network).RefreshTokens(t.Context(), App("0oa1")))
		wantError(t, err, fmt.Sprintf("okta: GET %s: %d E0000006: No [error ID oae1]", tokensPath, status))
	}
}

func TestBodyThatIsNoPageIsAnError(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"null": `the answer is not a list: it is 4 bytes of text`,
		"{}":   `the answer is not a list: it is 2 bytes of JSON`,
		"<html>Please\nlog in</html>": `the answer is not the JSON expected (jsontext: invalid character '<' at start of value): ` +
			`it is an HTML page without a title`,
		`"[]"`:                   `the answer is not a list: it is 4 bytes of text`,
		"":                       "reading the answer: unexpected EOF",
		" \n":                    "reading the answer: unexpected EOF",
		`[{"id":"oar1"},{"id":"`: "reading the answer: unexpected EOF",
		`[{"id":"oar1"}`:         "reading the answer: unexpected EOF",
	} {
		network := play(reply(http.StatusOK, body))
		tokens, err := collect(t, testClient(network, once).RefreshTokens(t.Context(), App("0oa1")))
		wantError(t, err, "okta: "+listRequest+": "+want)
		if len(tokens) != 0 {
			t.Errorf("body %q: got %d tokens, want none", body, len(tokens))
		}
	}
}

func TestTruncatedPageIsAskedForAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network := play(reply(http.StatusOK, `[{"id":"oar1"},{"id":`), reply(http.StatusOK, ""), pageOf("", "oar1", "oar2"))
		tokens, err := collect(t, testClient(network).RefreshTokens(t.Context(), App("0oa1")))
		wantError(t, err, "")
		if diff := cmp.Diff([]string{"oar1", "oar2"}, ids(tokens)); diff != "" {
			t.Errorf("tokens (-want +got):\n%s", diff)
		}
		if got := len(network.requests()); got != 3 {
			t.Errorf("got %d requests, want 3", got)
		}
	})
}

package okta

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNextLinkIsFoundInAnyShape(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		lines []string
		want  string
	}{
		"no header":                 {nil, ""},
		"self only":                 {[]string{`</a>; rel="self"`}, ""},
		"several lines":             {[]string{`</a>; rel="self"`, `</b>; rel="next"`}, "/b"},
		"several lines, next first": {[]string{`</b>; rel="next"`, `</a>; rel="self"`}, "/b"},
		"one joined line":           {[]string{`</a>; rel="self", </b>; rel="next"`}, "/b"},
		"joined without a space":    {[]string{`</a>;rel="self",</b>;rel="next",</c>;rel="last"`}, "/b"},
		"quoted comma":              {[]string{`</a>; title="x, </x>; rel=\"next\""; rel="self", </b>; rel="next"`}, "/b"},
		"quoted quote":              {[]string{`</a>; title="x\", </x>; rel=next"; rel="self", </b>; rel="next"`}, "/b"},
		"quoted semicolon":          {[]string{`</a>; title="x; rel=next; y"; rel="self", </b>; rel="next"`}, "/b"},
		"comma in the target":       {[]string{`</b?after=1,2>; rel="next"`}, "/b?after=1,2"},
		"unquoted":                  {[]string{`</b>; rel=next`}, "/b"},
		"upper case":                {[]string{`</b>; REL="NEXT"`}, "/b"},
		"blanks":                    {[]string{` </b> ; rel = "next" `}, "/b"},
		"other parameters":          {[]string{`</b>; title="page 2"; rel="next"; type="application/json"`}, "/b"},
		"several relations":         {[]string{`</b>; rel="last next"`}, "/b"},
		"longer relation":           {[]string{`</b>; rel="next-archive"`}, ""},
		"not a relation":            {[]string{`</b>; title="next"`}, ""},
		"open quote":                {[]string{`</a>; title="x, </b>; rel="next"`}, ""},
		"garbage, then next":        {[]string{"<<<", `</b>; rel="next"`}, "/b"},
	} {
		if got, err := nextLink(http.Header{"Link": tc.lines}); got != tc.want || err != nil {
			t.Errorf("%s: got %q and the error %v, want %q", name, got, err, tc.want)
		}
	}
}

// An unreadable next link must not look like the end of the list.
func TestAnUnreadableNextLinkIsAnError(t *testing.T) {
	t.Parallel()
	for _, line := range []string{`rel="next"`, `</b; rel="next"`, `<>; rel="next"`, `</a>; rel="self", /b>; rel="next"`} {
		if got, err := nextLink(http.Header{"Link": {line}}); err == nil {
			t.Errorf("%s: got %q, want an error", line, got)
		}
		network := play(reply(http.StatusOK, `[{"id":"oar1"}]`, "Link", line))
		var last error
		for _, err := range testClient(network).RefreshTokens(t.Context(), App("0oa1")) {
			last = err
		}
		if last == nil {
			t.Errorf("%s: the list ended without an error", line)
		}
	}
}

func FuzzNextLink(f *testing.F) {
	f.Add(`</a>; rel="self", </b>; rel="next"`)
	f.Add(`</a>; title="x, \"y\""; rel=next`)
	f.Add(`<`)
	f.Add(`<>;rel="next`)
	f.Fuzz(func(t *testing.T, line string) {
		if got, _ := nextLink(http.Header{"Link": {line}}); !strings.Contains(line, "<"+got+">") && got != "" {
			t.Errorf("nextLink of %q: got %q, which is no target in it", line, got)
		}
	})
}

func FuzzNextQuery(f *testing.F) {
	const path = "/api/v1/users/jane@example.com/clients/a%21b/tokens"
	asked := url.Values{"limit": {"200"}, "expand": {"scope"}}
	f.Add("https://acme.okta.com" + path + "?after=c1&limit=20")
	f.Add("/api/v1/users/jane%40example.com/clients/a!b/tokens?after=c1")
	f.Add("/api/v1/users%2Fjane@example.com/clients/a%21b/tokens?after=c1")
	f.Add("/api/v1/users/x/../jane@example.com/clients/a%21b/tokens")
	f.Add("//foreign.example.com" + path + "?%zz")
	f.Add("?after=c1;x")
	f.Fuzz(func(t *testing.T, link string) {
		query, err := nextQuery(path, asked, link)
		if err != nil {
			return
		}
		values, err := url.ParseQuery(query)
		if err != nil || values.Get("limit") != "200" || values.Get("expand") != "scope" {
			t.Errorf("nextQuery of %q: got %q, %v, want a query that keeps what was asked for", link, query, err)
		}
		base, err := url.Parse("https://acme.okta.com" + path)
		if err != nil {
			t.Fatal(err)
		}
		target, err := base.Parse(link)
		if err != nil {
			t.Fatalf("nextQuery of %q: got %q of what is no URL: %v", link, query, err)
		}
		var segments []string
		for segment := range strings.SplitSeq(target.EscapedPath(), "/") {
			unescaped, err := url.PathUnescape(segment)
			if err != nil {
				t.Fatal(err)
			}
			segments = append(segments, unescaped)
		}
		if diff := cmp.Diff([]string{"", "api", "v1", "users", "jane@example.com", "clients", "a!b", "tokens"}, segments); diff != "" {
			t.Errorf("nextQuery of %q took the query of another path (-want +got):\n%s", link, diff)
		}
	})
}

// A list with a next link continues or ends with an error, whatever the link is and
// whatever other links come with it. It never just ends.
func FuzzNextLinkIsNeverLost(f *testing.F) {
	f.Add("https://acme.okta.com/api/v1/apps/0oa1/tokens?after=c1", `</a>; rel="self"`)
	f.Add("?after=c1", `</a>; title="x, \"y\""; rel=next`)
	f.Add("https://evil.example.com/api/v1/apps/0oa1/tokens?after=c1", "<")
	f.Add("/api/v1/apps/0oa1/tokens/oar1?after=c1", `<>;rel="next`)
	f.Add("", "")
	f.Fuzz(func(t *testing.T, target, other string) {
		if strings.Contains(target, ">") {
			return // it would end there
		}
		for _, lines := range [][]string{{other, "<" + target + `>; rel="next"`}, {"<" + target + `>; rel="next"`, other}} {
			sent := play(func(req *http.Request) (*http.Response, error) {
				resp := answer(req, http.StatusOK, `[{"id":"oar1"}]`)
				resp.Header["Link"] = lines
				return resp, nil
			}, reply(http.StatusOK, `[{"id":"oar2"}]`))
			tokens, err := collect(t, testClient(sent, once).RefreshTokens(t.Context(), App("0oa1")))
			if err == nil && len(tokens) != 2 {
				t.Errorf("%q: got the tokens %v and no error", lines, ids(tokens))
			}
			for _, req := range sent.sent {
				if req.URL.Scheme != "https" || req.URL.Host != "acme.okta.com" || req.URL.Path != "/api/v1/apps/0oa1/tokens" || req.URL.Query().Get("limit") != "200" {
					t.Errorf("%q: got the request %s", lines, req.URL)
				}
			}
		}
	})
}

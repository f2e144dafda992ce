package okta

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
)

// zipped is a text in gzip.
func zipped(t *testing.T, text string) string {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.String()
}

// An unreadable body is named, not shown, and not requested again.
func TestUnaskedEncodingIsNamedAndNotRepeated(t *testing.T) {
	t.Parallel()
	packed := zipped(t, "[]")
	for name, tc := range map[string]struct {
		status int
		body   string
		fields []string
		want   string // "" for success
	}{
		"br":                   {200, "\x1b\x03\x00\xf8\xff", []string{"Content-Encoding", "br"}, "Content-Encoding: br"},
		"gzip twice":           {200, zipped(t, packed), []string{"Content-Encoding", "gzip, gzip"}, "Content-Encoding: gzip, gzip"},
		"gzip, and says no":    {200, packed, nil, "Content-Encoding: gzip"},
		"says gzip, is none":   {200, `[{"id":"oar1"}]`, []string{"Content-Encoding", "gzip"}, "Content-Encoding: gzip"},
		"says deflate, is not": {200, "[]", []string{"Content-Encoding", "deflate"}, "Content-Encoding: deflate"},
		"identity":             {200, "[]", []string{"Content-Encoding", "identity"}, ""},
		"gzip":                 {200, packed, []string{"Content-Encoding", "gzip"}, ""},
		"an error in br":       {403, "\x1b\x03\x00\xf8\xff", []string{"Content-Encoding", "br"}, "403 Forbidden"},
	} {
		asked := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked++
			for i := 0; i < len(tc.fields); i += 2 {
				w.Header().Add(tc.fields[i], tc.fields[i+1])
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(tc.status)
			_, _ = w.Write([]byte(tc.body)) // the client would complain
		}))
		c := serverClient(t, server.URL, func(cfg *Config) { cfg.MaxRetries = 3 })
		err := list(t, c)
		server.Close()
		if tc.want == "" {
			wantError(t, err, "")
		} else if err == nil || !strings.Contains(err.Error(), tc.want) || strings.ContainsAny(err.Error(), "\x1b\x1f\x03") {
			t.Errorf("%s: got %q, want %s in it, and no bytes", name, err, tc.want)
		}
		if asked != 1 {
			t.Errorf("%s: got %d requests, want one", name, asked)
		}
	}
}

// A byte order mark is not part of the JSON.
func TestByteOrderMarkIsSkipped(t *testing.T) {
	t.Parallel()
	tokens, err := collect(t, testClient(play(reply(http.StatusOK, "\ufeff"+`[{"id":"oar1"}]`)), once).RefreshTokens(t.Context(), App("0oa1")))
	wantError(t, err, "")
	if len(tokens) != 1 {
		t.Errorf("got %d tokens, want 1", len(tokens))
	}
	err = refusal(t, reply(http.StatusOK, "\ufeff"+`[{"id":"oar1"},`))
	wantError(t, err, "okta: GET "+tokensPath+": reading the answer: unexpected EOF")
}

// Anything except strict JSON is an error.
func TestListOfAnotherGrammarIsAnError(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`[{"id":NaN}]`, `[{"id":"oar1",}]`, `[{"id":"oar1"},]`, `[{'id':'oar1'}]`, `[{"id":"oar1"}] [{"id":"oar2"}]`, `[{"id":"oar1"}]]`,
		`[{"id":"oar1","scopes":[NaN]}]`, `[{"id":"oar1","created":Infinity}]`,
		`[{"id":"oar1","x":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}]`,
		`[{"id":"oar1","created":"a","created":"b"}]`, `[{"id":"oar1","_links":{"app":{},"app":{}}}]`,
	} {
		tokens, err := readTokens([]byte(body))
		if err == nil || tokens != nil {
			t.Errorf("%.60s: got %d tokens, %v, want an error", body, len(tokens), err)
		}
	}
}

// Okta has one success status for each method.
func TestOnlyOktasYesIsOne(t *testing.T) {
	t.Parallel()
	for status := 200; status < 208; status++ {
		network := play(reply(status, "[]"))
		if err := list(t, testClient(network, once)); (err == nil) != (status == http.StatusOK) {
			t.Errorf("a list with %d: got %v", status, err)
		}
		for _, body := range []string{"", "{}", "null", "<html>"} {
			err := revoke(t.Context(), testClient(play(reply(status, body)), once), "")
			if status == http.StatusNoContent {
				wantError(t, err, "")
				continue
			}
			if !IsUncertain(err) {
				t.Errorf("a DELETE with %d and %q: got %v, want it uncertain", status, body, err)
			}
			if e, ok := err.(*Error); body == "{}" && (!ok || e.StatusCode != status) { //nolint:errorlint // It is not wrapped.
				t.Errorf("a DELETE with %d: got %v, want an *Error with the status", status, err)
			}
		}
	}
}

// A response that is small on the wire must not be large in memory. The test counts all
// allocations, including buffers that were outgrown.
func TestSmallAnswerStaysSmall(t *testing.T) { //nolint:paralleltest // It measures memory.
	const most = 12 * maxBody
	fill := func(item string) string {
		return "[" + strings.Repeat(item+",", (maxBody-1024)/(len(item)+1)) + item + "]"
	}
	listTokens := func(c *Client) error { return list(t, c) }
	listClients := func(c *Client) error { _, err := collect(t, c.Clients(t.Context(), User("00u1"))); return err }
	for name, tc := range map[string]struct {
		status int
		body   string
		call   func(*Client) error
		fits   bool // with fields that cannot be read
	}{
		"empty objects":   {http.StatusOK, fill("{}"), listTokens, false},
		"a long error":    {http.StatusForbidden, fill("{}"), listTokens, false},
		"short tokens":    {http.StatusOK, fill(`{"id":"x"}`), listTokens, false},
		"short clients":   {http.StatusOK, fill(`{"client_id":"x"}`), listClients, false},
		"numbers":         {http.StatusOK, `[{"id":"x","scopes":` + fill("1") + `}]`, listTokens, true},
		"scopes in full":  {http.StatusOK, `[{"id":"x","_embedded":{"scopes":` + fill(`{}`) + `}}]`, listTokens, true},
		"blanks, no end":  {http.StatusOK, strings.Repeat(" ", 4*maxBody), listTokens, false},
		"blanks, refused": {http.StatusForbidden, strings.Repeat(" ", 4*maxBody), listTokens, false},
	} {
		packed := zipped(t, tc.body)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(tc.status)
			_, _ = w.Write([]byte(packed)) // the client hangs up
		}))
		c := serverClient(t, server.URL)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := tc.call(c)
		runtime.ReadMemStats(&after)
		server.Close()
		if used := after.TotalAlloc - before.TotalAlloc; used > most {
			t.Errorf("%s: got %d MiB for %d kB, %v, want at most %d MiB", name, used>>20, len(packed)>>10, err, most>>20)
		}
		if (err == nil) != tc.fits {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// The bounds allow any real page: 200 tokens with the details of 200 scopes each, and more
// clients than any org has.
func TestHonestPageFits(t *testing.T) {
	t.Parallel()
	scope := `{"id":"scp0123456789abcdefg","name":"scope.of.some.length.%d","displayName":"A scope of some length","description":"` + strings.Repeat("What it allows. ", 10) + `"}`
	var scopes []string
	for i := range 200 {
		scopes = append(scopes, fmt.Sprintf(scope, i))
	}
	token := strings.Replace(wholeToken, `"scopes":[{"id"`, `"scopes":[`+strings.Join(scopes, ",")+`,{"id"`, 1)
	tokens, err := collect(t, testClient(play(reply(http.StatusOK, "["+strings.Repeat(token+",", 199)+token+"]")), once).RefreshTokens(t.Context(), App("0oa1")))
	if err != nil || len(tokens) != 200 || len(tokens[199].ScopeDetails) != 201 {
		t.Fatalf("got %d tokens, %v, want 200", len(tokens), err)
	}
	const client = `{"client_id":"0oa0123456789abcdefg","client_name":"A client of some length","client_uri":"https://client.example.com/","logo_uri":"https://client.example.com/logo.png"}`
	const many = 50_000
	clients, err := collect(t, testClient(play(reply(http.StatusOK, "["+strings.Repeat(client+",", many-1)+client+"]")), once).Clients(t.Context(), User("00u1")))
	if err != nil || len(clients) != many {
		t.Errorf("got %d clients, %v, want %d", len(clients), err, many)
	}
}

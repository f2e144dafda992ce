package acceptance

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// word is the last that Okta said of a live token. The provider may only believe what the
// last word says: whatever it was told before, a token that is shown lives.
type word int

const (
	unsaid        word = iota
	aliveWord          // an answer shows it alive
	hiddenWord         // a list was read to its end without it
	confirmedWord      // a DELETE of it was answered with 204
)

// reading is a list that is being read.
type reading map[string]bool // IDs that it has shown

// hear takes down what an answer says of live tokens.
func (n *troubledNetwork) hear(req *http.Request, resp *http.Response) {
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), brokenReader{}))
		return
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	path := req.URL.Path
	switch {
	case req.Method == http.MethodDelete && resp.StatusCode == http.StatusNoContent:
		for _, id := range n.meant(req) {
			n.say(confirmedWord, id)
		}
		if aBulkDELETE(req.Method, path) && !n.bulk[path] {
			n.bulk[path] = true
			n.confirmedAt[path] = len(n.requests)
		}
	case req.Method != http.MethodGet || resp.StatusCode != http.StatusOK:
	case aList(req.Method, path):
		n.hearList(req, resp, body)
	case strings.HasPrefix(last(path), "oar"):
		if json.Unmarshal(body, new(map[string]any)) == nil {
			n.say(aliveWord, last(path))
		}
	}
}

// hearList takes down whom a page shows and, if it is the last one, whom the list left out.
func (n *troubledNetwork) hearList(req *http.Request, resp *http.Response, body []byte) {
	var items []struct {
		ID       string `json:"id"`
		Status   string `json:"status"`
		ClientID string `json:"client_id"` //nolint:tagliatelle // as Okta spells it
	}
	if !bytes.HasPrefix(body, []byte("[")) || json.Unmarshal(body, &items) != nil {
		return
	}
	path := req.URL.Path
	if n.walks[path] == nil || !req.URL.Query().Has("after") {
		n.walks[path] = reading{}
	}
	seen := n.walks[path]
	for _, item := range items {
		seen[item.ID+item.ClientID] = true
	}
	ofTokens := strings.HasSuffix(path, "/tokens")
	more := slices.ContainsFunc(resp.Header.Values("Link"), func(link string) bool { return strings.Contains(link, `rel="next"`) })
	for _, token := range n.org.Tokens() {
		if token.Status == "REVOKED" {
			continue
		}
		switch listed := ofTokens && seen[token.ID] || !ofTokens && seen[token.ClientID]; {
		case ofTokens && listed:
			n.say(aliveWord, token.ID)
		case !hangsFrom(path, token) || !listed && more:
		case !listed:
			n.say(hiddenWord, token.ID)
			n.unnamed[token.ID] = !ofTokens
		case n.words[token.ID] == hiddenWord && n.unnamed[token.ID]:
			n.say(aliveWord, token.ID) // its client is named again, so it can be listed
		}
	}
}

func (n *troubledNetwork) say(w word, id string) {
	n.words[id] = w
	n.lied = n.lied || w == hiddenWord
	n.shown[id] = n.shown[id] || w == aliveWord
	n.promised[id] = n.promised[id] || w == confirmedWord
}

// hangsFrom reports whether a token is below a path: that of a list of tokens or clients, or of
// a token.
func hangsFrom(path string, t oktafake.Token) bool {
	segments := strings.Split(strings.TrimPrefix(path, "/api/v1/"), "/")
	for i := 0; i+1 < len(segments); i += 2 {
		id := segments[i+1]
		matches := map[string]bool{
			"authorizationServers": t.AuthServerID == id, "users": t.UserID == id, "clients": t.ClientID == id,
			"apps": t.ClientID == id, "tokens": t.ID == id,
		}
		if !matches[segments[i]] {
			return false
		}
	}
	return true
}

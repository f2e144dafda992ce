package acceptance

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// lies are answers that look right and are not, or not the whole truth.
var lies = []trouble{
	{name: "short", can: aList, strike: instead(200, "[]")},
	{name: "lie", can: aDELETE, strike: instead(204, ""), lasts: true},

	{name: "reordered", can: aList, lasts: true, strike: relisted(func(items []json.RawMessage) []json.RawMessage {
		slices.Reverse(items)
		return items
	})},
	{name: "twice", can: aList, lasts: true, strike: relisted(func(items []json.RawMessage) []json.RawMessage {
		return slices.Concat(items, items)
	})},
	{name: "null-item", can: aList, strike: relisted(func(items []json.RawMessage) []json.RawMessage {
		return append(items, json.RawMessage("null"))
	})},
	{name: "next-lost", can: aTokenList, strike: relinked(func(*http.Request, string) string { return "" })},
	{name: "next-loops", can: aTokenList, lasts: true, strike: relinked(func(req *http.Request, _ string) string {
		return "<" + req.URL.String() + `>; rel="next"`
	})},
	{name: "next-elsewhere", can: aTokenList, strike: relinked(func(_ *http.Request, link string) string {
		return strings.Replace(link, "/tokens", "/grants", 1)
	})},
	{name: "next-foreign", can: aTokenList, lasts: true, strike: relinked(func(_ *http.Request, link string) string {
		return strings.Replace(link, "https://org.invalid", "https://org-admin.invalid", 1)
	})},
	{name: "next-broken", can: aTokenList, strike: relinked(func(_ *http.Request, link string) string {
		return strings.Replace(link, ">", "", 1)
	})},
	{name: "stale", can: aGET, strike: (*troubledNetwork).answerAsBefore, lasts: true},

	{name: "skipped", can: aList, lasts: true, strike: relisted(func(items []json.RawMessage) []json.RawMessage {
		if len(items) == 0 {
			return items
		}
		return slices.Delete(items, len(items)/2, len(items)/2+1)
	})},
	{name: "foreign", can: aTokenList, lasts: true, strike: (*troubledNetwork).listForeign},
	{name: "denied", can: aDELETE, strike: (*troubledNetwork).deny},
	{name: "late", can: aTokenList, strike: (*troubledNetwork).listLate},
	{name: "spared", can: aBulkDELETE, strike: (*troubledNetwork).spare},
	{name: "clock-ahead", can: anyRequest, strike: dated(100)},
	{name: "clock-behind", can: anyRequest, strike: dated(-30)},

	{name: "odd-created", can: aTokenList, lasts: true, strike: odd("created", `"2023-07-17 11:28:57 +0000 UTC"`)},
	{name: "odd-oktafake.Epoch", can: aTokenList, strike: odd("lastUpdated", `1689593337`)},
	{name: "odd-expiry", can: aTokenList, strike: odd("expiresAt", `"never"`)},
	{name: "odd-links", can: aTokenList, strike: odd("_links", `{"app":[{"href":"x"}]}`)},
	{name: "odd-scopes", can: aTokenList, strike: lacking("scopes", `[null]`, "any_scopes", "all_scopes")},
	{name: "no-scopes", can: aTokenList, strike: lacking("scopes", `null`, "any_scopes", "all_scopes")},
	{name: "one-scope", can: aTokenList, strike: odd("scopes", `"openid"`)},
	{name: "no-user", can: aTokenList, lasts: true, strike: lacking("userId", `null`, "user_ids")},
}

// relisted changes the items of Okta's answer to a list.
func relisted(change func([]json.RawMessage) []json.RawMessage) func(*troubledNetwork, *http.Request) (*http.Response, error) {
	return func(n *troubledNetwork, req *http.Request) (*http.Response, error) {
		resp, err := n.org.RoundTrip(req)
		if err != nil || resp.StatusCode != http.StatusOK {
			return resp, err
		}
		defer resp.Body.Close()
		var items []json.RawMessage
		if err := json.NewDecoder(resp.Body).Decode(&items); err != nil {
			return nil, err
		}
		body, err := json.Marshal(change(items))
		if err != nil {
			return nil, err
		}
		resp.Body, resp.ContentLength = io.NopCloser(strings.NewReader(string(body))), int64(len(body))
		return resp, nil
	}
}

// relinked changes the link to the next page, where there is one.
func relinked(change func(req *http.Request, link string) string) func(*troubledNetwork, *http.Request) (*http.Response, error) {
	return func(n *troubledNetwork, req *http.Request) (*http.Response, error) {
		resp, err := n.org.RoundTrip(req)
		if err != nil {
			return nil, err
		}
		var lines []string
		for _, line := range resp.Header.Values("Link") {
			if strings.Contains(line, `rel="next"`) {
				line = change(req, line)
			}
			if line != "" {
				lines = append(lines, line)
			}
		}
		resp.Header["Link"] = lines
		return resp, nil
	}
}

// odd gives one record of a list another value.
func odd(field, value string) func(*troubledNetwork, *http.Request) (*http.Response, error) {
	//nolint:bodyclose // the client closes it
	return relisted(func(items []json.RawMessage) []json.RawMessage {
		if len(items) == 0 {
			return items
		}
		var record map[string]json.RawMessage
		if json.Unmarshal(items[0], &record) != nil || record == nil {
			return items
		}
		record[field] = json.RawMessage(value)
		changed, err := json.Marshal(record)
		if err != nil {
			return items
		}
		return slices.Concat([]json.RawMessage{changed}, items[1:])
	})
}

// lacking takes a field from one record of a list, which a guard may then take for a protected
// token. A filter that looks at the field does not match the record, so it gets the whole one.
func lacking(field, value string, parts ...string) func(*troubledNetwork, *http.Request) (*http.Response, error) {
	return func(n *troubledNetwork, req *http.Request) (*http.Response, error) {
		if slices.ContainsFunc(parts, n.filters) {
			return n.pass(req)
		}
		n.mu.Lock()
		n.lied = true
		n.mu.Unlock()
		return odd(field, value)(n, req)
	}
}

// omitting leaves a token out of a list.
func omitting(id string) func([]json.RawMessage) []json.RawMessage {
	return func(items []json.RawMessage) []json.RawMessage {
		return slices.DeleteFunc(items, func(item json.RawMessage) bool {
			var token struct{ ID string }
			return json.Unmarshal(item, &token) == nil && token.ID == id
		})
	}
}

// dated lets a request through, with a Date that is years away.
func dated(years int) func(*troubledNetwork, *http.Request) (*http.Response, error) {
	return func(n *troubledNetwork, req *http.Request) (*http.Response, error) {
		resp, err := n.pass(req)
		if err == nil {
			resp.Header.Set("Date", time.Now().UTC().AddDate(years, 0, 0).Format(http.TimeFormat))
		}
		return resp, err
	}
}

// listForeign adds to a list a token of another parent, which says so, and which a DELETE below
// this parent then revokes all the same.
func (n *troubledNetwork) listForeign(req *http.Request) (*http.Response, error) {
	tokens := n.org.Tokens()
	i := slices.IndexFunc(tokens, func(t oktafake.Token) bool { return t.Status != "REVOKED" && !hangsFrom(req.URL.Path, t) })
	if i < 0 {
		return n.pass(req)
	}
	home := "/api/v1/apps/" + tokens[i].ClientID + "/tokens/" + tokens[i].ID
	there := req.Clone(req.Context())
	there.URL.Path, there.URL.RawQuery = home, ""
	resp, err := n.org.RoundTrip(there)
	if err != nil || resp.StatusCode != http.StatusOK {
		return n.pass(req)
	}
	defer resp.Body.Close()
	record, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	n.homes[req.URL.Path+"/"+tokens[i].ID] = home
	n.mu.Unlock()
	return relisted(func(items []json.RawMessage) []json.RawMessage { return append(items, record) })(n, req)
}

// listLate leaves a selected token out of lists, and has DELETEs of all tokens spare it, until one
// was answered: an index that has yet to hear of it, though it is old.
func (n *troubledNetwork) listLate(req *http.Request) (*http.Response, error) {
	for _, id := range n.selected() {
		if hangsFrom(req.URL.Path, n.token(id)) {
			n.mu.Lock()
			n.late = id
			n.mu.Unlock()
			break
		}
	}
	return n.pass(req)
}

// deny lets a DELETE take effect, and says that there was nothing to revoke: whoever believes
// it, and nobody can tell, does not know that it was by this DELETE.
func (n *troubledNetwork) deny(req *http.Request) (*http.Response, error) {
	meant := n.meant(req)
	n.mu.Lock()
	for _, id := range meant {
		n.lost[id] = true
	}
	n.mu.Unlock()
	return after(instead(404, errorJSON("E0000007", "Not found: Resource not found: x (OAuth2RefreshTokenTx)")))(n, req)
}

// spare has a DELETE of all tokens spare one of them.
func (n *troubledNetwork) spare(req *http.Request) (*http.Response, error) {
	if meant := n.meant(req); len(meant) > 0 {
		defer n.org.AddToken(n.token(meant[0]))
		n.org.RemoveToken(meant[0])
	}
	return n.pass(req)
}

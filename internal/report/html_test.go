package report

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// render returns the page of an object.
func render(t testing.TB, object row) string {
	t.Helper()
	inventory, err := ParseInventory(object)
	if err != nil {
		t.Fatal(err)
	}
	text, err := HTML("Audit", inventory)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// wantTexts fails the test unless the page has all these texts, in this order.
func wantTexts(t *testing.T, page string, texts ...string) {
	t.Helper()
	rest := plainText(page)
	for _, text := range texts {
		_, after, found := strings.Cut(rest, text)
		if !found {
			t.Fatalf("the page does not say %q in\n%.2000s", text, rest)
		}
		rest = after
	}
}

var (
	notText = regexp.MustCompile(`(?s)<style>.*?</style>|<script>.*?</script>`)
	tag     = regexp.MustCompile(`<[^>]*>`)
	spaces  = regexp.MustCompile(`\s+`)
)

// plainText returns a page with spaces instead of tags.
func plainText(page string) string {
	text := tag.ReplaceAllString(notText.ReplaceAllString(page, ""), " ")
	return spaces.ReplaceAllString(html.UnescapeString(text), " ")
}

func number(n int) json.Number { return json.Number(fmt.Sprint(n)) }

// full returns an inventory with an example of everything.
func full(more row) row {
	object := row{
		"org_url": "https://acme.okta.com", "read_at": "2026-03-15T12:00:00Z",
		"complete": true, "failures": []any{}, "on_error": "fail", "include_tokens": true, "include_users": true,
		"auth_server_ids": nil, "client_ids": []any{"0oa1", "0oa2"}, "user_ids": nil, "app_ids": []any{},
		"filter":      row{"older_than": "720h", "never_expires": true, "any_scopes": []any{"orders:write"}, "user_ids": nil},
		"token_count": number(1201), "client_count": number(2), "user_count": number(2),
		"clients": []any{
			row{
				"auth_server_id": nil, "auth_server_name": nil, "client_id": "0oa2", "client_name": nil, "token_count": number(1), "user_count": number(1),
				"oldest_created": nil, "newest_created": nil, "oldest_last_updated": nil, "never_expires_count": number(0), "scope_counts": row{},
			},
			row{
				"auth_server_id": "aus1", "auth_server_name": "Payments", "client_id": "0oa1", "client_name": "Till", "token_count": number(1200), "user_count": number(2),
				"oldest_created": "2025-03-15T08:00:00.000Z", "newest_created": "2026-03-15T08:00:00.000Z", "oldest_last_updated": "2026-03-01T08:00:00.000Z",
				"never_expires_count": number(3), "scope_counts": row{"openid": number(5), "orders:write": number(1200)},
			},
		},
		"age_histogram": []any{
			row{"days_from": number(0), "days_to": number(1), "token_count": number(1)},
			row{"days_from": number(1), "days_to": number(7), "token_count": number(0)},
			row{"days_from": number(7), "days_to": nil, "token_count": number(1199)},
		},
		"users": []any{row{"user_id": "00u1", "user_name": "Amara Abara", "token_count": number(1), "client_count": number(1)}, row{"user_id": "00u2", "user_name": nil, "token_count": number(1200), "client_count": number(2)}},
		"tokens": []any{
			row{"id": "oar2", "status": "REVOKED", "client_id": "0oa2", "user_id": "00u2", "auth_server_id": nil, "created": "2026-03-15T08:00:00Z", "expires_at": "2026-04-15T08:00:00Z", "scopes": []any{"openid"}},
			row{"id": "oar1", "status": "ACTIVE", "client_id": "0oa1", "client_name": "Till", "user_id": "00u1", "user_name": "Amara Abara", "auth_server_id": "aus1", "auth_server_name": "Payments", "created": "2025-03-15T08:00:00Z", "last_updated": "2026-03-01T08:00:00Z", "expires_at": nil, "scopes": []any{"openid", "orders:write"}},
		},
	}
	maps.Copy(object, more)
	return object
}

func TestHTML(t *testing.T) {
	t.Parallel()
	page := render(t, full(nil))
	wantTexts(t, page,
		"Audit", "Org https://acme.okta.com", "As of 2026-03-15 12:00 UTC", "Complete : everything that was asked for was read to its end",
		"Totals", "Refresh tokens 1,201", "Clients 2", "Users 2", "Never expire 3 0.2 % of the tokens", "Oldest token 2025-03-15 365 days",
		"What was counted", "Authorization servers every custom one", "Apps none", "Only the clients 0oa1, 0oa2",
		"Only any scopes orders:write", "Only never expires true", "Only older than 720h",
		"Age of the tokens", "less than 1 day: 1 token; 1 to 6 days: 0 tokens; 7 days or more: 1,199 tokens.",
		"less than 1 day 1 < 0.1 %", "1 to 6 days 0 0 %", "7 days or more 1,199 > 99 %", "1 more token without an age",
		"Clients", "Till 0oa1 Payments aus1 1,200 2 3 2025-03-15 365 days 2026-03-15 0 days 2026-03-01 14 days orders:write 1,200 openid 5",
		"0oa2 Org authorization server 1 1 0",
		"Users", "00u2 1,200 2", "Amara Abara 00u1 1 1",
		"Tokens", "oar1 Till 0oa1 Amara Abara 00u1 Payments aus1 2025-03-15 08:00 365 days 2026-03-01 08:00 14 days never openid, orders:write",
		"oar2 REVOKED 0oa2 00u2 Org authorization server 2026-03-15 08:00 0 days 2026-04-15 08:00 openid",
	)
	for _, wrong := range []string{"Incomplete", "user ids", "and 0 more"} {
		if strings.Contains(plainText(page), wrong) {
			t.Errorf("the page says %q", wrong)
		}
	}
	if again := render(t, full(nil)); again != page {
		t.Error("the same inventory gave a different page")
	}
}

// A page says only what the object says.
func TestHTMLOfTheLeast(t *testing.T) {
	t.Parallel()
	page := render(t, least(row{"token_count": number(5)}))
	wantTexts(t, page, "Audit", "As of a time that is not stated", "Complete", "Totals", "Refresh tokens 5", "Clients", "No client holds a refresh token.")
	for _, wrong := range []string{"Org ", "Users", "Never expire", "Oldest", "What was counted", "every custom", "Age of the tokens", "Tokens", " days", "Incomplete"} {
		if strings.Contains(plainText(page), wrong) {
			t.Errorf("the page says %q, which the object does not have", wrong)
		}
	}
}

// What a row lacks is blank: no "0", no "never", no server.
func TestHTMLOfBareRows(t *testing.T) {
	t.Parallel()
	page := render(t, least(row{
		"token_count": number(2),
		"clients":     []any{row{"client_id": "0oa1", "token_count": number(2)}},
		"users":       []any{row{"user_id": "00u1", "token_count": number(2)}},
		"tokens":      []any{row{"id": "oar1", "client_id": "0oa1"}, row{"id": "oar2", "expires_at": nil, "auth_server_id": nil}},
	}))
	wantTexts(t, page,
		"Totals Refresh tokens 2 Clients", "Scopes and their tokens 0oa1 2 Users", "Clients 00u1 2 Tokens",
		"Expires Scopes oar1 0oa1 oar2 Org authorization server never Written by",
	)
}

// Without read_at, nothing has an age. A time after it has none, either. Text that is
// not a time is shown as it is.
func TestHTMLAges(t *testing.T) {
	t.Parallel()
	client := func(oldest string) row {
		return row{"clients": []any{row{"client_id": "0oa1", "token_count": number(1), "oldest_created": oldest}}, "token_count": number(1)}
	}
	for _, tc := range []struct{ name, readAt, oldest, want string }{
		{"aged", "2026-03-15T12:00:00Z", "2026-03-14T12:00:00Z", "2026-03-14 1 day"},
		{"nearly a day", "2026-03-15T12:00:00Z", "2026-03-14T12:00:01Z", "2026-03-14 0 days"},
		{"in another zone", "2026-03-15T12:00:00Z", "2026-03-14T01:00:00+02:00", "2026-03-13 1 day"},
		{"in the future", "2026-03-15T12:00:00Z", "2026-03-16T12:00:00Z", "2026-03-16"},
		{"no read_at", "", "2026-03-14T12:00:00Z", "2026-03-14"},
		{"not a time", "2026-03-15T12:00:00Z", "long ago", "long ago"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			object := least(client(tc.oldest))
			if tc.readAt != "" {
				object["read_at"] = tc.readAt
			}
			wantTexts(t, render(t, object), "0oa1 1 "+tc.want+" Written by") // with no age before the cells that are empty
		})
	}
}

func TestHTMLSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		more row
		want []string
	}{
		{"one list", row{"complete": false, "failures": []any{row{"auth_server_id": "aus1", "client_id": "0oa1", "error": "okta: 403 E0000006", "tokens_seen": number(1200)}}}, []string{
			"Incomplete: the figures on this page may be too low", "1 list could not be read", "in it may be missing",
			"authorization server aus1 client 0oa1 1,200 okta: 403 E0000006", "Totals",
		}},
		{"lists of every kind", row{"complete": false, "failures": []any{row{"user_id": "00u1", "error": "a"}, row{"app_id": "0oa1", "error": "b", "tokens_seen": number(0)}, row{"error": "c"}}}, []string{
			"3 lists could not be read", "in them may be missing", "user 00u1 a", "app 0oa1 0 b", "the list of authorization servers c",
		}},
		{"failures beside complete", row{"failures": []any{row{"auth_server_id": "aus1"}}}, []string{"Incomplete", "1 list"}},
		{"no failures", row{"complete": false}, []string{"Incomplete", "The inventory does not say what could not be read."}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			page := render(t, full(tc.more))
			wantTexts(t, page, tc.want...)
			if strings.Contains(plainText(page), "was read to its end") || !strings.Contains(page, `role="alert"`) {
				t.Error("the page does not raise an alarm, or calls itself complete")
			}
		})
	}
}

// The summary is of a million tokens. The page counts what it leaves out.
func TestHTMLOfALargeOrg(t *testing.T) {
	t.Parallel()
	start := time.Now()
	page := render(t, large())
	t.Logf("%d bytes in %s", len(page), time.Since(start))
	if limit := 1_000_000; len(page) > limit {
		t.Errorf("the page has %d bytes, want at most %d", len(page), limit)
	}
	wantTexts(t, page,
		"110 lists could not be read", "and 10 more lists",
		"Refresh tokens 1,045,000", "The 400 with the most tokens, of 10,000", "Client 90 of", "and 9,600 more rows , which hold 1,001,400 tokens",
		"The 400 with the most tokens, of 100,000", "and 99,600 more users , who hold 996,000 tokens",
		"The 400 oldest, of 2,000", "and 1,600 more tokens , none of them older",
	)
}

// large returns an org with the most of everything, and names as long as Okta allows.
func large() row {
	var clients, users, tokens, failures []any
	scopes := row{}
	for i := range 40 {
		scopes[fmt.Sprintf("scope-of-a-resource:%02d", i)] = number(i)
	}
	for i := range 10_000 {
		clients = append(clients, row{
			"auth_server_id": "aus8k2lmq4RtXw7Zn5d7", "auth_server_name": "Payments and settlements of the group", "client_id": fmt.Sprintf("0oa%017d", i),
			"client_name": fmt.Sprintf("Client %d of a team with a long name & <more>", i), "token_count": number(100 + i%100/10), "user_count": number(90),
			"oldest_created": "2025-03-15T08:00:00.000Z", "newest_created": "2026-03-15T08:00:00.000Z", "oldest_last_updated": "2026-03-01T08:00:00.000Z",
			"never_expires_count": number(i % 3), "scope_counts": scopes,
		})
	}
	for i := range 100_000 {
		users = append(users, row{"user_id": fmt.Sprintf("00u%017d", i), "user_name": fmt.Sprintf("Wanjiru Lindqvist %d", i), "token_count": number(10), "client_count": number(7)})
	}
	for i := range 2_000 {
		tokens = append(tokens, row{
			"id": fmt.Sprintf("oar%017d", i), "client_id": "0oa3f9hbc6JyPs1Qv5d7", "client_name": "Client of a team", "user_id": "00u6t4vnd2KgLe8Hx5d7", "user_name": "Wanjiru Lindqvist",
			"auth_server_id": "aus8k2lmq4RtXw7Zn5d7", "auth_server_name": "Payments", "created": "2025-03-15T08:00:00.000Z", "last_updated": "2026-03-15T08:00:00.000Z",
			"expires_at": "2026-04-15T08:00:00.000Z", "scopes": []any{"offline_access", "openid", "orders:read", "orders:write"},
		})
	}
	for i := range 110 {
		failures = append(failures, row{"auth_server_id": fmt.Sprintf("aus%d", i), "error": strings.Repeat("okta: 500 E0000009 Internal Server Error ", 5)})
	}
	return full(row{
		"complete": false, "failures": failures, "clients": clients, "users": users, "tokens": tokens,
		"token_count": number(1_045_000), "client_count": number(10_000), "user_count": number(100_000),
	})
}

// Every string of an object becomes text on the page.
func TestHTMLEscapes(t *testing.T) {
	t.Parallel()
	const evil = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>{{.}}` + "\u2028`${1}"
	object := poison(full(row{"complete": false, "failures": []any{row{"auth_server_id": "x", "user_id": "x", "app_id": "x", "client_id": "x", "error": "x"}}}), evil)
	inventory, err := ParseInventory(object)
	if err != nil {
		t.Fatal(err)
	}
	page, err := HTML(evil, inventory)
	if err != nil {
		t.Fatal(err)
	}
	clean, err := HTML("Audit", inventory)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{page, clean} {
		if got := strings.Count(text, "<script>"); got != 1 {
			t.Errorf("got %d scripts, want the page's own", got)
		}
		for _, wrong := range []string{"<img", "alert(1)>", "onerror=alert(1)>"} {
			if strings.Contains(text, wrong) {
				t.Errorf("the page holds %s", wrong)
			}
		}
	}
	if got := strings.Count(plainText(page), "onerror=alert(1)"); got < 30 {
		t.Errorf("the page shows the text %d times, want it in every place", got)
	}
}

// No text can change the lines around it or hide itself.
func TestHTMLShowsNoControls(t *testing.T) {
	t.Parallel()
	const evil = "a\u202eb\u2066c\u200bd\x1b[2Je\nf"
	object := poison(full(row{"complete": false, "failures": []any{row{"auth_server_id": "x", "error": "x"}}}), evil)
	inventory, err := ParseInventory(object)
	if err != nil {
		t.Fatal(err)
	}
	page, err := HTML(evil, inventory)
	if err != nil {
		t.Fatal(err)
	}
	if i := strings.IndexAny(page, "\u202e\u2066\u200b\x1b"); i >= 0 {
		t.Errorf("the page holds %q", page[max(0, i-20):i+20])
	}
	if got := strings.Count(page, "a\ufffdb\ufffdc\ufffdd\ufffd[2Je\ufffdf"); got < 30 {
		t.Errorf("the page shows the text %d times, want it in every place", got)
	}
}

// poison replaces every string except read_at with a text.
func poison(object row, text string) row {
	poisoned := row{}
	for name, value := range object {
		poisoned[name] = poisonValue(value, text)
	}
	if readAt, ok := object["read_at"]; ok {
		poisoned["read_at"] = readAt
	}
	return poisoned
}

func poisonValue(value any, text string) any {
	switch value := value.(type) {
	case string:
		return text
	case row:
		return poison(value, text)
	case []any:
		list := make([]any, len(value))
		for i, element := range value {
			list[i] = poisonValue(element, text)
		}
		return list
	default:
		return value
	}
}

// The policy allows the page's own style and script, and nothing else.
func TestHTMLPolicy(t *testing.T) {
	t.Parallel()
	page := render(t, full(nil))
	inside := func(start, end string) string {
		_, rest, _ := strings.Cut(page, start)
		text, _, found := strings.Cut(rest, end)
		if !found {
			t.Fatalf("no %s", start)
		}
		return text
	}
	got := html.UnescapeString(inside(`Content-Security-Policy" content="`, `"`))
	want := "default-src 'none'; style-src '" + hash(inside("<style>", "</style>")) + "'; script-src '" + hash(inside("<script>", "</script>")) +
		"'; img-src data:; base-uri 'none'; form-action 'none'"
	if got != want {
		t.Errorf("got the policy\n\t%s\nwant\n\t%s", got, want)
	}
	if strings.Index(page, "Content-Security-Policy") > strings.Index(page, "<style>") {
		t.Error("the policy comes after the style, so it does not apply to it")
	}
	for _, address := range regexp.MustCompile(`\b(?:src|href|action|srcset|poster|data)="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if address[1] != "data:," {
			t.Errorf("the page points to %s", address[1])
		}
	}
	if strings.Contains(page, "style=") || strings.Contains(page, "url(") || strings.Contains(page, "@import") {
		t.Error("the page has styles that the policy refuses")
	}
}

// Assistive technology needs heading levels without a gap, and header cells with a scope.
func TestHTMLStructure(t *testing.T) {
	t.Parallel()
	for name, object := range map[string]row{
		"full":       full(nil),
		"the least":  least(nil),
		"incomplete": full(row{"complete": false, "failures": []any{row{"error": "x"}}}),
	} {
		page := render(t, object)
		last := 0
		for _, heading := range regexp.MustCompile(`<h([1-6])`).FindAllStringSubmatch(page, -1) {
			level := int(heading[1][0] - '0')
			if level > last+1 {
				t.Errorf("%s: h%d follows h%d", name, level, last)
			}
			last = level
		}
		if got := len(regexp.MustCompile(`<th(?: |>)`).FindAllString(page, -1)) - strings.Count(page, `<th scope="`); got != 0 {
			t.Errorf("%s: %d header cells have no scope", name, got)
		}
		if tables, captions := strings.Count(page, "<table"), strings.Count(page, "<caption"); tables != captions {
			t.Errorf("%s: %d tables have %d captions", name, tables, captions)
		}
		ids := regexp.MustCompile(` id="([^"]*)"`).FindAllString(page, -1)
		if slices.Sort(ids); len(slices.Compact(slices.Clone(ids))) != len(ids) {
			t.Errorf("%s: an ID occurs twice in %v", name, ids)
		}
	}
}

package okta

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// maxTitle is how many bytes of a page's title an error repeats.
const maxTitle = 100

var (
	title = regexp.MustCompile(`(?is)<title\b[^>]*>(.*?)(?:</title|$)`)
	tag   = regexp.MustCompile(`(?s)</?[a-zA-Z!][^<>]{0,200}>`)
)

// describe says what a body is that is not Okta's. It quotes nothing except the
// title of a page: some proxies show the request that they refused, with its
// headers. The caller redacts the title.
func describe(body []byte) string {
	trimmed := bytes.TrimSpace(body)
	start := trimmed[:min(len(trimmed), 64<<10)]
	switch {
	case len(trimmed) == 0:
		return ""
	case !utf8.Valid(start[:max(0, len(start)-utf8.UTFMax)]) || bytes.IndexByte(start, 0) >= 0:
		return fmt.Sprintf("%d bytes that are no text", len(body))
	case start[0] == '<':
		return describePage(string(start))
	case start[0] == '{' || start[0] == '[':
		return fmt.Sprintf("%d bytes of JSON", len(body))
	default:
		return fmt.Sprintf("%d bytes of text", len(body))
	}
}

func describePage(page string) string {
	found := title.FindStringSubmatch(page)
	if found == nil {
		return "an HTML page without a title"
	}
	text := html.UnescapeString(tag.ReplaceAllString(found[1], ""))
	text = prose.Printable(strings.Join(strings.Fields(text), " "))
	if letters, _ := squeeze(text); containsAny(letters, "eyj", "ssws", "bearer", "dpop", "clientassertion") {
		return "an HTML page whose title shows the request"
	}
	if len(text) > maxTitle {
		text = strings.ToValidUTF8(text[:maxTitle], "") + "…"
	}
	return fmt.Sprintf("an HTML page titled %q", text)
}

func containsAny(text string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}

package okta

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// disguises are ways to show a text that a plain search would miss.
func disguises() map[string]func(string) string {
	each := func(n int, format string) func(string) string {
		return func(text string) string {
			var shown strings.Builder
			for i := 0; i < len(text); i += n {
				fmt.Fprintf(&shown, format, text[i:min(len(text), i+n)])
			}
			return shown.String()
		}
	}
	return map[string]func(string) string{
		"folded":         each(5, "%s\r\n "),
		"wrapped":        each(3, "%s<br/>\n"),
		"marked up":      each(2, `<b class="x">%s</b>`),
		"spaced":         each(1, "%s "),
		"with dots":      each(4, "%s&middot;"),
		"as entities":    entities,
		"in upper case":  strings.ToUpper,
		"its middle":     func(text string) string { return text[4 : len(text)-1] },
		"its end":        func(text string) string { return "…" + text[5:] },
		"percent signs":  each(1, "%%%x"),
		"soft hyphens":   each(4, "%s&shy;"),
		"folded, upper":  func(text string) string { return each(6, "%s\n\t")(strings.ToUpper(text)) },
		"a list of JSON": each(1, `"%s",`),
	}
}

// entities is a text in a page's numbers of characters.
func entities(text string) string {
	var shown strings.Builder
	for _, c := range text {
		fmt.Fprintf(&shown, "&#%d;", c)
	}
	return shown.String()
}

// A page that shows the request in another form reveals no more of it.
func TestDisguisedSecretDoesNotComeBack(t *testing.T) {
	t.Parallel()
	for name, disguise := range disguises() {
		shown := disguise("00Bsecret-credential-0123456789-ABCDEFGHIJ")
		for how, step := range map[string]roundTripFunc{
			"title":      reply(http.StatusForbidden, "<html><title>Denied: "+shown+"</title></html>"),
			"open title": reply(http.StatusBadGateway, "<title>"+shown),
			"200":        reply(http.StatusOK, "<html><title>"+shown+"</title>"),
			"page":       reply(http.StatusForbidden, "<html><h1>Denied</h1><pre>Authorization: SSWS "+shown),
			"text":       reply(http.StatusForbidden, "Authorization: SSWS "+shown),
			"summary":    reply(http.StatusForbidden, `{"errorCode":"E0000006","errorSummary":`+strconv.Quote(shown)+`}`),
			"challenge":  reply(http.StatusForbidden, "", "WWW-Authenticate", `Bearer error="x", error_description="`+strings.ReplaceAll(shown, `"`, `\"`)+`"`),
			"location":   reply(http.StatusFound, "", "Location", shown),
			"error":      fail(errors.New("malformed response " + shown)),
		} {
			var lines []line
			c := testClient(step, once, logTo(&lines), func(cfg *Config) { cfg.Credential = APIToken("00Bsecret-credential-0123456789-ABCDEFGHIJ") })
			for call, err := range map[string]error{"list": list(t, c), "revoke": revoke(t.Context(), c, "oar1")} {
				for _, text := range append(texts(err), fmt.Sprint(lines)) {
					if seen := longestShared(text, "00bsecretcredential0123456789abcdefghij"); seen > needleLength {
						t.Errorf("%s in the %s, %s: %d of its letters are in %s", name, how, call, seen, text)
					}
				}
			}
		}
	}
}

// longestShared is how many letters and digits in a row a text shares with a
// secret, whatever is between them.
func longestShared(text, secret string) int {
	text = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(tag.ReplaceAllString(html.UnescapeString(text), "")))
	longest := 0
	for i := range secret {
		for longest < len(secret)-i && strings.Contains(text, secret[i:i+longest+1]) {
			longest++
		}
	}
	return longest
}

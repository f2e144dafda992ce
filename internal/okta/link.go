package okta

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
)

// nextQuery is the query of a next link to the same path.
//
// The host of the link is ignored: Okta may name its -admin host or another domain of
// the org, and the credential is only sent to the configured origin. A link to another
// path is an error: Okta has been seen to send one, and it leads to another list. The
// original parameters are sent again, because Okta has been seen to drop expand from
// its links.
func nextQuery(path string, asked url.Values, link string) (string, error) {
	want, err := url.Parse(path)
	if err != nil {
		return "", err
	}
	u, err := want.Parse(link)
	if err != nil {
		return "", fmt.Errorf("the next link is not a URL: %q", quote(link))
	}
	if u.Path != want.Path || strings.Count(u.EscapedPath(), "/") != strings.Count(path, "/") {
		return "", fmt.Errorf("the next link leads to another path, %q", u.EscapedPath())
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "", fmt.Errorf("the next link has an unreadable query: %q", u.RawQuery)
	}
	maps.Copy(query, asked)
	return query.Encode(), nil
}

// nextLink is the target of the link with the relation "next", or "". Okta sends one
// header line for each link, and a proxy may join them with commas. An unreadable next
// link is an error: ignoring it would cut the list short without a word.
// Source: RFC 8288 section 3.
func nextLink(h http.Header) (string, error) {
	for _, line := range h.Values("Link") {
		for rest := line; strings.TrimSpace(rest) != ""; {
			_, after, opened := strings.Cut(rest, "<")
			target, after, closed := strings.Cut(after, ">")
			if !opened || !closed {
				if strings.Contains(strings.ToLower(rest), "next") {
					return "", fmt.Errorf("the Link header cannot be read: %q", quote(line))
				}
				break
			}
			var parameters string
			parameters, rest = cutUnquoted(after, ',')
			switch {
			case !isNext(parameters):
			case target == "":
				return "", fmt.Errorf("the next link leads nowhere: %q", quote(line))
			default:
				return target, nil
			}
		}
	}
	return "", nil
}

// cutUnquoted splits text at the first separator outside of a quoted string.
func cutUnquoted(text string, separator byte) (before, after string) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quoted:
			i++
		case text[i] == '"':
			quoted = !quoted
		case text[i] == separator && !quoted:
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}

// isNext reports whether link parameters such as `; rel="next"` hold the
// relation "next".
func isNext(parameters string) bool {
	for parameters != "" {
		var parameter string
		parameter, parameters = cutUnquoted(parameters, ';')
		name, value, _ := strings.Cut(parameter, "=")
		if !strings.EqualFold(strings.TrimSpace(name), "rel") {
			continue
		}
		for relation := range strings.FieldsSeq(strings.Trim(strings.TrimSpace(value), `"`)) {
			if strings.EqualFold(relation, "next") {
				return true
			}
		}
	}
	return false
}

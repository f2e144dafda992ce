package okta

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strings"
)

// pageSize is the largest page that Okta serves, and so the fewest requests. It
// is always sent: Okta's defaults are smaller, and differ.
const pageSize = "200"

// maxIdlePages is how many pages in a row may bring nothing. Okta does send an
// empty page with a next link; a server that never stops doing so is broken.
const maxIdlePages = 20

// Page is one answer to a list request.
type Page[T any] struct {
	Items []T
	Last  bool // whether the list ends here
}

// pages reads a collection, a request for each page. Ranging again starts again.
// An error ends the sequence: what came before it is incomplete, and a caller
// must not take it for the whole.
//
// read turns a page's body into items.
func pages[T any](ctx context.Context, c *Client, path string, query url.Values, read func([]byte) ([]T, error)) iter.Seq2[Page[T], error] {
	return func(yield func(Page[T], error) bool) {
		next, idle := query.Encode(), 0
		visited := map[string]bool{}
		for {
			page, link, err := readPage(ctx, c, path, next, read)
			if len(visited) > 0 && IsRefused(err) {
				// The credential was good for the pages before: one refusal is
				// rather a slip of a server's than a change of rights.
				page, link, err = readPage(ctx, c, path, next, read)
			}
			visited[next] = true
			if err != nil {
				yield(Page[T]{}, err)
				return
			}
			if !yield(page, nil) || page.Last {
				return
			}
			if idle++; len(page.Items) > 0 {
				idle = 0
			}
			next, err = nextQuery(path, query, link)
			switch {
			case err != nil:
			case visited[next]:
				err = fmt.Errorf("the link to page %d leads back to a page already read", len(visited)+1)
			case idle == maxIdlePages:
				err = fmt.Errorf("%d pages in a row were empty and linked to another", idle)
			}
			if err != nil {
				yield(Page[T]{}, fmt.Errorf("okta: GET %s: the list is not complete: %w", path, c.redactError(err)))
				return
			}
		}
	}
}

// readPage reads one page and the link to the next.
func readPage[T any](ctx context.Context, c *Client, path, query string, read func([]byte) ([]T, error)) (page Page[T], next string, err error) {
	err = c.do(ctx, http.MethodGet, path, query, func(header http.Header, body []byte) error {
		var err error
		if page.Items, err = read(body); err != nil {
			return err
		}
		if next, err = nextLink(header); err != nil {
			return fmt.Errorf("the list is not complete: %w", err)
		}
		page.Last = next == ""
		return nil
	})
	return page, next, err
}

// items flattens pages.
func items[T any](pages iter.Seq2[Page[T], error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for page, err := range pages {
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range page.Items {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

// failed is a sequence of one error.
func failed[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		yield(none, err)
	}
}

// nextQuery is the query of a next link whose path is the path asked for.
//
// Only the query is taken, never the host: Okta may name its -admin host or
// another domain of the org, and the credential goes to the configured origin
// only. A link to another path is refused, because Okta has been seen to send
// one, and its list is not the one asked for. What was asked for is asked for
// again, because Okta has been seen to drop expand from its links.
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

// nextLink is the target of the link with the relation "next", or "". Okta
// sends one header line for each link; a proxy may join them with commas. A next
// link that cannot be read is an error: without it, the list would end early and
// nobody would know.
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

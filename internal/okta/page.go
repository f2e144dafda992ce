package okta

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
)

// pageSize is the largest page that Okta serves, which needs the fewest requests. It
// is always sent, because Okta's defaults are smaller.
const pageSize = "200"

// maxIdlePages is how many pages in a row may be empty. Okta does send an empty page
// with a next link. A server that never stops doing so is broken.
const maxIdlePages = 20

// Page is one response to a list request.
type Page[T any] struct {
	Items []T
	Last  bool // whether the list ends here
}

// pages reads a collection, with one request for each page. Ranging again starts
// again. An error ends the sequence. The pages before it are incomplete, and a caller
// must not treat them as the whole list.
//
// read decodes the body of a page.
func pages[T any](ctx context.Context, c *Client, path string, query url.Values, read func([]byte) ([]T, error)) iter.Seq2[Page[T], error] {
	return func(yield func(Page[T], error) bool) {
		next, idle := query.Encode(), 0
		visited := map[string]bool{}
		for {
			page, link, err := readPage(ctx, c, path, next, read)
			if len(visited) > 0 && IsRefused(err) {
				// The credential worked for earlier pages. A single refusal is more
				// likely a server's mistake than a change of rights.
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

package oktafake

import (
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	defaultLimit = 20
	maxLimit     = 200
)

// page is the part of a list that a request asks for.
type page struct {
	url   *url.URL   // of the list, as it was asked for
	query url.Values // of the self link, without what Okta does not know
	after int        // the sequence number of the last item before the page
	limit int
	base  string
}

// list is the answer with a page.
type list struct {
	items any
	links []string
}

// pageOf reads the parameters of a list. Okta documents the range of limit, but not its answer to a
// limit outside it. This org returns an error.
func (o *Org) pageOf(r *http.Request, missing int) (page, error) {
	asked := r.URL.Query()
	p := page{url: r.URL, query: url.Values{}, limit: missing, base: base(r)}
	// The published default of an authorization server's tokens is a literal -1.
	if asked.Has("limit") && !(r.PathValue("server") != "" && asked.Get("limit") == "-1") {
		n, err := strconv.Atoi(asked.Get("limit"))
		if err != nil || n < 1 || n > maxLimit {
			return page{}, invalid("limit", fmt.Sprintf("must be a number from 1 to %d", maxLimit))
		}
		p.limit = n
	}
	p.limit = min(p.limit, o.PageSize)
	p.query.Set("limit", strconv.Itoa(p.limit))
	if asked.Has("after") {
		after, ok := p.parseCursor(asked.Get("after"))
		if !ok {
			return page{}, invalid("after", "is not a cursor of this list")
		}
		p.after = after
		p.query.Set("after", asked.Get("after"))
	}
	return p, nil
}

// list returns the answer: the page's items, a link to itself, and one to the next page if there is one.
func (p page) list(items any, more bool, last int) list {
	l := list{items: items, links: []string{p.link("self")}}
	if more {
		p.query.Set("after", p.cursor(last))
		l.links = append(l.links, p.link("next"))
	}
	return l
}

func (p page) link(rel string) string {
	return fmt.Sprintf("<%s%s?%s>; rel=%q", p.base, p.url.EscapedPath(), p.query.Encode(), rel)
}

// cursor returns an opaque cursor that is bound to its list, however the path is escaped. A client
// cannot make one up or use it for another list. It can be used again, for a request that is retried.
func (p page) cursor(last int) string {
	place := strconv.Itoa(last)
	sum := crc32.ChecksumIEEE([]byte(place + p.url.Path))
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%s:%08x", place, sum))
}

func (p page) parseCursor(cursor string) (last int, ok bool) {
	decoded, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return 0, false
	}
	place, _, _ := strings.Cut(string(decoded), ":")
	last, err = strconv.Atoi(place)
	return last, err == nil && cursor == p.cursor(last)
}

// base returns the origin that the request was sent to. Every link in the answer has it.
func base(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

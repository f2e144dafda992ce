package okta

import (
	"errors"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// tokenJSON is a token on the wire. Only a bad ID makes a page unreadable. Any other
// field of an unexpected form is odd, and the rest of the token is still read.
type tokenJSON struct {
	ID          string   `json:"id"`
	Status      wireText `json:"status"`
	ClientID    wireText `json:"clientId"`
	UserID      wireText `json:"userId"`
	Issuer      wireText `json:"issuer"`
	Created     wireTime `json:"created"`
	LastUpdated wireTime `json:"lastUpdated"`
	ExpiresAt   wireTime `json:"expiresAt"`
	Scopes      wireSet  `json:"scopes"`

	// Okta's servers and schema say clientId. Some of its examples say client_id.
	ClientIDSnake wireText `json:"client_id"`

	Embedded wireEmbedded `json:"_embedded"`
	Links    wireLinks    `json:"_links"`
}

// wireText is a string, or odd.
type wireText struct {
	text string
	odd  bool
}

// UnmarshalJSONFrom reads a string or null. Anything else is odd.
func (w *wireText) UnmarshalJSONFrom(from *jsontext.Decoder) error {
	*w = wireText{}
	switch from.PeekKind() {
	case '"':
		value, err := from.ReadToken()
		if err == nil {
			w.text = value.String()
		}
		return err
	case 'n':
	default:
		w.odd = true
	}
	return from.SkipValue()
}

// wireTime is an RFC 3339 time, or odd.
type wireTime struct {
	Time
	odd bool
}

// UnmarshalJSONFrom reads a time or null. Anything else is odd, such as "" and the year 1,
// which some programs write for "never": a guess would revoke.
func (w *wireTime) UnmarshalJSONFrom(from *jsontext.Decoder) error {
	null := from.PeekKind() == 'n'
	var value wireText
	if err := value.UnmarshalJSONFrom(from); err != nil {
		return err
	}
	*w = wireTime{odd: value.odd}
	if null || value.odd {
		return nil
	}
	t, err := time.Parse(time.RFC3339, value.text)
	switch {
	case err != nil || t.IsZero():
		w.odd = true
	default:
		w.Time = Time{Time: t, text: value.text}
	}
	return nil
}

// maxScopes is far more than any authorization server has.
const maxScopes = 10_000

// wireSet is a list of strings, or odd.
type wireSet struct {
	members []string // sorted, each once; nil when there is no list
	odd     bool
}

// UnmarshalJSONFrom reads a list of strings, or null. It skips nulls in the list.
func (w *wireSet) UnmarshalJSONFrom(from *jsontext.Decoder) error {
	*w = wireSet{}
	if kind := from.PeekKind(); kind != '[' {
		w.odd = kind != 'n'
		return from.SkipValue()
	}
	if _, err := from.ReadToken(); err != nil {
		return err
	}
	w.members = []string{}
	for from.PeekKind() != ']' {
		if w.odd = w.odd || len(w.members) == maxScopes; w.odd {
			if err := from.SkipValue(); err != nil {
				return err
			}
			continue
		}
		var member wireText
		null := from.PeekKind() == 'n'
		if err := member.UnmarshalJSONFrom(from); err != nil {
			return err
		}
		w.odd = member.odd
		if !null {
			w.members = append(w.members, member.text)
		}
	}
	if w.odd {
		w.members = nil
	}
	slices.Sort(w.members)
	w.members = slices.Compact(w.members)
	_, err := from.ReadToken()
	return err
}

// wireEmbedded has the details of a token's scopes, if they were asked for.
type wireEmbedded struct {
	scopes []Scope
	odd    bool
}

// UnmarshalJSONFrom reads an object with scopes. Anything else is odd.
func (w *wireEmbedded) UnmarshalJSONFrom(from *jsontext.Decoder) error {
	*w = wireEmbedded{}
	oddScopes := false
	odd, err := readObject(from, func(name string) error {
		if name != "scopes" || from.PeekKind() == 'n' {
			return from.SkipValue()
		}
		value, err := from.ReadValue()
		if err != nil {
			return err
		}
		w.scopes, err = decodeList[Scope](value, maxScopes)
		oddScopes = err != nil
		return nil
	})
	w.odd = odd || oddScopes
	slices.SortFunc(w.scopes, func(a, b Scope) int { return strings.Compare(a.Name, b.Name) })
	return err
}

// wireLinks are the links of a token to what it belongs to.
type wireLinks struct {
	app, authServer, client, user wireLink
}

// wireLink is a link, or odd.
type wireLink struct {
	href, title string
	odd         bool
}

// UnmarshalJSONFrom reads the links. If _links itself is odd, so is each link.
func (w *wireLinks) UnmarshalJSONFrom(from *jsontext.Decoder) error {
	*w = wireLinks{}
	known := map[string]*wireLink{"app": &w.app, "authorizationServer": &w.authServer, "client": &w.client, "user": &w.user}
	odd, err := readObject(from, func(name string) error {
		if link := known[name]; link != nil {
			return link.UnmarshalJSONFrom(from)
		}
		return from.SkipValue()
	})
	for _, link := range known {
		link.odd = link.odd || odd
	}
	return err
}

// UnmarshalJSONFrom reads a link.
func (w *wireLink) UnmarshalJSONFrom(from *jsontext.Decoder) error {
	*w = wireLink{}
	var href, title wireText
	odd, err := readObject(from, func(name string) error {
		switch name {
		case "href":
			return href.UnmarshalJSONFrom(from)
		case "title":
			return title.UnmarshalJSONFrom(from)
		default:
			return from.SkipValue()
		}
	})
	*w = wireLink{href: href.text, title: title.text, odd: odd || href.odd || title.odd}
	return err
}

// readObject calls member for each member of an object. It skips any other value, and
// reports it as odd unless it is null.
func readObject(from *jsontext.Decoder, member func(name string) error) (odd bool, err error) {
	if kind := from.PeekKind(); kind != '{' {
		return kind != 'n', from.SkipValue()
	}
	if _, err := from.ReadToken(); err != nil {
		return false, err
	}
	for from.PeekKind() != '}' {
		name, err := from.ReadToken()
		if err != nil {
			return false, err
		}
		if err := member(name.String()); err != nil {
			return false, err
		}
	}
	_, err = from.ReadToken()
	return false, err
}

// linkIDs caches the IDs in the links of one page, because most of its tokens have the
// same app and authorization server.
type linkIDs map[string]string

// of is the last segment of a link's path.
func (ids linkIDs) of(l wireLink) string {
	if l.href == "" {
		return ""
	}
	id, ok := ids[l.href]
	if !ok {
		if u, err := url.Parse(l.href); err == nil && strings.Trim(u.Path, "/") != "" {
			id = path.Base(u.Path)
		}
		ids[l.href] = id
	}
	return id
}

// readTokens reads a page of tokens. A token without an ID is an error: it cannot be
// revoked, and must not be dropped in silence.
func readTokens(body []byte) ([]RefreshToken, error) {
	page, err := decodeList[tokenJSON](body, maxPageItems)
	if err != nil {
		return nil, err
	}
	tokens, ids := make([]RefreshToken, len(page)), linkIDs{}
	for i := range page {
		if page[i].ID == "" {
			return nil, errors.New("a refresh token has no id")
		}
		tokens[i] = page[i].token(ids)
	}
	return tokens, nil
}

// token converts a token from its wire format.
func (t *tokenJSON) token(ids linkIDs) RefreshToken {
	clientID := t.ClientID
	if clientID.text == "" && (t.ClientIDSnake.text != "" || t.ClientIDSnake.odd) {
		clientID = t.ClientIDSnake
	}
	links := &t.Links
	return RefreshToken{
		ID: t.ID, Status: t.Status.text, ClientID: clientID.text, UserID: t.UserID.text, Issuer: t.Issuer.text,
		Created: t.Created.Time, LastUpdated: t.LastUpdated.Time, ExpiresAt: t.ExpiresAt.Time, Scopes: t.Scopes.members,
		AuthServerID: ids.of(links.authServer), AppID: ids.of(links.app),
		ClientName: links.client.title, UserName: links.user.title,
		AuthServerName: links.authServer.title, AppName: links.app.title,
		ScopeDetails: t.Embedded.scopes,
		Unreadable:   t.unreadable(clientID.odd),
	}
}

// unreadable are the odd fields.
func (t *tokenJSON) unreadable(oddClientID bool) Fields {
	var fields Fields
	for i, odd := range [len(fieldNames)]bool{
		t.Status.odd, oddClientID, t.UserID.odd, t.Issuer.odd, t.Created.odd, t.LastUpdated.odd, t.ExpiresAt.odd, t.Scopes.odd,
		t.Links.authServer.odd, t.Links.app.odd, t.Links.client.odd, t.Links.user.odd, t.Embedded.odd,
	} {
		if odd {
			fields |= 1 << i
		}
	}
	return fields
}

package okta

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// RefreshToken is what Okta shows of a refresh token, which is never its value. A field
// that Okta leaves out is empty.
// Source: https://developer.okta.com/docs/api/openapi/okta-management/management/tag/AuthorizationServerClients/
type RefreshToken struct {
	ID          string
	Status      string // ACTIVE or REVOKED
	ClientID    string
	UserID      string
	Issuer      string
	Created     Time
	LastUpdated Time
	ExpiresAt   Time     // zero for a token that never expires
	Scopes      []string // sorted; nil when Okta left them out

	// From the token's links.
	AuthServerID   string
	AppID          string
	ClientName     string
	UserName       string
	AuthServerName string
	AppName        string

	// ScopeDetails are sorted by name. They are nil unless [WithScopeDetails] was used.
	ScopeDetails []Scope

	// Unreadable are the fields that Okta sent in an unknown form. They are empty
	// above, and no decision may depend on them.
	Unreadable Fields
}

// NeverExpires reports whether Okta said that the token does not expire.
func (t RefreshToken) NeverExpires() bool {
	return t.ExpiresAt.IsZero() && !t.Unreadable.Has(FieldExpiresAt)
}

// Scope is a scope that a token was granted, with its details.
type Scope struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	DisplayName string `json:"displayName"`
	Description string `json:"description"`
}

// Alive reports whether the token still works. Okta is not known to list revoked
// tokens, but has a status for them.
func (t RefreshToken) Alive() bool { return t.Status != "REVOKED" }

// Compare orders tokens by age, oldest first, then by ID. Tokens without a creation
// time come first.
func (t RefreshToken) Compare(other RefreshToken) int {
	if order := t.Created.Compare(other.Created.Time); order != 0 {
		return order
	}
	return strings.Compare(t.ID, other.ID)
}

// ReadOption changes which parts of a token are read.
type ReadOption func(url.Values)

// WithScopeDetails includes [RefreshToken.ScopeDetails]. It needs no further request.
func WithScopeDetails() ReadOption {
	return func(query url.Values) { query.Set("expand", "scope") }
}

// RefreshTokens lists the refresh tokens of a parent, in Okta's order. An incomplete
// list ends with an error.
func (c *Client) RefreshTokens(ctx context.Context, parent Parent, options ...ReadOption) iter.Seq2[RefreshToken, error] {
	return items(c.RefreshTokenPages(ctx, parent, options...))
}

// RefreshTokenPages is RefreshTokens for a caller that counts requests: each page
// costs one.
func (c *Client) RefreshTokenPages(ctx context.Context, parent Parent, options ...ReadOption) iter.Seq2[Page[RefreshToken], error] {
	path, err := apiPath(parent.tokens()...)
	if err != nil {
		return failed[Page[RefreshToken]](err)
	}
	query := limit()
	for _, option := range options {
		option(query)
	}
	return pages(ctx, c, path, query, readTokens)
}

// RefreshToken reads one token. The error for a missing token matches [IsNotFound]. So
// does the error for a missing parent.
func (c *Client) RefreshToken(ctx context.Context, parent Parent, id string, options ...ReadOption) (RefreshToken, error) {
	path, err := apiPath(append(parent.tokens(), id)...)
	if err != nil {
		return RefreshToken{}, err
	}
	query := url.Values{}
	for _, option := range options {
		option(query)
	}
	var token RefreshToken
	err = c.do(ctx, http.MethodGet, path, query.Encode(), func(_ http.Header, body []byte) error {
		// Okta documents a list of one token. Its servers send an object.
		if trimmed := bytes.TrimSpace(body); !bytes.HasPrefix(trimmed, []byte("[")) {
			body = slices.Concat([]byte("["), trimmed, []byte("]"))
		}
		tokens, err := readTokens(body)
		if err != nil {
			return err
		}
		switch {
		case len(tokens) != 1:
			return fmt.Errorf("the answer is not the token asked for: it has %d tokens", len(tokens))
		case tokens[0].ID != id:
			return fmt.Errorf("the answer is not the token asked for: it is %q", quote(tokens[0].ID))
		}
		token = tokens[0]
		return nil
	})
	return token, err
}

// RevokeRefreshToken revokes one token. The error for a missing token matches
// [IsNotFound]. See [Client.ConfirmTokenGone].
func (c *Client) RevokeRefreshToken(ctx context.Context, parent Parent, id string) error {
	path, err := apiPath(append(parent.tokens(), id)...)
	if err != nil {
		return err
	}
	return c.do(ctx, http.MethodDelete, path, "", confirmed)
}

// RevokeAllRefreshTokens revokes every token of a parent in one request.
//
// It is only repeated if Okta did not process it. After an error that matches
// [IsUncertain], list the tokens to see whether it took effect.
func (c *Client) RevokeAllRefreshTokens(ctx context.Context, parent Parent) error {
	path, err := apiPath(parent.tokens()...)
	if err != nil {
		return err
	}
	return c.do(withoutReplay(ctx), http.MethodDelete, path, "", confirmed)
}

// EndSessions ends a user's Okta sessions and revokes every OAuth 2.0 token of the
// user, at every client.
// Source: https://developer.okta.com/docs/api/openapi/okta-management/management/tag/UserSessions/
func (c *Client) EndSessions(ctx context.Context, userID string) error {
	path, err := apiPath("users", userID, "sessions")
	if err != nil {
		return err
	}
	return c.do(ctx, http.MethodDelete, path, url.Values{"oauthTokens": {"true"}}.Encode(), confirmed)
}

// limit is the query of a list request.
func limit() url.Values { return url.Values{"limit": {pageSize}} }

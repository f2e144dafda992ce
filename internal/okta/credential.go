package okta

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Credential is what a request proves its rights with. Its methods are not
// exported: a credential serves this package's transport and nothing else.
type Credential interface {
	// connect gives the credential what it needs to sign in to the org.
	connect(to tokenEndpoint)
	// prepare makes sure that there is something to authorize with.
	prepare(ctx context.Context) error
	// authorize sets the headers of one attempt of a request to the org.
	authorize(req *http.Request) error
	// update takes in an answer, and reports whether the same request is worth
	// another attempt because of what it says of the credential.
	update(resp *http.Response) bool
	// grants are the scopes of the credential, or nil when they are not known.
	grants() *Grants
	// secrets are what of the credential no text may hold, as far as it cannot be
	// told by its form.
	secrets() []string
}

// tokenEndpoint is what a credential needs to sign in to the org.
type tokenEndpoint struct {
	network http.RoundTripper
	origin  *url.URL
	budget  budget
	source  Source
	hide    func(string) string // a text without secrets
}

// APIToken is an Okta API token, sent with the SSWS scheme.
func APIToken(token string) Credential { return header("SSWS " + token) }

// AccessToken is an OAuth 2.0 access token, sent as RFC 6750 has it.
func AccessToken(token string) Credential { return header("Bearer " + token) }

// header is a credential that never changes. It prints as nothing, so that no
// format verb can leak it.
type header string

func (header) connect(tokenEndpoint)         {}
func (header) prepare(context.Context) error { return nil }
func (header) update(*http.Response) bool     { return false }
func (header) grants() *Grants               { return nil }

func (h header) secrets() []string {
	_, token, _ := strings.Cut(string(h), " ")
	return []string{token}
}

func (h header) authorize(req *http.Request) error {
	req.Header.Set("Authorization", string(h))
	return nil
}

// Format hides the credential from every verb: %d, say, knows nothing of String.
func (header) Format(f fmt.State, _ rune) { fmt.Fprint(f, "(credential)") }

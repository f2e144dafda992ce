package okta

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// Credential is what a request proves its rights with. It is data: every client
// signs in with it on its own. Its methods are not exported, because only this
// package's transport uses them.
type Credential interface {
	// bind returns the credential as one client uses it.
	bind(to tokenEndpoint) boundCredential
	// secrets returns the parts that no text may show. Signed tokens are not among
	// them: their form gives them away.
	secrets() []string
}

// boundCredential is a credential in use by one client.
type boundCredential interface {
	// prepare makes sure that there is something to authorize with.
	prepare(ctx context.Context) error
	// authorize sets the headers of one attempt of a request to the org.
	authorize(req *http.Request) error
	// update records what a response says about the credential. It reports whether
	// that makes the same request worth another attempt.
	update(resp *http.Response) bool
	// grants are the scopes of the credential, or nil when they are not known.
	grants() *Grants
}

// APIToken is an Okta API token, sent with the SSWS scheme.
func APIToken(token string) Credential { return header("SSWS " + token) }

// AccessToken is an OAuth 2.0 access token, sent as a bearer token (RFC 6750).
func AccessToken(token string) Credential { return header("Bearer " + token) }

// header is a credential that never changes.
type header string

func (h header) bind(tokenEndpoint) boundCredential { return h }

func (header) prepare(context.Context) error { return nil }
func (header) update(*http.Response) bool    { return false }
func (header) grants() *Grants               { return nil }

func (h header) secrets() []string {
	_, token, _ := strings.Cut(string(h), " ")
	return []string{token}
}

func (h header) authorize(req *http.Request) error {
	req.Header.Set("Authorization", string(h))
	return nil
}

// Format prints nothing of the credential. Unlike String, it covers every verb,
// including %d.
func (header) Format(f fmt.State, _ rune) { fmt.Fprint(f, "(credential)") }

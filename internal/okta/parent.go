package okta

import (
	"fmt"
	"regexp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// Kind is one of the three APIs that show refresh tokens.
type Kind int

// The kinds of parent. The zero Kind is invalid.
const (
	KindAuthorizationServer Kind = iota + 1
	KindUser
	KindApp
)

// kinds has what differs between the three APIs, so no other code switches on the
// kind.
var kinds = map[Kind]struct {
	name       string // in prose
	collection string // path segment, and name of the OAuth scopes
	prefix     string // of IDs
}{
	KindAuthorizationServer: {"authorization server", "authorizationServers", "aus"},
	KindUser:                {"user", "users", "00u"},
	KindApp:                 {"app", "apps", "0oa"},
}

// String is the kind in prose, such as "authorization server".
func (k Kind) String() string { return kinds[k].name }

// ManageScope is the OAuth scope that a revocation through this API needs.
func (k Kind) ManageScope() string { return "okta." + kinds[k].collection + ".manage" }

// Holder is an authorization server or a user. Either lists the clients that hold its
// refresh tokens. The zero Holder is invalid.
type Holder struct {
	kind Kind
	id   string
}

// AuthorizationServer is the custom authorization server with this ID, or with
// the alias "default".
func AuthorizationServer(id string) Holder { return Holder{KindAuthorizationServer, id} }

// User is the user with this ID. Okta accepts a login as well.
func User(id string) Holder { return Holder{KindUser, id} }

// Client is the parent of the tokens that the holder granted to a client.
func (h Holder) Client(clientID string) Parent {
	return Parent{kind: h.kind, id: h.id, clientID: clientID}
}

// Kind is KindAuthorizationServer or KindUser.
func (h Holder) Kind() Kind { return h.kind }

// ID is the authorization server's or the user's ID, as it was given.
func (h Holder) ID() string { return h.id }

// userID matches the ID of a user. A login can only look like one if the org allows
// logins that are not email addresses.
var userID = regexp.MustCompile(`^00u[0-9A-Za-z]+$`)

// NamedByID reports whether ID is the holder's real ID, not a login or an alias such
// as "default".
func (h Holder) NamedByID() bool {
	if h.kind == KindUser {
		return userID.MatchString(h.id)
	}
	return h.id != "default"
}

// String names the holder in prose: "user 00u1".
func (h Holder) String() string { return fmt.Sprintf("%s %s", h.kind, prose.Printable(h.id)) }

func (h Holder) segments() []string { return []string{kinds[h.kind].collection, h.id} }

// Parent is where Okta lists a refresh token: an authorization server and a client, a
// user and a client, or an app. The zero Parent is invalid.
type Parent struct {
	kind     Kind
	id       string
	clientID string // empty only for an app
}

// App is the parent of all refresh tokens of an app, whichever authorization server
// issued them. Its ID is the app's. That differs from the client ID if the client has
// a custom one.
func App(id string) Parent { return Parent{kind: KindApp, id: id} }

// Kind is the API that the parent belongs to.
func (p Parent) Kind() Kind { return p.kind }

// ID is the ID of the authorization server, the user or the app.
func (p Parent) ID() string { return p.id }

// Holder is the authorization server or the user. It is zero for an app.
func (p Parent) Holder() Holder {
	if p.kind == KindApp {
		return Holder{}
	}
	return Holder{p.kind, p.id}
}

// ClientID is the client's ID. It is empty for an app.
func (p Parent) ClientID() string { return p.clientID }

// String names the parent in prose: "client 0oa1 of user 00u1", "app 0oa1".
func (p Parent) String() string {
	if p.kind == KindApp {
		return fmt.Sprintf("app %s", prose.Printable(p.id))
	}
	return fmt.Sprintf("client %s of %s %s", prose.Printable(p.clientID), p.kind, prose.Printable(p.id))
}

// tokens is the path of the parent's token collection, in segments.
func (p Parent) tokens() []string {
	if p.kind == KindApp {
		return []string{kinds[p.kind].collection, p.id, "tokens"}
	}
	return []string{kinds[p.kind].collection, p.id, "clients", p.clientID, "tokens"}
}

package oktafake

import (
	"cmp"
	"fmt"
	"time"
)

// Seed adds things to a new org, or sets its fields, before it serves.
type Seed func(*Org)

// Tokens returns a seed that adds tokens, and the parents that they name.
func Tokens(tokens ...Token) Seed {
	return func(o *Org) {
		for _, t := range tokens {
			o.AddToken(t)
		}
	}
}

// AuthorizationServer is a custom authorization server. An org has at most one Default, which also
// has the ID "default".
type AuthorizationServer struct {
	ID          string
	Name        string
	Description string
	Audience    string
	Default     bool
	Created     time.Time
}

// App is an OAuth 2.0 client. Its ClientID is its ID unless it was created with a ClientID of its own.
// Answers leave out an empty ClientURI or LogoURI: Okta's older documentation shows null there, which
// its OpenAPI does not allow.
type App struct {
	ID        string
	ClientID  string
	Name      string
	ClientURI string
	LogoURI   string
}

// User is a user who can hold tokens.
type User struct {
	ID     string
	Login  string
	Name   string
	Status string // ACTIVE unless it is set
}

// Token is a refresh token without its value, which no management API shows.
type Token struct {
	ID string
	// AuthServerID is empty for a token of the org authorization server. Such a token is listed
	// under its user and its app only.
	AuthServerID string
	ClientID     string
	UserID       string
	Scopes       []string
	Created      time.Time
	LastUpdated  time.Time
	// ExpiresAt is nil for a token that never expires.
	ExpiresAt *time.Time
	// Status is ACTIVE or REVOKED. A REVOKED token is listed like any other. In Okta's lists, only
	// ACTIVE tokens have been seen.
	Status string
}

// AddAuthorizationServer adds an authorization server. Empty fields are made up, except Description.
func (o *Org) AddAuthorizationServer(s AuthorizationServer) AuthorizationServer {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.addServer(s)
}

func (o *Org) addServer(s AuthorizationServer) AuthorizationServer {
	s.ID = cmp.Or(s.ID, o.ids.next("aus"))
	s.Name = cmp.Or(s.Name, s.ID)
	s.Audience = cmp.Or(s.Audience, "api://"+s.Name)
	if s.Created.IsZero() {
		s.Created = o.Now()
	}
	add(o.store.serverByID, s.ID, &s)
	if s.Default {
		add(o.store.serverByID, "default", &s)
	}
	o.store.servers = append(o.store.servers, &s)
	return s
}

// AddClient adds an app. An empty ID or Name is made up; an empty ClientID becomes the ID.
func (o *Org) AddClient(a App) App {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.addClient(a)
}

func (o *Org) addClient(a App) App {
	a.ID = cmp.Or(a.ID, o.ids.next("0oa"))
	a.ClientID = cmp.Or(a.ClientID, a.ID)
	a.Name = cmp.Or(a.Name, a.ClientID)
	add(o.store.appByID, a.ID, &a)
	add(o.store.appByClient, a.ClientID, &a)
	o.store.apps = append(o.store.apps, &a)
	return a
}

// AddUser adds a user. Empty fields are made up.
func (o *Org) AddUser(u User) User {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.addUser(u)
}

func (o *Org) addUser(u User) User {
	u.ID = cmp.Or(u.ID, o.ids.next("00u"))
	u.Login = cmp.Or(u.Login, u.ID+"@example.com")
	u.Name = cmp.Or(u.Name, u.ID)
	u.Status = cmp.Or(u.Status, "ACTIVE")
	add(o.store.userByID, u.ID, &u)
	add(o.store.userByLogin, u.Login, &u)
	return u
}

// AddToken adds a token, and any of its parents that the org does not have. An empty ID is made up, a
// zero Created becomes now, a zero LastUpdated becomes Created, an empty Status becomes ACTIVE. A token
// needs a client; it may lack a user.
func (o *Org) AddToken(t Token) Token {
	if t.ClientID == "" {
		panic("oktafake: a token needs a ClientID")
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if t.Created.IsZero() {
		t.Created = o.Now().Truncate(time.Second)
	}
	if t.LastUpdated.IsZero() {
		t.LastUpdated = t.Created
	}
	t.ID = cmp.Or(t.ID, o.ids.next("oar"))
	t.Status = cmp.Or(t.Status, "ACTIVE")
	// Copies, because the caller may change its variables. Scopes must not be null in JSON.
	t.Scopes = append([]string{}, t.Scopes...)
	if t.ExpiresAt != nil {
		t.ExpiresAt = new(*t.ExpiresAt)
	}

	if t.AuthServerID != "" {
		if o.store.serverByID[t.AuthServerID] == nil {
			o.addServer(AuthorizationServer{ID: t.AuthServerID})
		}
		t.AuthServerID = o.store.serverByID[t.AuthServerID].ID // It may be the alias.
	}
	if o.store.appByClient[t.ClientID] == nil {
		o.addClient(App{ID: t.ClientID})
	}
	if t.UserID != "" && o.store.userByID[t.UserID] == nil {
		o.addUser(User{ID: t.UserID})
	}
	o.store.addToken(t)
	return t
}

// add stores an object under its ID. It panics if the ID is taken, because the test is wrong.
func add[T any](objects map[string]*T, id string, object *T) {
	if objects[id] != nil {
		panic(fmt.Sprintf("oktafake: there already is a %T %s", *object, id))
	}
	objects[id] = object
}

// Epoch is when the first of some tokens that [Org.AddTokens] adds was issued.
var Epoch = time.Date(2026, time.March, 1, 8, 0, 0, 0, time.UTC)

// AddTokens adds tokens like this one under these IDs, each a second younger than the one before.
func (o *Org) AddTokens(like Token, ids ...string) {
	for i, id := range ids {
		like.ID, like.Created = id, Epoch.Add(time.Duration(i)*time.Second)
		o.AddToken(like)
	}
}

package oktafake

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// timestamp is a time as Okta writes it, with milliseconds.
type timestamp time.Time

func (t timestamp) MarshalText() ([]byte, error) {
	return time.Time(t).UTC().AppendFormat(nil, "2006-01-02T15:04:05.000Z"), nil
}

// link is an element of _links. It always has a target; the rest depends on the relation.
type link struct {
	Name  string `json:"name,omitempty"`
	Href  string `json:"href"`
	Title string `json:"title,omitempty"`
	Hints hints  `json:"hints,omitzero"`
}

type hints struct {
	Allow []string `json:"allow"`
}

// allowing returns a link that names the methods that its target accepts.
func allowing(href string, methods ...string) link {
	return link{Href: href, Hints: hints{Allow: methods}}
}

// tokenJSON has its client ID under one of two keys; see [Org.ClientField].
type tokenJSON struct {
	ID            string     `json:"id"`
	Status        string     `json:"status"`
	Created       timestamp  `json:"created"`
	LastUpdated   timestamp  `json:"lastUpdated"`
	ExpiresAt     *timestamp `json:"expiresAt,omitempty"`
	Issuer        string     `json:"issuer"`
	ClientID      string     `json:"clientId,omitempty"`
	ClientIDSnake string     `json:"client_id,omitempty"`
	UserID        string     `json:"userId,omitempty"`
	Scopes        []string   `json:"scopes"`
	Embedded      *embedded  `json:"_embedded,omitempty"`
	Links         tokenLinks `json:"_links"`
}

// tokenLinks has no authorization server if the org authorization server issued the token, and no
// user if there is none. The titles are the display names.
type tokenLinks struct {
	App                 link `json:"app"`
	AuthorizationServer link `json:"authorizationServer,omitzero"`
	Self                link `json:"self"`
	Revoke              link `json:"revoke"`
	Client              link `json:"client"`
	User                link `json:"user,omitzero"`
}

// embedded is present if the request expands scopes.
type embedded struct {
	Scopes []scopeJSON `json:"scopes"`
}

// newTokenJSON returns a token as the requested parent shows it: its self and revoke links go through
// that parent.
func (o *Org) newTokenJSON(r *http.Request, t *token) tokenJSON {
	var (
		org  = base(r)
		self = org + tokensPath(r) + "/" + url.PathEscape(t.ID)
		app  = o.store.appByClient[t.ClientID]
	)
	body := tokenJSON{
		ID:          t.ID,
		Status:      t.Status,
		Created:     timestamp(t.Created),
		LastUpdated: timestamp(t.LastUpdated),
		ExpiresAt:   (*timestamp)(t.ExpiresAt),
		Issuer:      org,
		UserID:      t.UserID,
		Scopes:      t.Scopes,
		Links: tokenLinks{
			App:    link{Href: org + "/api/v1/apps/" + url.PathEscape(app.ID), Title: app.Name},
			Self:   link{Href: self},
			Revoke: allowing(self, http.MethodDelete),
			Client: clientLink(org, app),
		},
	}
	if o.ClientField == "client_id" {
		body.ClientIDSnake = t.ClientID
	} else {
		body.ClientID = t.ClientID
	}
	if user := o.store.userByID[t.UserID]; user != nil {
		body.Links.User = link{Href: org + "/api/v1/users/" + url.PathEscape(user.ID), Title: user.Name}
	}
	server := o.store.serverByID[t.AuthServerID]
	if server != nil {
		body.Issuer = issuer(org, server)
		body.Links.AuthorizationServer = link{Href: serverURL(org, server, r.PathValue("server")), Title: server.Name}
	}
	if expandsScopes(r) {
		body.Embedded = &embedded{Scopes: newScopesJSON(org, server, t.Scopes)}
	}
	return body
}

// tokensPath returns the path of the requested parent's tokens, escaped as it was sent.
func tokensPath(r *http.Request) string {
	path := r.URL.EscapedPath()
	if r.PathValue("token") != "" {
		path = path[:strings.LastIndexByte(path, '/')]
	}
	return path
}

// expandsScopes reports whether the request asks for full scopes. Other values of expand are ignored.
func expandsScopes(r *http.Request) bool { return r.URL.Query().Get("expand") == "scope" }

type scopeJSON struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	DisplayName string     `json:"displayName"`
	Description string     `json:"description"`
	Links       scopeLinks `json:"_links,omitzero"`
}

type scopeLinks struct {
	Scope link `json:"scope"`
}

// newScopesJSON leaves out links for the org authorization server: its scopes have no resource.
func newScopesJSON(org string, server *AuthorizationServer, names []string) []scopeJSON {
	scopes := make([]scopeJSON, len(names))
	for i, name := range names {
		scope := describeScope(server, name)
		if server != nil {
			href := serverURL(org, server, "") + "/scopes/" + scope.ID
			scope.Links.Scope = link{Href: href, Title: scope.DisplayName}
		}
		scopes[i] = scope
	}
	return scopes
}

type clientJSON struct {
	ID    string      `json:"client_id"`
	Name  string      `json:"client_name"`
	URI   string      `json:"client_uri,omitempty"`
	Logo  string      `json:"logo_uri,omitempty"`
	Links clientLinks `json:"_links"`
}

// clientLinks has Client in the list of an authorization server, and Grants in the list of a user.
type clientLinks struct {
	Client link `json:"client,omitzero"`
	Grants link `json:"grants,omitzero"`
	Tokens link `json:"tokens"`
}

// newClientJSON returns a client as the requested list shows it.
func newClientJSON(r *http.Request, app *App) clientJSON {
	client := base(r) + r.URL.EscapedPath() + "/" + url.PathEscape(app.ClientID)
	body := clientJSON{ID: app.ClientID, Name: app.Name, URI: app.ClientURI, Logo: app.LogoURI}
	body.Links.Tokens = allowing(client+"/tokens", http.MethodGet, http.MethodDelete)
	if r.PathValue("user") != "" {
		body.Links.Grants = allowing(client+"/grants", http.MethodGet, http.MethodDelete)
	} else {
		body.Links.Client = clientLink(base(r), app)
	}
	return body
}

// clientLink returns the link to the client's registration, which this org does not serve.
func clientLink(org string, app *App) link {
	return link{Href: org + "/oauth2/v1/clients/" + url.PathEscape(app.ClientID), Title: app.Name}
}

// serverJSON has every field of Okta's own example. What the store does not have is made up.
type serverJSON struct {
	ID          string          `json:"id"`
	Name        string          `json:"name"`
	Description string          `json:"description"`
	Audiences   []string        `json:"audiences"`
	Issuer      string          `json:"issuer"`
	IssuerMode  string          `json:"issuerMode"`
	Status      string          `json:"status"`
	Default     bool            `json:"default"`
	Created     timestamp       `json:"created"`
	LastUpdated timestamp       `json:"lastUpdated"`
	Credentials credentialsJSON `json:"credentials"`
	Links       serverLinks     `json:"_links"`
}

type serverLinks struct {
	Self       link   `json:"self"`
	Scopes     link   `json:"scopes"`
	Claims     link   `json:"claims"`
	Policies   link   `json:"policies"`
	Metadata   []link `json:"metadata"`
	RotateKey  link   `json:"rotateKey"`
	Deactivate link   `json:"deactivate"`
}

type credentialsJSON struct {
	Signing signingJSON `json:"signing"`
}

type signingJSON struct {
	Kid          string    `json:"kid"`
	RotationMode string    `json:"rotationMode"`
	LastRotated  timestamp `json:"lastRotated"`
	NextRotation timestamp `json:"nextRotation"`
}

func newServerJSON(org string, s *AuthorizationServer) serverJSON {
	const rotation = 90 * 24 * time.Hour
	var (
		self      = serverURL(org, s, "")
		wellKnown = issuer(org, s) + "/.well-known/"
	)
	var metadata []link
	for _, name := range []string{"oauth-authorization-server", "openid-configuration"} {
		document := allowing(wellKnown+name, http.MethodGet)
		document.Name = name
		metadata = append(metadata, document)
	}
	return serverJSON{
		ID: s.ID, Name: s.Name, Description: s.Description, Audiences: []string{s.Audience},
		Issuer: issuer(org, s), IssuerMode: "ORG_URL", Status: "ACTIVE", Default: s.Default,
		Created: timestamp(s.Created), LastUpdated: timestamp(s.Created),
		Credentials: credentialsJSON{Signing: signingJSON{
			Kid: derivedID("", 43, s.ID), RotationMode: "AUTO",
			LastRotated: timestamp(s.Created), NextRotation: timestamp(s.Created.Add(rotation)),
		}},
		Links: serverLinks{
			Self:       allowing(self, http.MethodGet, http.MethodDelete, http.MethodPut),
			Scopes:     allowing(self+"/scopes", http.MethodGet),
			Claims:     allowing(self+"/claims", http.MethodGet),
			Policies:   allowing(self+"/policies", http.MethodGet),
			Metadata:   metadata,
			RotateKey:  allowing(self+"/credentials/lifecycle/keyRotate", http.MethodPost),
			Deactivate: allowing(self+"/lifecycle/deactivate", http.MethodPost),
		},
	}
}

// issuer returns an authorization server's issuer. The default server's has its alias, as at Okta.
func issuer(org string, s *AuthorizationServer) string {
	if s.Default {
		return org + "/oauth2/default"
	}
	return org + "/oauth2/" + url.PathEscape(s.ID)
}

// serverURL returns the URL of an authorization server. If the request named the server, the URL has
// that name: Okta's links repeat the alias "default".
func serverURL(org string, s *AuthorizationServer, asked string) string {
	if asked == "" {
		asked = s.ID
	}
	return org + "/api/v1/authorizationServers/" + url.PathEscape(asked)
}

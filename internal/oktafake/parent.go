package oktafake

import (
	"net/http"
	"strings"
)

// parent is what the tokens of a request hang from.
type parent struct {
	view view
	// asked is the ID or alias of the authorization server in the request's path, which the
	// answer's links repeat. It is empty at the other levels.
	asked string
	// name is how Okta names the parent of a token that it cannot find.
	name string
	// tokens is the path of the parent's tokens, escaped as it was sent.
	tokens string
}

// parent finds the parent that a request's path names. Okta's answer to one that is missing tells
// which part of it is.
func (o *Org) parent(r *http.Request) (parent, error) {
	p := parent{tokens: r.URL.EscapedPath()}
	if r.PathValue("token") != "" {
		p.tokens = p.tokens[:strings.LastIndexByte(p.tokens, '/')]
	}
	if id := r.PathValue("app"); id != "" {
		app := o.store.appByID[id]
		if app == nil {
			return parent{}, notFound(id, "AppInstance")
		}
		p.view = view{appLevel, "", app.ClientID}
		p.name = app.ID
		return p, nil
	}
	if r.PathValue("server") != "" {
		server, err := o.server(r)
		if err != nil {
			return parent{}, err
		}
		p.view = view{level: serverLevel, owner: server.ID}
		p.asked = r.PathValue("server")
	} else {
		user, err := o.user(r)
		if err != nil {
			return parent{}, err
		}
		p.view = view{level: userLevel, owner: user.ID}
	}
	p.name = r.PathValue("client")
	if o.store.appByClient[p.name] == nil {
		return parent{}, notFound(p.name, "PublicClientApp")
	}
	p.view.client = p.name
	return p, nil
}

func (o *Org) server(r *http.Request) (*AuthorizationServer, error) {
	id := r.PathValue("server")
	if server := o.store.serverByID[id]; server != nil {
		return server, nil
	}
	return nil, notFound(id, "AuthorizationServer")
}

// user finds a user by ID or by login.
func (o *Org) user(r *http.Request) (*User, error) {
	id := r.PathValue("user")
	if user := o.store.userByID[id]; user != nil {
		return user, nil
	}
	if user := o.store.userByLogin[id]; user != nil {
		return user, nil
	}
	return nil, notFound(id, "User")
}

// token finds the token of a request that names one, through its parent.
func (o *Org) token(r *http.Request) (parent, *token, error) {
	p, err := o.parent(r)
	if err != nil {
		return parent{}, nil, err
	}
	id := r.PathValue("token")
	t := o.store.token(p.view, id)
	if t == nil {
		return parent{}, nil, notFound(p.name+"."+id, "OAuth2RefreshTokenTx")
	}
	return p, t, nil
}

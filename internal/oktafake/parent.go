package oktafake

import (
	"cmp"
	"net/http"
)

// parent is what the tokens of a request hang from.
type parent struct {
	view view
	// name is what Okta calls the parent in the answer to a token that it does not have.
	name string
}

// parent finds the parent that a request's path names. Okta's answer to one that is missing tells
// which part of it is.
func (o *Org) parent(r *http.Request) (parent, error) {
	if id := r.PathValue("app"); id != "" {
		app := o.store.appByID[id]
		if app == nil {
			return parent{}, notFound(id, "AppInstance")
		}
		return parent{view{appLevel, "", app.ClientID}, app.ID}, nil
	}
	v, err := o.owner(r)
	if err != nil {
		return parent{}, err
	}
	// A client need not have tokens of the owner: that is an empty list.
	v.client = r.PathValue("client")
	if o.store.appByClient[v.client] == nil {
		return parent{}, notFound(v.client, "PublicClientApp")
	}
	return parent{v, v.client}, nil
}

// owner finds the authorization server or the user that a request's path begins with, as a view
// that still lacks its client.
func (o *Org) owner(r *http.Request) (view, error) {
	if id := r.PathValue("server"); id != "" {
		server := o.store.serverByID[id]
		if server == nil {
			return view{}, notFound(id, "AuthorizationServer")
		}
		return view{level: serverLevel, owner: server.ID}, nil
	}
	id := r.PathValue("user")
	user := cmp.Or(o.store.userByID[id], o.store.userByLogin[id])
	if user == nil {
		return view{}, notFound(id, "User")
	}
	return view{level: userLevel, owner: user.ID}, nil
}

// token finds the token of a request that names one. A token of another parent is not found.
func (o *Org) token(r *http.Request) (*token, error) {
	p, err := o.parent(r)
	if err != nil {
		return nil, err
	}
	id := r.PathValue("token")
	t := o.store.token(p.view, id)
	if t == nil {
		return nil, notFound(p.name+"."+id, "OAuth2RefreshTokenTx")
	}
	return t, nil
}

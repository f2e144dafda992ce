package oktafake

import (
	"cmp"
	"net/http"
)

// parent is what the tokens of a request are listed under.
type parent struct {
	view view
	// name is what Okta calls the parent in a 404 for one of its tokens.
	name string
}

// parent returns the parent that a request's path names. If it does not exist, the error says which
// part is missing, as Okta does.
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
	// A client without tokens of the owner has an empty list.
	v.client = r.PathValue("client")
	if o.store.appByClient[v.client] == nil {
		return parent{}, notFound(v.client, "PublicClientApp")
	}
	return parent{v, v.client}, nil
}

// owner returns the authorization server or user at the start of a request's path, as a view without a
// client.
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

// token returns the token that a request's path names. A token of another parent is not found.
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

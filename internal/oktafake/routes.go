package oktafake

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// handler returns the JSON body of the answer, nil for 204, or an error.
type handler func(*Org, *http.Request) (any, error)

// routeTable has every endpoint of the API. The three kinds of parent share the handlers of their token
// endpoints, which find the parent by the names of the wildcards.
var routeTable = []struct {
	pattern string
	handler handler
}{
	{"GET /api/v1/authorizationServers", (*Org).listServers},

	{"GET /api/v1/authorizationServers/{server}/clients", (*Org).listClients},
	{"GET /api/v1/authorizationServers/{server}/clients/{client}/tokens", (*Org).listTokens},
	{"DELETE /api/v1/authorizationServers/{server}/clients/{client}/tokens", (*Org).revokeTokens},
	{"GET /api/v1/authorizationServers/{server}/clients/{client}/tokens/{token}", (*Org).getToken},
	{"DELETE /api/v1/authorizationServers/{server}/clients/{client}/tokens/{token}", (*Org).revokeToken},

	{"GET /api/v1/users/{user}", (*Org).getUser},
	{"GET /api/v1/users/{user}/clients", (*Org).listClients},
	{"GET /api/v1/users/{user}/clients/{client}/tokens", (*Org).listTokens},
	{"DELETE /api/v1/users/{user}/clients/{client}/tokens", (*Org).revokeTokens},
	{"GET /api/v1/users/{user}/clients/{client}/tokens/{token}", (*Org).getToken},
	{"DELETE /api/v1/users/{user}/clients/{client}/tokens/{token}", (*Org).revokeToken},
	{"GET /api/v1/users/{user}/clients/{client}/grants", (*Org).listGrants},
	{"DELETE /api/v1/users/{user}/clients/{client}/grants", (*Org).revokeGrants},
	{"DELETE /api/v1/users/{user}/sessions", (*Org).endSessions},

	{"GET /api/v1/apps/{app}/tokens", (*Org).listTokens},
	{"DELETE /api/v1/apps/{app}/tokens", (*Org).revokeTokens},
	{"GET /api/v1/apps/{app}/tokens/{token}", (*Org).getToken},
	{"DELETE /api/v1/apps/{app}/tokens/{token}", (*Org).revokeToken},
}

// routes returns the mux. Each pattern also has one without a method, for 405. A last one matches
// everything else, for 404.
func (o *Org) routes() *http.ServeMux {
	mux := http.NewServeMux()
	paths := map[string]bool{"/": true}
	for _, route := range routeTable {
		mux.Handle(route.pattern, o.serve(authorized(route.handler)))
		_, path, _ := strings.Cut(route.pattern, " ")
		if !paths[path] {
			mux.Handle(path, o.serve((*Org).wrongMethod))
		}
		paths[path] = true
	}
	mux.Handle("POST "+signInPath, o.serve((*Org).issueToken))
	mux.Handle(signInPath, o.serve((*Org).wrongMethod))
	mux.Handle("/", o.serve((*Org).wrongPath))
	return mux
}

// serve turns one of our handlers into one of net/http.
func (o *Org) serve(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := h(o, r)
		o.reply(w, r, body, err)
	}
}

// wrongMethod answers for a path that has no route for this method.
func (o *Org) wrongMethod(r *http.Request) (any, error) {
	o.unrouted(r)
	return nil, errMethodNotAllowed
}

// wrongPath answers for a path that has no route.
func (o *Org) wrongPath(r *http.Request) (any, error) {
	o.unrouted(r)
	return nil, errPathNotFound
}

// listServers pages by position, because servers are never removed.
func (o *Org) listServers(r *http.Request) (any, error) {
	p, err := o.pageOf(r, maxLimit)
	if err != nil {
		return nil, err
	}
	o.mu.RLock()
	defer o.mu.RUnlock()
	servers := o.store.servers
	if q := r.URL.Query().Get("q"); q != "" {
		servers = slices.DeleteFunc(slices.Clone(servers), func(s *AuthorizationServer) bool {
			return !strings.Contains(s.Name, q) && !strings.Contains(s.Audience, q)
		})
		p.query.Set("q", q)
	}
	start := min(p.after, len(servers))
	end := min(start+p.limit, len(servers))
	items := make([]serverJSON, 0, end-start)
	for _, s := range servers[start:end] {
		items = append(items, newServerJSON(base(r), s))
	}
	return p.list(items, end < len(servers), end), nil
}

// getUser finds a user by ID or by login.
func (o *Org) getUser(r *http.Request) (any, error) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	owner, err := o.owner(r)
	if err != nil {
		return nil, err
	}
	return newUserJSON(base(r), o.store.userByID[owner.owner]), nil
}

// listClients lists all clients at once: no recorded answer of Okta's has a Link.
func (o *Org) listClients(r *http.Request) (any, error) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	owner, err := o.owner(r)
	if err != nil {
		return nil, err
	}
	clients := []clientJSON{}
	for _, app := range o.store.clients(owner) {
		clients = append(clients, newClientJSON(r, app))
	}
	return clients, nil
}

func (o *Org) listTokens(r *http.Request) (any, error) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	parent, err := o.parent(r)
	if err != nil {
		return nil, err
	}
	p, err := o.pageOf(r, defaultLimit)
	if err != nil {
		return nil, err
	}
	if expandsScopes(r) {
		p.query.Set("expand", "scope")
	}
	tokens, more := o.store.page(parent.view, p.after, p.limit)
	items := make([]tokenJSON, len(tokens))
	for i, t := range tokens {
		items[i] = o.newTokenJSON(r, t)
	}
	last := p.after
	if len(tokens) > 0 {
		last = tokens[len(tokens)-1].seq
	}
	return p.list(items, more, last), nil
}

// revokeTokens succeeds even if there are no tokens.
func (o *Org) revokeTokens(r *http.Request) (any, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	parent, err := o.parent(r)
	if err != nil {
		return nil, err
	}
	o.store.revoke(r.URL.EscapedPath(), slices.Clone(o.store.views[parent.view])...)
	return nil, nil
}

func (o *Org) getToken(r *http.Request) (any, error) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	t, err := o.token(r)
	if err != nil {
		return nil, err
	}
	return o.newTokenJSON(r, t), nil
}

func (o *Org) revokeToken(r *http.Request) (any, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	t, err := o.token(r)
	if err != nil {
		return nil, err
	}
	o.store.revoke(r.URL.EscapedPath(), t)
	return nil, nil
}

// listGrants returns an empty list: consent is not modelled.
func (o *Org) listGrants(r *http.Request) (any, error) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	if _, err := o.parent(r); err != nil {
		return nil, err
	}
	p, err := o.pageOf(r, defaultLimit)
	if err != nil {
		return nil, err
	}
	return p.list([]struct{}{}, false, 0), nil
}

func (o *Org) revokeGrants(r *http.Request) (any, error) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	_, err := o.parent(r)
	return nil, err
}

// endSessions records the request; the org has no sessions to end. It revokes tokens of every client at
// every authorization server.
func (o *Org) endSessions(r *http.Request) (any, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	user, err := o.owner(r)
	if err != nil {
		return nil, err
	}
	ended := EndedSession{UserID: user.owner}
	if ended.OAuthTokens, err = boolParameter(r, "oauthTokens", false); err != nil {
		return nil, err
	}
	if ended.ForgetDevices, err = boolParameter(r, "forgetDevices", true); err != nil {
		return nil, err
	}
	if ended.OAuthTokens {
		var tokens []*token
		for _, app := range o.store.clients(user) {
			user.client = app.ClientID
			tokens = append(tokens, o.store.views[user]...)
		}
		o.store.revoke(r.URL.EscapedPath(), tokens...)
	}
	o.store.sessions = append(o.store.sessions, ended)
	return nil, nil
}

// boolParameter reads a parameter that is true, false or missing.
func boolParameter(r *http.Request, name string, missing bool) (bool, error) {
	if !r.URL.Query().Has(name) {
		return missing, nil
	}
	switch value := r.URL.Query().Get(name); value {
	case "true", "false":
		return strconv.ParseBool(value)
	default:
		return false, invalid(name, "must be true or false")
	}
}

package oktafake

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// Server is an org that is served on loopback during a test.
type Server struct {
	*Org
	URL string
}

// New serves an org that is stricter than Okta. Pages have two items, so every test of a list crosses a
// page boundary. Every object has a field that no client knows. A request without a route fails the
// test.
func New(t testing.TB, seeds ...Seed) *Server {
	t.Helper()
	srv := InMemory(t, seeds...)
	network := httptest.NewServer(srv.Org)
	t.Cleanup(network.Close)
	srv.URL = network.URL
	return srv
}

// InMemory is [New] without a network. Its URL does not resolve; [Org.RoundTrip] serves it.
func InMemory(t testing.TB, seeds ...Seed) *Server {
	t.Helper()
	o := NewOrg()
	o.PageSize = 2
	o.unknownFields = true
	o.unrouted = func(r *http.Request) {
		// Fatal must not be called in a handler's goroutine.
		t.Errorf("oktafake: no route for %s %s", r.Method, r.RequestURI)
	}
	for _, seed := range seeds {
		seed(o)
	}
	return &Server{Org: o, URL: "https://org.invalid"}
}

package oktafake

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// Server is an org that is served on loopback for the time of one test.
type Server struct {
	*Org
	URL string
}

// New serves an org that is harder on its clients than Okta is: pages are of two, so that every
// test of a list crosses a page boundary; every object has a field that no client knows; and a
// request for which there is no route fails the test.
func New(t testing.TB, seeds ...Seed) *Server {
	t.Helper()
	srv := InMemory(t, seeds...)
	network := httptest.NewServer(srv.Org)
	t.Cleanup(network.Close)
	srv.URL = network.URL
	return srv
}

// InMemory is [New] without a network: its URL is nobody's, and [Org.RoundTrip] serves it.
func InMemory(t testing.TB, seeds ...Seed) *Server {
	t.Helper()
	o := NewOrg()
	o.PageSize = 2
	o.unknownFields = true
	o.unrouted = func(r *http.Request) {
		// Fatal is not for the goroutine of a handler.
		t.Errorf("oktafake: no route for %s %s", r.Method, r.RequestURI)
	}
	for _, seed := range seeds {
		seed(o)
	}
	return &Server{Org: o, URL: "https://org.invalid"}
}

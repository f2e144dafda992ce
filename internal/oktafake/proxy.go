package oktafake

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// RefusingProxy is a proxy on loopback that lets nothing through, and what its clients asked for and
// authorized themselves with.
func RefusingProxy(t testing.TB, status int) (url string, asked func() []string) {
	t.Helper()
	seen := make(chan string, 100)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen <- r.Method + " " + r.Host + " " + r.Header.Get("Proxy-Authorization")
		w.WriteHeader(status)
	}))
	t.Cleanup(proxy.Close)
	return proxy.URL, func() []string {
		close(seen)
		all := []string{}
		for request := range seen {
			all = append(all, request)
		}
		return all
	}
}

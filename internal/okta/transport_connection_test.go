package okta

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"testing"
)

// A DELETE is only sent if it had a connection before the interrupt.
func TestInterruptBeforeTheConnectionSendsNothing(t *testing.T) {
	t.Parallel()
	var deletes atomic.Int32
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			deletes.Add(1)
			w.WriteHeader(http.StatusNoContent)
			return
		}
		_, _ = w.Write([]byte("[]")) // the client would complain
	})
	http1 := httptest.NewServer(handler)
	defer http1.Close()
	http2 := tlsServer(t, tls.VersionTLS12, tls.VersionTLS13, handler)
	for protocol, server := range map[string]*httptest.Server{"HTTP/1": http1, "HTTP/2": http2} {
		for _, moment := range []string{"before a connection is asked for", "when it is asked for", "when it is there"} {
			for _, idle := range []bool{true, false} {
				for _, id := range []string{"oar1", ""} {
					ctx, cancel := context.WithCancel(t.Context())
					c := interruptedAt(t, server, moment, cancel)
					if idle {
						if _, err := collect(t, c.RefreshTokens(t.Context(), App("0oa1"))); err != nil {
							t.Fatal(err)
						}
					}
					err := revoke(ctx, c, id)
					if got := deletes.Swap(0); got != 0 || !errors.Is(err, context.Canceled) || IsUncertain(err) {
						t.Errorf("%s, interrupted %s, idle connection %t: got %d DELETEs, %v, uncertain %t, want none, and certainty",
							protocol, moment, idle, got, err, IsUncertain(err))
					}
				}
			}
		}
	}
}

// interruptedAt is a client of a server that calls interrupt at this moment of a DELETE.
func interruptedAt(t *testing.T, server *httptest.Server, moment string, interrupt func()) *Client {
	t.Helper()
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	network := newNetwork(nil, 1)
	if certificate := server.Certificate(); certificate != nil {
		network.TLSClientConfig.RootCAs = poolOf(certificate)
	}
	t.Cleanup(network.CloseIdleConnections)
	return testClient(roundTripFunc(func(req *http.Request) (*http.Response, error) {
		if req.Method == http.MethodDelete {
			trace := &httptrace.ClientTrace{}
			switch moment {
			case "before a connection is asked for":
				interrupt()
			case "when it is asked for":
				trace.GetConn = func(string) { interrupt() }
			case "when it is there":
				trace.GotConn = func(httptrace.GotConnInfo) { interrupt() }
			}
			req = req.WithContext(httptrace.WithClientTrace(req.Context(), trace))
		}
		return network.RoundTrip(req)
	}), once, func(cfg *Config) { cfg.OrgURL = u })
}

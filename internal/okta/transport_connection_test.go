package okta

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
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

// slowToClose is a connection that leaves a pending write the time to come first.
type slowToClose struct{ net.Conn }

func (c slowToClose) Close() error {
	for range 1000 {
		runtime.Gosched()
	}
	return c.Conn.Close()
}

// Over HTTP/1, net/http may write a request before it checks the context.
func TestInterruptedDeleteIsNotWrittenOverHTTP1(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		network := newNetwork(nil, 1)
		network.DialContext = func(context.Context, string, string) (net.Conn, error) {
			client, server := net.Pipe()
			go func() {
				defer server.Close()
				if req, err := http.ReadRequest(bufio.NewReader(server)); err == nil {
					t.Errorf("the server got %s %s after the interrupt, want nothing", req.Method, req.URL)
				}
			}()
			return slowToClose{client}, nil
		}
		trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { cancel() }}
		c := testClient(roundTripFunc(func(req *http.Request) (*http.Response, error) {
			return network.RoundTrip(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
		}), once, func(cfg *Config) { cfg.OrgURL = &url.URL{Scheme: "http", Host: "localhost"} })
		if err := revoke(ctx, c, ""); !errors.Is(err, context.Canceled) || IsUncertain(err) {
			t.Errorf("got %v, uncertain %t, want context.Canceled and certainty", err, IsUncertain(err))
		}
		network.CloseIdleConnections()
	})
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

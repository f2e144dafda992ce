package okta

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// hijacked is a server that writes exactly this text to a connection and then closes or
// resets it.
func hijacked(t *testing.T, text string, reset bool) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Errorf("hijacking: %v", err)
			return
		}
		defer conn.Close()
		if tcp, ok := conn.(*net.TCPConn); ok && reset {
			if err := tcp.SetLinger(0); err != nil {
				t.Errorf("SetLinger: %v", err)
			}
		}
		if _, err := io.WriteString(conn, text); err != nil {
			t.Errorf("writing: %v", err)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

func TestBrokenConnectionMayHaveCarriedTheRequest(t *testing.T) {
	t.Parallel()
	const start = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	for name, tc := range map[string]struct {
		text  string
		reset bool
	}{
		"reset":                    {"", true},
		"hang-up":                  {"", false},
		"hang-up in the header":    {start, false},
		"body shorter than said":   {start + "Content-Length: 1000\r\n\r\n[{}]", false},
		"chunks without an end":    {start + "Transfer-Encoding: chunked\r\n\r\n4\r\n[{}]\r\n", false},
		"chunk shorter than said":  {start + "Transfer-Encoding: chunked\r\n\r\nff\r\n[{}]", false},
		"body to the end, cut off": {start + "Connection: close\r\n\r\n[{\"id\":", false},
		"no HTTP":                  {"SSH-2.0-OpenSSH\r\n", false},
	} {
		c := serverClient(t, hijacked(t, tc.text, tc.reset).URL)
		if e := transportError(t, revoke(t.Context(), c, "oar1")); !e.MayHaveLanded || e.Attempts != 1 {
			t.Errorf("%s: got %v, sent %t, attempts %d, want sent in one", name, e, e.MayHaveLanded, e.Attempts)
		}
		tokens, err := collect(t, c.RefreshTokens(t.Context(), App("0oa1")))
		if e := transportError(t, err); len(tokens) != 0 || e.Attempts != 1 {
			t.Errorf("%s: got %d tokens, %v, want none", name, len(tokens), err)
		}
	}
}

// Okta confirms a DELETE with 204. An empty 200 is not Okta's. Its sender may not have
// passed the request on.
func TestEmptyAnswerConfirmsNoDelete(t *testing.T) {
	t.Parallel()
	const start = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	const confirmed, refused, uncertain = "confirmed", "not confirmed", "uncertain"
	for name, tc := range map[string]struct{ text, want string }{
		"204":                        {"HTTP/1.1 204 No Content\r\n\r\n", confirmed},
		"no length":                  {start + "Content-Length: 0\r\n\r\n", uncertain},
		"no chunks":                  {start + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", uncertain},
		"blanks":                     {start + "Content-Length: 2\r\n\r\n\r\n", uncertain},
		"accepted":                   {"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", uncertain},
		"a part":                     {"HTTP/1.1 206 Partial Content\r\nContent-Length: 0\r\n\r\n", uncertain},
		"another protocol":           {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", refused},
		"no length, then the end":    {start + "Connection: close\r\nContent-Length: 0\r\n\r\n", uncertain},
		"a login page":               {start + "Content-Length: 6\r\n\r\n<html>", uncertain},
		"an object":                  {start + "Content-Length: 2\r\n\r\n{}", uncertain},
		"nothing up to the end":      {start + "Connection: close\r\n\r\n", uncertain},
		"nothing up to HTTP/1.0's":   {"HTTP/1.0 200 OK\r\n\r\n", uncertain},
		"less than was said":         {start + "Content-Length: 100\r\n\r\n", uncertain},
		"chunks without an end":      {start + "Transfer-Encoding: chunked\r\n\r\n", uncertain},
		"an object that is cut off":  {start + "Content-Length: 5\r\n\r\n{\"id\"", uncertain},
		"a login page, and a length": {start + "Content-Length: 100\r\n\r\n<html>", uncertain},
	} {
		server := hijacked(t, tc.text, false)
		for _, id := range []string{"oar1", ""} {
			// Each needs a connection of its own, because the server closes it.
			err := revoke(t.Context(), serverClient(t, server.URL), id)
			got := confirmed
			switch {
			case IsUncertain(err):
				got = uncertain
			case err != nil:
				got = refused
			}
			if got != tc.want {
				t.Errorf("%s: got %s, %v, want %s", name, got, err, tc.want)
			}
		}
		if _, err := serverClient(t, server.URL).RefreshToken(t.Context(), App("0oa1"), "oar1"); err == nil {
			t.Errorf("%s: got a token, want an error", name)
		}
	}
	server := tlsServer(t, tls.VersionTLS12, tls.VersionTLS13, func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("got %s, want HTTP/2", r.Proto)
		}
		w.WriteHeader(http.StatusOK)
	})
	if err := revoke(t.Context(), trusting(t, server), "oar1"); !IsUncertain(err) {
		t.Errorf("got %v over HTTP/2, want it uncertain", err)
	}
}

func TestRefusedConnectionCarriedNothing(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	err := revoke(t.Context(), serverClient(t, server.URL), "oar1")
	if e := transportError(t, err); e.MayHaveLanded {
		t.Errorf("got %v, sent, want not sent", err)
	}
}

// through is the change to a client that makes it use a proxy, with a password.
func through(t *testing.T, proxyURL string) func(*Config) {
	t.Helper()
	proxy, err := url.Parse(proxyURL)
	if err != nil {
		t.Fatal(err)
	}
	proxy.User = url.UserPassword("me", secret)
	return func(cfg *Config) { cfg.Proxy = http.ProxyURL(proxy) }
}

// A proxy that is down or refuses the client passes no DELETE on.
func TestUnreachableProxyCarriedNothing(t *testing.T) {
	t.Parallel()
	down := httptest.NewServer(http.NotFoundHandler())
	down.Close()
	refusing := httptest.NewServer(http.NotFoundHandler())
	defer refusing.Close()
	for name, proxyURL := range map[string]string{"down": down.URL, "refusing": refusing.URL} {
		err := revoke(t.Context(), serverClient(t, "https://acme.okta.com", through(t, proxyURL)), "")
		if e := transportError(t, err); e.MayHaveLanded {
			t.Errorf("a proxy that is %s: got %v, sent, want not sent", name, err)
		}
		wantNoSecret(t, err)
	}
}

func TestProxyGetsOnlyItsOwnCredential(t *testing.T) {
	t.Parallel()
	var asked atomic.Pointer[http.Request]
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r)
		http.Error(w, "no", http.StatusForbidden)
	}))
	defer server.Close()
	err := revoke(t.Context(), serverClient(t, "https://acme.okta.com", through(t, server.URL)), "oar1")
	req := asked.Load()
	if err == nil || req == nil {
		t.Fatalf("got the error %v and %v at the proxy, want an error and a CONNECT", err, req)
	}
	if req.Method != http.MethodConnect || req.Host != "acme.okta.com:443" || req.Header.Get("Authorization") != "" {
		t.Errorf("the proxy got %s %s with %v, want CONNECT acme.okta.com:443 without Okta's credential", req.Method, req.Host, req.Header)
	}
	own := http.Request{Header: http.Header{"Authorization": req.Header["Proxy-Authorization"]}}
	if user, password, ok := own.BasicAuth(); !ok || user != "me" || password != secret {
		t.Errorf("the proxy got %v, want its own credential", req.Header)
	}
}

func TestProxyIsUsed(t *testing.T) {
	t.Parallel()
	var got atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got.Store(r.URL.String())
		w.WriteHeader(http.StatusNoContent)
	}))
	defer server.Close()
	c := serverClient(t, "http://acme.example.com", through(t, server.URL))
	wantError(t, revoke(t.Context(), c, "oar1"), "")
	if want := "http://acme.example.com" + tokenPath; got.Load() != want {
		t.Errorf("the proxy got %v, want %s", got.Load(), want)
	}
}

// trusting is a client that trusts a TLS server's certificate, with the TLS
// configuration of its own network.
func trusting(t *testing.T, server *httptest.Server) *Client {
	t.Helper()
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	network := newNetwork(nil, 1)
	network.TLSClientConfig.RootCAs = poolOf(server.Certificate())
	t.Cleanup(network.CloseIdleConnections)
	return testClient(network, once, func(cfg *Config) { cfg.OrgURL = u })
}

// poolOf trusts one certificate.
func poolOf(certificate *x509.Certificate) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(certificate)
	return pool
}

// tlsServer is a server with these versions of TLS and no log.
func tlsServer(t *testing.T, lowest, highest uint16, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.TLS = &tls.Config{MinVersion: lowest, MaxVersion: highest}
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func TestTLSIsNotOld(t *testing.T) {
	t.Parallel()
	for version, want := range map[uint16]string{
		tls.VersionTLS10: "remote error: tls: protocol version not supported, so nothing was sent",
		tls.VersionTLS11: "remote error: tls: protocol version not supported, so nothing was sent",
		tls.VersionTLS12: "",
		tls.VersionTLS13: "",
	} {
		var protocol atomic.Value
		server := tlsServer(t, version, version, func(w http.ResponseWriter, r *http.Request) {
			protocol.Store(r.Proto)
			w.WriteHeader(http.StatusNoContent)
		})
		err := revoke(t.Context(), trusting(t, server), "oar1")
		if want != "" {
			wantError(t, err, "okta: DELETE "+tokenPath+": "+want)
			continue
		}
		wantError(t, err, "")
		if protocol.Load() != "HTTP/2.0" {
			t.Errorf("%s: got %v, want HTTP/2.0", tls.VersionName(version), protocol.Load())
		}
	}
}

func TestFailedHandshakeCarriedNothing(t *testing.T) {
	t.Parallel()
	server := tlsServer(t, tls.VersionTLS10, tls.VersionTLS11, func(http.ResponseWriter, *http.Request) {
		t.Error("the server got a request, want none")
	})
	if err := revoke(t.Context(), trusting(t, server), ""); IsUncertain(err) {
		t.Errorf("got %v, uncertain, want certain", err)
	}
}

func TestUnknownCertificateIsRefused(t *testing.T) {
	t.Parallel()
	server := tlsServer(t, tls.VersionTLS12, tls.VersionTLS13, func(http.ResponseWriter, *http.Request) {
		t.Error("the server got a request, want none")
	})
	// This client would repeat a transient failure.
	err := revoke(t.Context(), serverClient(t, server.URL, func(cfg *Config) { cfg.MaxRetries = 5 }), "oar1")
	e := transportError(t, err)
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); !ok || e.MayHaveLanded || e.Attempts != 1 {
		t.Errorf("got %v, sent %t, attempts %d, want a refusal of the certificate, nothing sent, in one", err, e.MayHaveLanded, e.Attempts)
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the redirect was followed: %s %s", r.Method, r.URL)
	}))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		server := httptest.NewServer(http.RedirectHandler(elsewhere.URL+"/login", status))
		c := serverClient(t, server.URL)
		_, reading := c.RefreshToken(t.Context(), App("0oa1"), "oar1")
		for _, err := range []error{reading, revoke(t.Context(), c, "oar1")} {
			if e := answered(t, err); e.StatusCode != status || e.Location != elsewhere.URL+"/login" {
				t.Errorf("got %v, want %d and its location", err, status)
			}
		}
		server.Close()
	}
}

// The connection is in memory, so the timeouts of the client's own transport run by the
// clock of a bubble.
func TestHangingServerIsGivenUp(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no answer":      "",
		"half a header":  "HTTP/1.1 200 OK\r\nContent-",
		"half an answer": "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[{",
	} {
		bubble(t, name, func(t *testing.T) {
			network := newNetwork(nil, 1)
			network.DialContext = dialHanging(t, text)
			c := testClient(network, once, func(cfg *Config) {
				cfg.OrgURL = &url.URL{Scheme: "http", Host: "localhost"}
			})
			start := time.Now()
			_, err := c.RefreshToken(t.Context(), App("0oa1"), "oar1")
			wantElapsed(t, start, time.Minute)
			wantError(t, err, "okta: GET "+tokenPath+": no complete answer within 1m0s")

			start = time.Now()
			err = revoke(interrupted(t, time.Second), c, "oar1")
			wantElapsed(t, start, 13*time.Second)
			if !IsUncertain(err) {
				t.Errorf("got %v, certain, want uncertain", err)
			}
			network.CloseIdleConnections()
			synctest.Wait()
		})
	}
}

// dialHanging dials a server that reads a request, writes this text and then hangs until
// the client closes the connection.
func dialHanging(t *testing.T, text string) func(context.Context, string, string) (net.Conn, error) {
	t.Helper()
	return func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		go func() {
			defer server.Close()
			reader := bufio.NewReader(server)
			if _, err := http.ReadRequest(reader); err != nil {
				t.Errorf("reading the request: %v", err)
			}
			if _, err := io.WriteString(server, text); err != nil {
				t.Errorf("writing the answer: %v", err)
			}
			// Any end of the reading means that the client hung up.
			_, _ = io.Copy(io.Discard, reader)
		}()
		return client, nil
	}
}

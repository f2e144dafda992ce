package okta

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// http2Server is a server of bare frames, because Go's own never misbehaves. It signs
// service apps in, with DPoP.
type http2Server struct {
	listener net.Listener
	trusted  *x509.CertPool
	// trouble handles the nth request to the API, from 1, on the nth connection. It
	// reports whether the connection continues.
	trouble func(framer *http2.Framer, stream uint32, n int) (answered, goesOn bool)

	mu       sync.Mutex
	requests []http2Request
}

// http2Request is one request to the API.
type http2Request struct {
	method, proof, length string
	ended                 bool // whether its header ended it: it has no body
}

func newHTTP2Server(t *testing.T, trouble func(*http2.Framer, uint32, int) (bool, bool)) *http2Server {
	t.Helper()
	model := httptest.NewUnstartedServer(nil) // for its certificate
	model.EnableHTTP2 = true
	model.StartTLS()
	t.Cleanup(model.Close)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: model.TLS.Certificates, NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	s := &http2Server{listener: listener, trusted: x509.NewCertPool(), trouble: trouble}
	s.trusted.AddCert(model.Certificate())
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.serve(conn)
		}
	}()
	return s
}

// serve speaks HTTP/2 on one connection until it ends.
func (s *http2Server) serve(conn net.Conn) {
	defer conn.Close()
	if _, err := io.ReadFull(conn, make([]byte, len(http2.ClientPreface))); err != nil {
		return
	}
	framer := http2.NewFramer(conn, conn)
	framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	if framer.WriteSettings() != nil {
		return
	}
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return
		}
		switch f := frame.(type) {
		case *http2.SettingsFrame:
			if !f.IsAck() && framer.WriteSettingsAck() != nil {
				return
			}
		case *http2.MetaHeadersFrame:
			if !s.answer(framer, f) {
				return
			}
		}
	}
}

// answer answers one request, and reports whether the connection goes on.
func (s *http2Server) answer(framer *http2.Framer, f *http2.MetaHeadersFrame) bool {
	if f.PseudoValue("path") == signInPath {
		return respond(framer, f.StreamID, "200", `{"access_token":"`+secret+`","token_type":"DPoP","expires_in":3600}`)
	}
	request := http2Request{method: f.PseudoValue("method"), ended: f.StreamEnded()}
	for _, field := range f.RegularFields() {
		switch field.Name {
		case "dpop":
			request.proof = field.Value
		case "content-length":
			request.length = field.Value
		}
	}
	s.mu.Lock()
	s.requests = append(s.requests, request)
	n := len(s.requests)
	s.mu.Unlock()
	if answered, goesOn := s.trouble(framer, f.StreamID, n); answered {
		return goesOn
	}
	if request.method == http.MethodDelete {
		return respond(framer, f.StreamID, "204", "")
	}
	return respond(framer, f.StreamID, "200", "[]")
}

func respond(framer *http2.Framer, stream uint32, status, body string) bool {
	var block strings.Builder
	encoder := hpack.NewEncoder(&block)
	for _, field := range []hpack.HeaderField{{Name: ":status", Value: status}, {Name: "x-okta-request-id", Value: "req1"}} {
		if encoder.WriteField(field) != nil {
			return false
		}
	}
	err := framer.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: []byte(block.String()), EndHeaders: true, EndStream: body == ""})
	if err == nil && body != "" {
		err = framer.WriteData(stream, true, []byte(body))
	}
	return err == nil
}

// client is a client of the server, with the client's own network.
func (s *http2Server) client(t *testing.T, changes ...func(*Config)) *Client {
	t.Helper()
	network := newNetwork(nil, 1)
	network.TLSClientConfig.RootCAs = s.trusted
	t.Cleanup(network.CloseIdleConnections)
	orgURL := &url.URL{Scheme: "https", Host: s.listener.Addr().String()}
	return testClient(network, append([]func(*Config){func(cfg *Config) { cfg.OrgURL, cfg.MaxRetries = orgURL, 1 }}, changes...)...)
}

// http2Troubles are what makes Go's own transport send a request again.
func http2Troubles() map[string]func(framer *http2.Framer, stream uint32) (goesOn bool) {
	reset := func(code http2.ErrCode) func(*http2.Framer, uint32) bool {
		return func(framer *http2.Framer, stream uint32) bool { return framer.WriteRSTStream(stream, code) == nil }
	}
	return map[string]func(*http2.Framer, uint32) bool{
		"a refused stream": reset(http2.ErrCodeRefusedStream),
		"a protocol error": reset(http2.ErrCodeProtocol),
		"a hang-up":        func(*http2.Framer, uint32) bool { return false },
		"goodbye": func(framer *http2.Framer, stream uint32) bool {
			return framer.WriteGoAway(stream-1, http2.ErrCodeNo, nil) == nil
		},
		"goodbye and a hang-up": func(framer *http2.Framer, stream uint32) bool {
			return framer.WriteGoAway(stream-1, http2.ErrCodeNo, nil) != nil
		},
	}
}

// inTrouble is a server whose second request, on the connection of the first, gets
// into trouble.
func inTrouble(t *testing.T, trouble func(*http2.Framer, uint32) bool) *http2Server {
	t.Helper()
	return newHTTP2Server(t, func(framer *http2.Framer, stream uint32, n int) (bool, bool) {
		return n == 2, n == 2 && trouble(framer, stream)
	})
}

// Over HTTP/2, a GET and a DELETE are their header alone, and no proof is sent twice,
// whatever becomes of the connection.
func TestProofsOverHTTP2(t *testing.T) {
	t.Parallel()
	for name, trouble := range http2Troubles() {
		for _, method := range []string{http.MethodGet, http.MethodDelete} {
			t.Run(name+" "+method, func(t *testing.T) {
				t.Parallel()
				server := inTrouble(t, trouble)
				c := server.client(t, asService)
				wantError(t, list(t, c), "")
				if method == http.MethodGet {
					wantError(t, list(t, c), "")
				} else {
					wantError(t, revoke(t.Context(), c, "oar1"), "")
				}
				want := []string{http.MethodGet, method, method}
				var got, ids []string
				for _, r := range server.requests {
					got = append(got, r.method)
					if !r.ended || r.length != "" {
						t.Errorf("got a %s with a body, Content-Length %q, want none", r.method, r.length)
					}
					claims, _ := proofOf(t, http.Header{"Dpop": {r.proof}})
					ids = append(ids, claims.ID)
				}
				if slices.Sort(ids); len(slices.Compact(slices.Clone(ids))) != 3 || !slices.Equal(got, want) {
					t.Errorf("got %v with the proofs %v, want %v, each with its own", got, ids, want)
				}
			})
		}
	}
}

// A DELETE of all tokens is sent once, whatever the credential. A list shows whether it
// took effect.
func TestBulkDeleteIsNotRepeatedByHTTP2(t *testing.T) {
	t.Parallel()
	for name, trouble := range http2Troubles() {
		for kind, credential := range map[string]func(*Config){"API token": func(*Config) {}, "service app": asService} {
			t.Run(name+", "+kind, func(t *testing.T) {
				t.Parallel()
				server := inTrouble(t, trouble)
				c := server.client(t, credential)
				wantError(t, list(t, c), "")
				if err := revoke(t.Context(), c, ""); !IsUncertain(err) {
					t.Errorf("got %v, want it uncertain", err)
				}
				if got := len(server.requests); got != 2 {
					t.Errorf("got %d requests, want the list and one DELETE", got)
				}
			})
		}
	}
}

// A connection that the server closed while it was idle fails no request, with a proof or
// without.
func TestIdleConnectionThatDied(t *testing.T) {
	t.Parallel()
	for _, http2 := range []bool{false, true} {
		org := serviceOrg(t, 3)
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost && (r.ContentLength != 0 || len(r.TransferEncoding) > 0 || r.ProtoMajor == 2 != http2) {
				t.Errorf("got a %s over %s with a body of %d bytes, want none", r.Method, r.Proto, r.ContentLength)
			}
			org.ServeHTTP(w, r)
		}))
		server.EnableHTTP2 = http2
		server.StartTLS()
		defer server.Close()
		network := newNetwork(nil, 1)
		network.TLSClientConfig.RootCAs = x509.NewCertPool()
		network.TLSClientConfig.RootCAs.AddCert(server.Certificate())
		defer network.CloseIdleConnections()
		c := testClient(network, asService, func(cfg *Config) { cfg.OrgURL = must(url.Parse(server.URL)) })
		for i := range 3 {
			wantError(t, list(t, c), "")
			server.CloseClientConnections()
			if err := revoke(t.Context(), c, tokenID(i)); err != nil && !IsNotFound(err) {
				t.Errorf("HTTP/2 %t: got %v", http2, err)
			}
			server.CloseClientConnections()
		}
		wantNoReplays(t, org)
	}
}

// A response's body outlives the attempt that may not be repeated.
func TestBodyIsReadAfterAnAttemptThatGoesOutOnce(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_ = http.NewResponseController(w).Flush() // the client would complain
		_, _ = io.WriteString(w, oktaError("E0000006", "No"))
	}))
	defer server.Close()
	wantError(t, revoke(t.Context(), serverClient(t, server.URL), ""), "okta: DELETE "+tokensPath+": 403 E0000006: No [error ID oae1]")
}

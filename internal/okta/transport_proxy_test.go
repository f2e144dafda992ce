package okta

import (
	"bufio"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// refusingProxy is a proxy that answers every CONNECT like this, late, and counts
// them.
func refusingProxy(t *testing.T, answer string) (proxyURL string, asked *atomic.Int64) {
	t.Helper()
	asked = &atomic.Int64{}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					asked.Add(1)
					_, _ = io.WriteString(conn, answer) // the client would complain
				}
			}()
		}
	}()
	return "http://" + listener.Addr().String(), asked
}

// A wrong password is shown to a proxy once: the directory behind it locks accounts.
func TestProxysNoIsFinal(t *testing.T) {
	t.Parallel()
	for status, text := range map[int]string{407: "Proxy Authentication Required", 403: "Forbidden", 404: "Not Found"} {
		proxyURL, asked := refusingProxy(t, fmt.Sprintf("HTTP/1.1 %d %s\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n", status, text))
		c := serverClient(t, "https://acme.okta.com", through(t, proxyURL), func(cfg *Config) {
			cfg.MaxRetries, cfg.ProxyFrom = 5, "http_proxy"
		})
		host := strings.TrimPrefix(proxyURL, "http://")
		want := fmt.Sprintf(": the proxy %s (from http_proxy) refused to connect to Okta: %d %s, so nothing was sent", host, status, text)
		var group sync.WaitGroup
		for range 12 {
			group.Go(func() { wantError(t, list(t, c), "okta: GET "+tokensPath+want) })
		}
		group.Wait()
		for _, id := range []string{"oar1", ""} {
			err := revoke(t.Context(), c, id)
			e, ok := errors.AsType[*ProxyError](err)
			if !ok || e.StatusCode != status || e.Proxy != host || IsUncertain(err) || !IsRefused(err) || e.WrongPassword() != (status == 407) {
				t.Errorf("%d: got %v, want the proxy's refusal, and that nothing was sent", status, err)
			}
		}
		if got := asked.Load(); got != 1 {
			t.Errorf("%d: the proxy was asked %d times, want once", status, got)
		}
	}
}

// Requests of other buckets and a sign-in come at the same time. Only the first goes to
// the proxy.
func TestOneRequestTriesTheProxy(t *testing.T) {
	t.Parallel()
	const n = 12
	var started sync.WaitGroup
	started.Add(n)
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		started.Wait()
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	defer server.Close()
	gate := newProxyGate(newNetwork(http.ProxyURL(must(url.Parse(server.URL))), n), "http_proxy")
	var group sync.WaitGroup
	for range n {
		group.Go(func() {
			req := must(http.NewRequestWithContext(t.Context(), http.MethodGet, "https://acme.okta.com/", nil))
			started.Done()
			resp, err := gate.RoundTrip(req)
			if _, ok := errors.AsType[*ProxyError](err); !ok {
				t.Errorf("got %v, want the proxy's refusal", err)
			}
			if err == nil {
				_ = resp.Body.Close()
			}
		})
	}
	group.Wait()
	if got := asked.Load(); got != 1 {
		t.Errorf("the proxy was asked %d times, want once", got)
	}
}

// A sign-in goes through the same proxy.
func TestProxysNoIsFinalForSignIns(t *testing.T) {
	t.Parallel()
	proxyURL, asked := refusingProxy(t, "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")
	c := serverClient(t, "https://acme.okta.com", asService, through(t, proxyURL), func(cfg *Config) { cfg.MaxRetries = 5 })
	for range 3 {
		err := list(t, c)
		if e, ok := errors.AsType[*ProxyError](err); !ok || e.From != "HTTPS_PROXY" || !IsRefused(err) {
			t.Errorf("got %v, want the proxy's refusal", err)
		}
	}
	if got := asked.Load(); got != 1 {
		t.Errorf("the proxy was asked %d times, want once", got)
	}
}

// A proxy that cannot reach Okta now may reach it later.
func TestProxysFailurePasses(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 502, 503, 504} {
		proxyURL, asked := refusingProxy(t, fmt.Sprintf("HTTP/1.1 %d x\r\nContent-Length: 0\r\n\r\n", status))
		c := serverClient(t, "https://acme.okta.com", through(t, proxyURL), func(cfg *Config) { cfg.MaxRetries = 1 })
		err := revoke(t.Context(), c, "")
		if e, ok := errors.AsType[*ProxyError](err); !ok || e.StatusCode != status || IsUncertain(err) || IsRefused(err) || !IsUnavailable(err) {
			t.Errorf("%d: got %v, want the proxy's failure", status, err)
		}
		if got := asked.Load(); got != 2 {
			t.Errorf("%d: the proxy was asked %d times, want twice", status, got)
		}
	}
}

// Without TLS, the proxy's refusal is a response like any other.
func TestProxysNoInTheClearIsFinal(t *testing.T) {
	t.Parallel()
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	defer server.Close()
	c := serverClient(t, "http://acme.example.com", through(t, server.URL), func(cfg *Config) { cfg.MaxRetries = 5 })
	for range 3 {
		err := revoke(t.Context(), c, "")
		if _, ok := errors.AsType[*ProxyError](err); !ok || IsUncertain(err) {
			t.Errorf("got %v, want the proxy's refusal", err)
		}
	}
	if asked != 1 {
		t.Errorf("the proxy was asked %d times, want once", asked)
	}
}

// A SOCKS proxy refuses in its own way.
func TestSOCKSPasswordIsTriedOnce(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	var asked atomic.Int64
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				buffer := make([]byte, 512)
				_, _ = conn.Read(buffer)        // the methods
				_, _ = conn.Write([]byte{5, 2}) // a user name and password
				if n, _ := conn.Read(buffer); n > 0 {
					asked.Add(1)
				}
				_, _ = conn.Write([]byte{1, 1}) // are wrong
			}()
		}
	}()
	c := serverClient(t, "https://acme.okta.com", through(t, "socks5://"+listener.Addr().String()), func(cfg *Config) { cfg.MaxRetries = 5 })
	for range 3 {
		err := revoke(t.Context(), c, "")
		if e, ok := errors.AsType[*ProxyError](err); !ok || !e.WrongPassword() || IsUncertain(err) {
			t.Errorf("got %v, want the proxy's refusal", err)
		}
	}
	if got := asked.Load(); got != 1 {
		t.Errorf("the proxy was asked %d times, want once", got)
	}
}

// The first request opens the gate for all as soon as it has a connection, however
// long its answer takes.
func TestProxyThatLetsThroughHoldsNoneBack(t *testing.T) {
	t.Parallel()
	started, slow := make(chan struct{}), make(chan struct{})
	server := tlsServer(t, 0, 0, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			close(started)
			<-slow
		}
		w.WriteHeader(http.StatusNoContent)
	})
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		upstream, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", r.Host)
		if err != nil {
			t.Errorf("dialing: %v", err)
			return
		}
		client, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Errorf("hijacking: %v", err)
			return
		}
		_, _ = io.WriteString(client, "HTTP/1.1 200 OK\r\n\r\n") // the client would complain
		go func() { _, _ = io.Copy(upstream, client); upstream.Close() }()
		go func() { _, _ = io.Copy(client, upstream); client.Close() }()
	}))
	defer proxy.Close()
	proxyURL := must(url.Parse(proxy.URL))
	network := newNetwork(http.ProxyURL(proxyURL), 5)
	network.TLSClientConfig.RootCAs = x509.NewCertPool()
	network.TLSClientConfig.RootCAs.AddCert(server.Certificate())
	c := testClient(newProxyGate(network, "http_proxy"), once, func(cfg *Config) { cfg.OrgURL = must(url.Parse(server.URL)) })
	var group sync.WaitGroup
	group.Go(func() { wantError(t, revoke(t.Context(), c, "oar1"), "") })
	<-started
	_ = list(t, c) // ends, though the DELETE does not
	close(slow)
	group.Wait()
	network.CloseIdleConnections()
}

package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	neturl "net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/go-cmp/cmp"
)

// asCommand makes the test binary run the command, for tests that need a process.
const asCommand = "OKTAFAKE_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
	}
	os.Exit(m.Run())
}

// start runs the command in this process until the test ends. It returns the URL, which must be the
// first line on standard output.
func start(t *testing.T, args ...string) (url string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	out, stdout := io.Pipe()
	status := make(chan int, 1)
	go func() {
		status <- run(ctx, append([]string{"-addr", "127.0.0.1:0"}, args...), stdout, io.Discard)
		_ = stdout.Close()
	}()
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatalf("the command ended with status %d", <-status)
	}
	t.Cleanup(func() {
		stop()
		for lines.Scan() {
			t.Errorf("got %q after the URL, want nothing", lines.Text())
		}
		if got := <-status; got != 0 {
			t.Errorf("got exit status %d, want 0", got)
		}
	})
	return lines.Text()
}

func get(t *testing.T, url, token string, into any) (status int, header http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "SSWS "+token)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		t.Fatalf("%s: %v", url, err)
	}
	return resp.StatusCode, resp.Header
}

type object map[string]any

func TestServesWhatTheFlagsSay(t *testing.T) {
	t.Parallel()
	args := []string{
		"-api-token", "secret", "-servers", "2", "-clients", "3", "-tokens", "7", "-users", "4",
		"-page-size", "5", "-seed", "9", "-client-field", "client_id", "-rate-limit", "3", "-rate-window", "1h",
	}
	url := start(t, args...)
	if !regexp.MustCompile(`^http://127\.0\.0\.1:[0-9]+$`).MatchString(url) {
		t.Fatalf("got %q as the first line, want a URL", url)
	}
	var servers, clients, tokens []object
	get(t, url+"/api/v1/authorizationServers", "secret", &servers)
	get(t, url+"/api/v1/authorizationServers/default/clients", "secret", &clients)
	id, _ := clients[0]["client_id"].(string)
	list := url + "/api/v1/authorizationServers/default/clients/" + id + "/tokens?limit=200"
	_, header := get(t, list, "secret", &tokens)
	if len(servers) != 2 || len(clients) != 3 || len(tokens) != 5 {
		t.Errorf("got %d servers, %d clients, %d tokens on a page, want 2, 3, 5", len(servers), len(clients), len(tokens))
	}
	if tokens[0]["client_id"] != id {
		t.Errorf("got token %v, want client_id %s", tokens[0], id)
	}
	for name, want := range map[string]string{"X-Rate-Limit-Limit": "3", "X-Rate-Limit-Remaining": "0"} {
		if got := header.Get(name); got != want {
			t.Errorf("got %s %s, want %s", name, got, want)
		}
	}
	var refused object
	if got, _ := get(t, list, "secret", &refused); got != http.StatusTooManyRequests {
		t.Errorf("got %d above the rate limit, want 429", got)
	}
	if got, _ := get(t, list, "fake-api-token", &refused); got != http.StatusUnauthorized {
		t.Errorf("got %d for another token than -api-token, want 401", got)
	}
}

func TestSameSeedSameOrg(t *testing.T) {
	t.Parallel()
	ids := func(seed string) (ids []any) {
		var servers []object
		get(t, start(t, "-seed", seed)+"/api/v1/authorizationServers", "fake-api-token", &servers)
		for _, server := range servers {
			ids = append(ids, server["id"])
		}
		return ids
	}
	if diff := cmp.Diff(ids("1"), ids("1")); diff != "" {
		t.Errorf("servers of one seed (-first +second):\n%s", diff)
	}
	if diff := cmp.Diff(ids("1"), ids("2")); diff == "" {
		t.Error("two seeds gave the same servers")
	}
}

func TestFlagsAreChecked(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"-addr :8080":                 "-addr must be a loopback address such as 127.0.0.1:8080, got \":8080\"",
		"-addr 0.0.0.0:0":             "-addr must be a loopback address",
		"-addr 192.0.2.1:0":           "-addr must be a loopback address",
		"-addr 127.0.0.1":             "-addr \"127.0.0.1\": address 127.0.0.1: missing port in address",
		"-api-token=":                 "-api-token must not be empty",
		"-servers -1":                 "-servers must not be negative, got -1",
		"-clients -1":                 "-clients must not be negative, got -1",
		"-tokens -1":                  "-tokens must not be negative, got -1",
		"-users -1":                   "-users must not be negative, got -1",
		"-users 0":                    "-users must be at least 1 because every token needs a user",
		"-latency -1s":                "-latency must not be negative, got -1s",
		"-latency soon":               "invalid value \"soon\" for flag -latency",
		"-rate-limit -1":              "-rate-limit must not be negative, got -1",
		"-rate-window 0s":             "-rate-window must be longer than 0s, got 0s",
		"-page-size 0":                "-page-size must be from 1 to 200, got 0",
		"-page-size 201":              "-page-size must be from 1 to 200, got 201",
		"-seed -1":                    "invalid value \"-1\" for flag -seed",
		"-client-field clientID":      "-client-field must be clientId or client_id, got \"clientID\"",
		"-tokens 1000000000":          "must be at most 10000000 tokens",
		"-tokens 9223372036854775807": "must be at most 10000000 tokens",
		"127.0.0.1:8080":              "unexpected argument \"127.0.0.1:8080\"",
		"-port 8080":                  "flag provided but not defined: -port",
	} {
		var stdout, stderr bytes.Buffer
		if got := run(t.Context(), strings.Fields(args), &stdout, &stderr); got != exitUsage {
			t.Errorf("%s: got exit status %d, want %d", args, got, exitUsage)
		}
		if !strings.Contains(stderr.String(), want) || strings.Count(stderr.String(), want) > 1 {
			t.Errorf("%s: got %q, want %q in it, once", args, stderr.String(), want)
		}
		if stdout.Len() > 0 {
			t.Errorf("%s: got %q on standard output, want nothing", args, stdout.String())
		}
	}
}

func TestFlagsReachTheOrg(t *testing.T) {
	t.Parallel()
	opts, err := parseOptions([]string{"-latency", "20ms", "-rate-limit", "600", "-rate-window", "10s"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	org, err := opts.org()
	if err != nil {
		t.Fatal(err)
	}
	if org.Latency != 20*time.Millisecond || org.RateLimit != 600 || org.RateWindow != 10*time.Second || !org.NoJournal {
		t.Errorf("got latency %v, rate limit %d, window %v, no journal %t, want 20ms, 600, 10s, true",
			org.Latency, org.RateLimit, org.RateWindow, org.NoJournal)
	}
	if got := len(org.TokenIDs()); got != 2*5*20 {
		t.Errorf("got %d tokens by default, want %d", got, 2*5*20)
	}
}

// signIn asks for an access token with a key from a file and without a proof.
func signIn(t *testing.T, url, file string) (status int, answer string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != "PRIVATE KEY" {
		t.Fatalf("got %q, want a private key in PEM", text)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, nil)
	if err != nil {
		t.Fatal(err)
	}
	assertion, err := jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: serviceAppID, Subject: serviceAppID, Audience: jwt.Audience{url + "/oauth2/v1/token"},
		Expiry: jwt.NewNumericDate(time.Now().Add(time.Minute)),
	}).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	form := neturl.Values{
		"grant_type": {"client_credentials"}, "scope": serviceAppScopes[:1], "client_assertion": {assertion},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/oauth2/v1/token", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestServiceAppKey(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "key.pem")
	var first []byte
	for range 2 {
		status, answer := signIn(t, start(t, "-service-app-key", file), file)
		// The key is accepted; only the proof is missing.
		if status != http.StatusBadRequest || !strings.Contains(answer, "invalid_dpop_proof") {
			t.Errorf("got %d with %s, want 400 and invalid_dpop_proof", status, answer)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if first != nil && !bytes.Equal(first, text) {
			t.Error("the existing key was replaced")
		}
		first = text
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("got mode %v, want access for its owner only", info.Mode())
	}
}

func TestServiceAppKeyIsExplained(t *testing.T) {
	t.Parallel()
	opts, err := parseOptions([]string{"-service-app-key", "key.pem"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	opts.explain(&out, "http://127.0.0.1:1")
	want := "export OKTA_ORG_URL=http://127.0.0.1:1 OKTA_API_CLIENT_ID=0oafakeserviceapp5d7 " +
		"OKTA_API_SCOPES=okta.apps.read,okta.apps.manage,okta.authorizationServers.read,okta.authorizationServers.manage," +
		"okta.users.read,okta.users.manage OKTA_API_PRIVATE_KEY=\"$(cat 'key.pem')\"\n"
	if !strings.Contains(out.String(), want) {
		t.Errorf("got %q, want %q in it", out.String(), want)
	}
}

func TestBadServiceAppKeys(t *testing.T) {
	t.Parallel()
	_, edwards, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(edwards)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"a shopping list": "no PEM in it",
		"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n":        "asn1",
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})): "want an RSA or EC key",
	} {
		file := filepath.Join(t.TempDir(), "key.pem")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var stdout, stderr bytes.Buffer
		status := run(t.Context(), []string{"-addr", "127.0.0.1:0", "-service-app-key", file}, &stdout, &stderr)
		if status != 1 || !strings.Contains(stderr.String(), want) || stdout.Len() > 0 {
			t.Errorf("%q: got exit status %d with %q and %q, want 1 with %q", text, status, stderr.String(), stdout.String(), want)
		}
		if kept, err := os.ReadFile(file); err != nil || string(kept) != text {
			t.Errorf("got %q in the file (%v), want it kept", kept, err)
		}
	}
	var stderr bytes.Buffer
	missing := filepath.Join(t.TempDir(), "no", "key.pem")
	if status := run(t.Context(), []string{"-addr", "127.0.0.1:0", "-service-app-key", missing}, io.Discard, &stderr); status != 1 {
		t.Errorf("got exit status %d with %q for a directory that is missing, want 1", status, stderr.String())
	}
}

func TestAnOrgMayBeEmpty(t *testing.T) {
	t.Parallel()
	var servers []object
	get(t, start(t, "-servers", "0", "-users", "0")+"/api/v1/authorizationServers", "fake-api-token", &servers)
	if len(servers) != 0 {
		t.Errorf("got %d servers, want none", len(servers))
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	if got := run(t.Context(), []string{"-h"}, &stdout, &stderr); got != 0 || !strings.Contains(stderr.String(), "-page-size") {
		t.Errorf("got exit status %d and %q, want 0 and the flags", got, stderr.String())
	}
}

func TestAddressInUse(t *testing.T) {
	t.Parallel()
	url := start(t)
	var stderr bytes.Buffer
	if got := run(t.Context(), []string{"-addr", strings.TrimPrefix(url, "http://")}, io.Discard, &stderr); got != 1 {
		t.Errorf("got exit status %d with %q, want 1", got, stderr.String())
	}
}

func TestSignalsEndTheCommand(t *testing.T) {
	t.Parallel()
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			executable, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			command := exec.CommandContext(t.Context(), executable, "-addr", "127.0.0.1:0")
			command.Env = append(os.Environ(), asCommand+"=1")
			stdout, err := command.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			var stderr bytes.Buffer
			command.Stderr = &stderr
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			url, err := bufio.NewReader(stdout).ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			var servers []object
			get(t, strings.TrimSpace(url)+"/api/v1/authorizationServers", "fake-api-token", &servers)
			if err := command.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if err := command.Wait(); err != nil {
				t.Errorf("got %v, want exit status 0", err)
			}
			if !strings.Contains(stderr.String(), "export OKTA_ORG_URL="+strings.TrimSpace(url)) {
				t.Errorf("got %q on standard error, want how to use the org", stderr.String())
			}
		})
	}
}

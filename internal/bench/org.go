package main

import (
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

const apiToken = "fake-api-token"

// org is a fake org on loopback that counts its requests.
type org struct {
	url    *url.URL
	server *http.Server

	answered atomic.Int64
	refused  atomic.Int64
}

// size says how many servers an org has, how many clients each, and how many tokens each.
type size struct{ servers, clients, tokens int }

func (s size) total() int { return s.servers * s.clients * s.tokens }

// least returns the least possible number of requests for all tokens: one for the
// servers, one for the clients of each, and one for every page of 200 tokens.
func (s size) least() int { return 1 + s.servers + s.servers*s.clients*((s.tokens+199)/200) }

// newOrg serves an org of a size. It applies the changes first.
func newOrg(s size, changes ...func(*oktafake.Org)) (*org, error) {
	fake := oktafake.NewOrg()
	fake.NoJournal = true
	for _, change := range changes {
		change(fake)
	}
	oktafake.Populate(fake, oktafake.Population{Servers: s.servers, Clients: s.clients, Tokens: s.tokens, Users: 500, Seed: 1})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	o := &org{url: &url.URL{Scheme: "http", Host: listener.Addr().String()}}
	o.server = &http.Server{Handler: o.count(fake), ReadHeaderTimeout: time.Minute}
	go func() { _ = o.server.Serve(listener) }() // returns when the server is closed
	return o, nil
}

func (o *org) close() { _ = o.server.Close() }

// client returns a client of the org with the provider's defaults.
func (o *org) client() *okta.Client { return newClient(o.url, nil) }

func newClient(origin *url.URL, network http.RoundTripper, changes ...func(*okta.Config)) *okta.Client {
	cfg := okta.Config{
		OrgURL: origin, Credential: okta.APIToken(apiToken), UserAgent: "bench", Network: network,
		MaxRetries: 5, MaxWait: 5 * time.Minute, RequestTimeout: time.Minute, Parallelism: 10, Capacity: 100,
	}
	for _, change := range changes {
		change(&cfg)
	}
	return okta.New(cfg)
}

// oneAtATime is for a network that is not safe for concurrent use.
func oneAtATime(cfg *okta.Config) { cfg.Parallelism = 1 }

// requests returns how many requests were answered, and how many refused with 429,
// since the last call.
func (o *org) requests() (answered, refused int) {
	return int(o.answered.Swap(0)), int(o.refused.Swap(0))
}

func (o *org) count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := &status{ResponseWriter: w, code: http.StatusOK}
		next.ServeHTTP(seen, r)
		if seen.code == http.StatusTooManyRequests {
			o.refused.Add(1)
		} else {
			o.answered.Add(1)
		}
	})
}

type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

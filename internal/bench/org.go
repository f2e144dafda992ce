package main

import (
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// org is a fake org on loopback, and what it was asked.
type org struct {
	url    string
	server *http.Server

	answered atomic.Int64
	refused  atomic.Int64
}

// newOrg serves one authorization server with clients that hold tokens.
func newOrg(clients, tokens, limit int, window, latency time.Duration) (*org, error) {
	fake := oktafake.NewOrg()
	fake.NoJournal = true
	fake.RateLimit, fake.RateWindow, fake.Latency = limit, window, latency
	oktafake.Populate(fake, oktafake.Population{Servers: 1, Clients: clients, Tokens: tokens, Users: 500, Seed: 1})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	o := &org{url: "http://" + listener.Addr().String()}
	o.server = &http.Server{Handler: o.count(fake), ReadHeaderTimeout: time.Minute}
	go func() { _ = o.server.Serve(listener) }() // returns when the server is closed
	return o, nil
}

func (o *org) close() { _ = o.server.Close() }

// requests are how many requests were answered, and how many were refused with
// 429.
func (o *org) requests() (answered, refused int) {
	return int(o.answered.Load()), int(o.refused.Load())
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

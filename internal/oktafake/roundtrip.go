package oktafake

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
)

// RoundTrip serves a request without a network. An org can so be a client's transport inside a
// testing/synctest bubble. If a hook hangs up, the client gets an unexpected EOF.
func (o *Org) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	incoming := r.Clone(r.Context())
	incoming.RequestURI = r.URL.RequestURI()
	if incoming.Host == "" {
		incoming.Host = r.URL.Host
	}
	if r.URL.Scheme == "https" {
		incoming.TLS = &tls.ConnectionState{} // Links and proofs have the request's origin.
	}
	if incoming.Body == nil {
		incoming.Body = http.NoBody
	}
	defer incoming.Body.Close()
	defer func() {
		switch panicked := recover(); panicked {
		case nil:
		case http.ErrAbortHandler:
			resp, err = nil, io.ErrUnexpectedEOF
		default:
			panic(panicked)
		}
	}()
	recorder := httptest.NewRecorder()
	o.ServeHTTP(recorder, incoming)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	resp = recorder.Result()
	resp.Request = r
	return resp, nil
}

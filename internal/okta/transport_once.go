package okta

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// errConnectionLost ends an attempt that net/http would have sent again.
var errConnectionLost = errors.New("the connection ended before an answer came")

// onceOnly prevents net/http from sending an attempt twice. On its own, net/http sends
// a request without a body again on another connection: over HTTP/1, a GET whose
// kept-alive connection died; over HTTP/2, any request whose stream the server refused
// or whose connection it closes. The second time, a proof of possession is a replay,
// and a DELETE of all tokens may hit new ones. The retrier repeats what is safe, with
// a new proof.
//
// A body that cannot be rewound would prevent it too. But over HTTP/2, a GET or DELETE
// would then look like a request with content, which some servers refuse.
type onceOnly struct{ next http.RoundTripper }

func (o *onceOnly) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Header.Get(headerDPoP) == "" && req.Context().Value(replayKey{}) == nil {
		return o.next.RoundTrip(req)
	}
	ctx, cancel := context.WithCancelCause(req.Context())
	w := &sending{cancel: cancel, read: req.Method == http.MethodGet}
	trace := &httptrace.ClientTrace{GotConn: w.gotConn, WroteHeaders: func() { w.wrote.Store(true) }}
	resp, err := o.next.RoundTrip(req.WithContext(httptrace.WithClientTrace(ctx, trace)))
	if err != nil {
		cancel(nil)
		if w.lost.Load() {
			err = errConnectionLost
		}
		return nil, err
	}
	return resp, nil // ctx is not cancelled here, because the body is not read yet
}

// sending follows one attempt through net/http.
type sending struct {
	cancel context.CancelCauseFunc
	read   bool // whether it is a GET
	http2  atomic.Bool
	wrote  atomic.Bool // whether the request was written to a connection
	lost   atomic.Bool // whether net/http tried another connection
}

// gotConn is called before the request is written to a connection. It refuses a
// second one.
//
// Over HTTP/1, net/http sends a DELETE again only when no byte of it was written.
func (w *sending) gotConn(info httptrace.GotConnInfo) {
	if w.wrote.Load() && (w.read || w.http2.Load()) {
		w.lost.Store(true)
		w.cancel(errConnectionLost)
		refuse(info)
		return
	}
	w.http2.Store(isHTTP2(info))
}

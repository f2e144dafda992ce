package okta

import (
	"context"
	"errors"
	"net"
	"net/http"
)

// delivery is how far a request got. Of several attempts, the greatest counts.
type delivery int

const (
	notSent delivery = iota // nothing reached Okta
	settled                 // a response says what became of it
	inDoubt                 // it may have taken effect, and no response says whether it did
)

// unsentError is the failure of an attempt before anything was sent. Its text does not
// say so, because an earlier attempt may have been sent: [TransportError] does.
type unsentError struct {
	err   error
	final bool // whether another attempt would fail in the same way
}

func unsent(err error) error { return &unsentError{err: err} }

func (e *unsentError) Error() string { return e.err.Error() }

func (e *unsentError) Unwrap() error { return e.err }

// deliveryOf is how far one attempt got. Every failure except a failed dial or an
// [unsentError] leaves it in doubt.
func deliveryOf(resp *http.Response, err error) delivery {
	_, isUnsent := errors.AsType[*unsentError](err)
	dial, isNetwork := errors.AsType[*net.OpError](err)
	switch {
	case isUnsent || isNetwork && dial.Op == "dial":
		return notSent
	case err != nil || leavesInDoubt(resp.StatusCode):
		return inDoubt
	default:
		return settled
	}
}

// leavesInDoubt reports whether a request with this status may have taken effect:
// something failed, or gave up waiting, while it was under way.
func leavesInDoubt(status int) bool {
	return status >= 500 || status == http.StatusRequestTimeout
}

type deliveryKey struct{}

// withDelivery records how far the attempts of a request got before its next one.
func withDelivery(ctx context.Context, d delivery) context.Context {
	return context.WithValue(ctx, deliveryKey{}, d)
}

// earlierDelivery is how far the attempts before this one got.
func earlierDelivery(req *http.Request) delivery {
	d, _ := req.Context().Value(deliveryKey{}).(delivery) // notSent before the first
	return d
}

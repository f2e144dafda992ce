package okta

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Okta's own SDKs mark a repeated request with these two headers. Okta's support can
// search for them.
const (
	headerRetryCount = "X-Okta-Retry-Count"
	headerRetryFor   = "X-Okta-Retry-For"
)

// attemptsOf is the number of this attempt, from 1.
func attemptsOf(req *http.Request) int {
	repeats, _ := strconv.Atoi(req.Header.Get(headerRetryCount)) // absent on the first attempt
	return repeats + 1
}

// budget bounds the repeats of one request and the sum of its waits.
type budget struct {
	retries int
	wait    time.Duration
}

// attempt sends a request for the nth time, from 1. It also returns the request,
// because each attempt has its own.
type attempt func(n int) (*http.Request, *http.Response, error)

// spend repeats an attempt if that is safe and may help. When the budget is spent, it
// returns the last response unchanged, with Okta's words.
func (b budget) spend(ctx context.Context, send attempt) (*http.Response, error) {
	var waited time.Duration
	for n := 1; ; n++ {
		req, resp, err := send(n)
		wait, worthwhile := retryAfter(req, resp, err, n)
		if !worthwhile || n > b.retries || waited+wait > b.wait {
			return resp, newTransportError(req, err, n)
		}
		if waitErr := sleep(ctx, wait); waitErr != nil {
			if err == nil {
				return resp, nil // an error status says more than "canceled"
			}
			return nil, newTransportError(req, fmt.Errorf("%w, %w", err, waitErr), n)
		}
		waited += wait
	}
}

// retrier sends a request again within a budget.
type retrier struct {
	next   http.RoundTripper
	budget budget
}

func (r *retrier) RoundTrip(req *http.Request) (*http.Response, error) {
	var resp *http.Response
	var err error
	return r.budget.spend(req.Context(), func(n int) (*http.Request, *http.Response, error) {
		if n > 1 {
			req = nextAttempt(req, resp, err, n)
		}
		resp, err = r.next.RoundTrip(req)
		return req, resp, err
	})
}

// nextAttempt is the nth attempt of a request, after a response or an error.
func nextAttempt(req *http.Request, resp *http.Response, err error, n int) *http.Request {
	ctx := req.Context()
	ctx = withDelivery(ctx, max(earlierDelivery(req), deliveryOf(resp, err)))
	req = req.Clone(ctx)
	req.Header.Set(headerRetryCount, strconv.Itoa(n-1))
	if resp != nil && resp.Header.Get(headerRequestID) != "" {
		req.Header.Set(headerRetryFor, resp.Header.Get(headerRequestID))
	}
	return req
}

// newTransportError is nil for a nil error.
func newTransportError(req *http.Request, err error, attempts int) error {
	if err == nil {
		return nil
	}
	return &TransportError{
		Method:        req.Method,
		Path:          req.URL.EscapedPath(),
		Attempts:      attempts,
		MayHaveLanded: max(earlierDelivery(req), deliveryOf(nil, err)) == inDoubt,
		Err:           err,
	}
}

// retryAfter decides whether another attempt is safe and worthwhile, and after which
// wait. It ignores the budget.
//
// Okta did not process a request that got a 429, whatever its method. Any other request
// may have taken effect. It is only repeated if a second time does no harm: see
// [withoutReplay].
func retryAfter(req *http.Request, resp *http.Response, err error, attempt int) (time.Duration, bool) {
	replayable := req.Context().Value(replayKey{}) == nil
	if err != nil {
		safe := replayable || deliveryOf(nil, err) == notSent
		return backoff(attempt), safe && !isPermanent(err) && req.Context().Err() == nil
	}
	wait := max(backoff(attempt), requestedWait(resp))
	return wait, resp.StatusCode == http.StatusTooManyRequests || replayable && isTransient(resp.StatusCode)
}

// requestedWait is how long a response asks to wait, or zero.
func requestedWait(resp *http.Response) time.Duration {
	wait := retryAfterWait(resp.Header)
	if resp.StatusCode == http.StatusTooManyRequests && !isConcurrencyLimit(resp.Header) {
		wait = max(wait, untilReset(resp.Header))
	}
	return wait
}

// isTransient reports whether a status may pass, whether it is Okta's or a gateway's.
// Cloudflare's own are 520 to 530.
func isTransient(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly,
		http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	default:
		return status >= 520 && status <= 530
	}
}

type replayKey struct{}

// withoutReplay marks a request that must not be repeated if it may have taken effect.
// A repeated DELETE of all tokens would also revoke tokens issued since the first.
func withoutReplay(ctx context.Context) context.Context {
	return context.WithValue(ctx, replayKey{}, true)
}

// withReplay removes that mark, for the token request of such a request.
func withReplay(ctx context.Context) context.Context {
	return context.WithValue(ctx, replayKey{}, nil)
}

// Bounds of the wait after a failure that does not ask for one.
const (
	minBackoff = 500 * time.Millisecond
	maxBackoff = 30 * time.Second
)

// backoff doubles with each attempt. Its upper half is random, so requests that failed
// together are not repeated together.
func backoff(attempt int) time.Duration {
	full := min(minBackoff<<min(attempt-1, 10), maxBackoff)
	return full/2 + rand.N(full/2+1) // #nosec G404 -- a wait need not be a secret
}

// sleep waits, unless the context ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting to try again: %w", context.Cause(ctx))
	}
}

// isPermanent reports whether the next attempt would fail in the same way.
func isPermanent(err error) bool {
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return true
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*NoRoomError](err); ok {
		return true
	}
	if e, ok := errors.AsType[*ProxyError](err); ok {
		return e.final()
	}
	if _, ok := errors.AsType[errEncoding](err); ok {
		return true
	}
	if e, ok := errors.AsType[*unsentError](err); ok && e.final {
		return true
	}
	return errors.Is(err, errBodyTooLarge)
}

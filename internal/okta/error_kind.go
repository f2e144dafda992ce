package okta

import (
	"errors"
	"net/http"
)

// IsNotFound reports whether Okta says that a token or its parent does not exist. A
// 404 with another code, or from a server that is not Okta, does not count: it means
// that the URL is wrong.
func IsNotFound(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.StatusCode == http.StatusNotFound && e.Code == CodeNotFound
}

// IsRefused reports whether Okta refused the credential or its rights, or a proxy
// refused the connection. It is no use to try the next token.
func IsRefused(err error) bool {
	if _, ok := errors.AsType[*SignInError](err); ok {
		return true
	}
	if e, ok := errors.AsType[*ProxyError](err); ok {
		return e.final()
	}
	e, ok := errors.AsType[*Error](err)
	return ok && (e.StatusCode == http.StatusUnauthorized || e.StatusCode == http.StatusForbidden)
}

// IsRateLimited reports whether the rate limit left no room for a request within its
// budget.
func IsRateLimited(err error) bool {
	if _, ok := errors.AsType[*NoRoomError](err); ok {
		return true
	}
	e, ok := errors.AsType[*Error](err)
	return ok && e.StatusCode == http.StatusTooManyRequests
}

// IsUnavailable reports whether Okta or the network still failed when the budget of
// retries was spent.
func IsUnavailable(err error) bool {
	if _, ok := errors.AsType[*TransportError](err); ok {
		return true
	}
	e, ok := errors.AsType[*Error](err)
	return ok && e.StatusCode != http.StatusInternalServerError && (e.StatusCode > 500 || isTransient(e.StatusCode))
}

// IsOddSuccess reports whether a DELETE got a success that is not Okta's 204. A
// gateway may have rewritten the 204, or a login page may have answered instead.
func IsOddSuccess(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.StatusCode >= 200 && e.StatusCode <= 299
}

// IsUncertain reports whether a DELETE that ended with err may have taken effect. Some
// attempt was sent, and its response is missing, a server error, or a success that is
// not Okta's 204.
func IsUncertain(err error) bool {
	if e, ok := errors.AsType[*Error](err); ok {
		return IsOddSuccess(err) || leavesInDoubt(e.StatusCode) || e.MayHaveLanded && !IsNotFound(err)
	}
	e, ok := errors.AsType[*TransportError](err)
	return ok && e.MayHaveLanded
}

package okta

import (
	"errors"
	"net/http"
)

// IsNotFound reports whether Okta says that the token, or what it hangs from,
// does not exist. A 404 with another code, or from something that is not Okta,
// means a wrong URL and is not one.
func IsNotFound(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.StatusCode == http.StatusNotFound && e.Code == CodeNotFound
}

// IsRefused reports whether Okta refused the credential or its rights, or a proxy
// refused to pass it on: trying
// the next token with it is no use.
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

// IsRateLimited reports whether the rate limit left no room for a request within
// its budget of retries and waits.
func IsRateLimited(err error) bool {
	if _, ok := errors.AsType[*NoRoomError](err); ok {
		return true
	}
	e, ok := errors.AsType[*Error](err)
	return ok && e.StatusCode == http.StatusTooManyRequests
}

// IsUnavailable reports whether Okta, or the network on the way to it, was still
// out of service when the budget of retries was spent.
func IsUnavailable(err error) bool {
	if _, ok := errors.AsType[*TransportError](err); ok {
		return true
	}
	e, ok := errors.AsType[*Error](err)
	return ok && e.StatusCode != http.StatusInternalServerError && (e.StatusCode > 500 || isPassing(e.StatusCode))
}

// IsOddSuccess reports whether a DELETE was answered with success and a body. Okta
// confirms a DELETE without one: a gateway may have rewritten that, or a login
// page may have answered instead.
func IsOddSuccess(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.StatusCode >= 200 && e.StatusCode <= 299
}

// IsUncertain reports whether a DELETE that ended with err may have taken
// effect all the same: some attempt of it was sent, and got no answer, one of a
// server that failed on the way, or a success that is not Okta's 204.
func IsUncertain(err error) bool {
	if e, ok := errors.AsType[*Error](err); ok {
		return IsOddSuccess(err) || leavesInDoubt(e.StatusCode) || e.MayHaveLanded && !IsNotFound(err)
	}
	e, ok := errors.AsType[*TransportError](err)
	return ok && e.MayHaveLanded
}

package oktafake

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// Responder answers a request and returns true, or returns false to let it pass. [Org.Intercept] and
// [Org.AfterEffect] are responders.
type Responder = func(http.ResponseWriter, *http.Request) bool

// Match reports whether a [Responder] is for a request.
type Match func(*http.Request) bool

// On matches a method and a path. An empty method matches any. In the path, * stands for one segment;
// an empty path matches any.
func On(method, pattern string) Match {
	if _, err := path.Match(pattern, ""); err != nil {
		panic(fmt.Sprintf("oktafake: path pattern %q: %v", pattern, err))
	}
	return func(r *http.Request) bool {
		matches, _ := path.Match(pattern, r.URL.Path)
		return (method == "" || r.Method == method) && (pattern == "" || matches)
	}
}

// When responds to the requests that match.
func When(match Match, respond Responder) Responder {
	return func(w http.ResponseWriter, r *http.Request) bool {
		return match(r) && respond(w, r)
	}
}

// Times responds to the first n requests that match.
func Times(n int, match Match, respond Responder) Responder {
	var seen atomic.Int64
	return When(match, func(w http.ResponseWriter, r *http.Request) bool {
		return seen.Add(1) <= int64(n) && respond(w, r)
	})
}

// Once responds to the first request that matches.
func Once(match Match, respond Responder) Responder { return Times(1, match, respond) }

// First asks responders in turn until one answers.
func First(responders ...Responder) Responder {
	return func(w http.ResponseWriter, r *http.Request) bool {
		for _, respond := range responders {
			if respond(w, r) {
				return true
			}
		}
		return false
	}
}

// Fail answers with an error in Okta's shape.
func Fail(status int, code, summary string, causes ...string) Responder {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		WriteError(w, status, code, summary, causes...)
		return true
	}
}

// FailToRevoke answers the DELETEs of these tokens with 500.
func FailToRevoke(ids ...string) Responder {
	return When(func(r *http.Request) bool {
		return r.Method == http.MethodDelete && slices.Contains(ids, path.Base(r.URL.Path))
	}, Fail(http.StatusInternalServerError, "E0000009", "Internal Server Error"))
}

// RateLimited answers 429: a limit of 50 requests is used up until reset.
func RateLimited(reset time.Time) Responder { return tooMany(50, reset) }

// ConcurrencyLimited answers 429: too many requests are running. Okta then sends a limit of 0, and
// the reset is only a suggestion.
func ConcurrencyLimited(reset time.Time) Responder { return tooMany(0, reset) }

func tooMany(limit int, reset time.Time) Responder {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		setRateLimit(w.Header(), limit, 0, reset)
		WriteError(w, errRateLimited.status, errRateLimited.code, errRateLimited.summary)
		return true
	}
}

// InsufficientScope answers that an access token lacks a scope, with a header and no body.
func InsufficientScope(scope string) Responder {
	return func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("WWW-Authenticate", challenge(r, schemeBearer, scope, errInsufficientScope))
		w.WriteHeader(errInsufficientScope.status)
		return true
	}
}

// RewriteNext changes the next link of a list and lets the answer pass. It is for [Org.AfterEffect].
func RewriteNext(rewrite func(next string) string) Responder {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		for i, line := range w.Header()["Link"] {
			if next, ok := strings.CutSuffix(line, `>; rel="next"`); ok {
				w.Header()["Link"][i] = "<" + rewrite(next[1:]) + `>; rel="next"`
			}
		}
		return false
	}
}

// HangUp closes the connection without an answer. If the connection was used before, Go's own
// transport then sends a GET again.
func HangUp(http.ResponseWriter, *http.Request) bool {
	panic(http.ErrAbortHandler)
}

// Truncate begins to answer a list and closes the connection in the middle of the first object.
func Truncate(w http.ResponseWriter, r *http.Request) bool {
	w.Header().Set("Content-Length", "215000")
	writeJSON(w, http.StatusOK, []byte(`[{"id":"oar`))
	_ = http.NewResponseController(w).Flush()
	return HangUp(w, r)
}

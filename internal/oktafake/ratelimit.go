package oktafake

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// unlimited is the limit that the headers tell of when there is none: more than any client sends
// in a window, so that one which paces itself by the headers does not.
const unlimited = 10_000_000

// limiter counts requests in windows, one window a bucket.
type limiter struct {
	mu      sync.Mutex
	windows map[string]*window
}

// window is the time in which a bucket's requests count together. It is opened by the first
// request after the last one's end, not by the wall clock, and is exactly as long as RateWindow
// says.
//
// Its end is told of in whole seconds, rounded down as the Date header is, so that the reset is a
// window's length after the Date of the request that opened it, and never more: so it is wherever
// Okta's answers were recorded. The window may thus last for a part of a second longer than the
// header says, which is why clients, Okta's own among them, have to wait for one second more.
type window struct {
	end  time.Time
	used int
}

// spend counts a request against its bucket, before it is known whether there is a route: Okta
// counts a 404 too.
func (o *Org) spend(h http.Header, r *http.Request) error {
	limit := o.RateLimit
	if limit <= 0 {
		limit = unlimited
	}
	now, remaining, reset := o.limiter.spend(bucket(r.URL.Path), o.Now, limit, o.RateWindow)
	setDate(h, now)
	setRateLimit(h, limit, max(remaining, 0), reset)
	if remaining < 0 {
		return errRateLimited
	}
	return nil
}

// spend returns the instant at which it looked at the clock, what remains of the limit, which is
// less than nothing for a request too many, and when the window ends. It looks at the clock under
// the lock, so that no request is counted in a window that was opened after its Date.
func (l *limiter) spend(
	bucket string, clock func() time.Time, limit int, length time.Duration,
) (now time.Time, remaining int, reset time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now = clock()
	if l.windows == nil {
		l.windows = map[string]*window{}
	}
	w := l.windows[bucket]
	if w == nil || !now.Before(w.end) {
		w = &window{end: now.Add(length)}
		l.windows[bucket] = w
	}
	w.used++
	return now, limit - w.used, w.end
}

// bucket is the group of endpoints whose requests Okta counts together. Everything under
// /api/v1/authorizationServers is in the catch-all; reading a user has a bucket of its own.
func bucket(path string) string {
	for _, prefix := range []string{"/api/v1/users", "/api/v1/apps", signInPath} {
		rest, below := strings.CutPrefix(path, prefix+"/")
		switch {
		case below && prefix == "/api/v1/users" && !strings.Contains(rest, "/"):
			return "/api/v1/users/{id}"
		case below, path == prefix:
			return prefix
		}
	}
	return "/api/v1"
}

func setRateLimit(h http.Header, limit, remaining int, reset time.Time) {
	h.Set("X-Rate-Limit-Limit", strconv.Itoa(limit))
	h.Set("X-Rate-Limit-Remaining", strconv.Itoa(remaining))
	h.Set("X-Rate-Limit-Reset", strconv.FormatInt(reset.Unix(), 10))
}

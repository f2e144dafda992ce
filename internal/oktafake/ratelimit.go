package oktafake

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// unlimited is the limit in the headers when there is none. No client sends that much in a window,
// so one that paces itself by the headers does not slow down.
const unlimited = 10_000_000

// limiter counts requests in windows, one window per bucket.
type limiter struct {
	mu      sync.Mutex
	windows map[string]*window
}

// window is the time in which a bucket's requests count together. The first request after the end
// of the last window opens it, not the wall clock, and it is exactly RateWindow long.
//
// The headers give its end in whole seconds, rounded down like the Date. The reset is therefore
// exactly RateWindow after the Date of the request that opened the window, as in every recorded
// answer of Okta's. The window can last a fraction of a second longer than the header says, so
// clients, including Okta's own, have to wait one second more.
type window struct {
	end  time.Time
	used int
}

// spend counts a request against its bucket before it is routed, because Okta counts a 404, too.
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

// spend returns the time, the requests that remain, and when the window ends. The remaining number
// is negative for a request over the limit. It reads the clock under the lock: otherwise a request
// could count in a window that opened after its Date.
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

// bucket returns the group of endpoints that Okta counts together with a path. Everything under
// /api/v1/authorizationServers is in the catch-all. Reading a user has its own bucket.
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

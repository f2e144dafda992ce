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
// request after the last one's end, not by the wall clock.
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
	remaining, reset := o.limiter.spend(bucket(r.URL.Path), o.Now(), limit, o.RateWindow)
	setRateLimit(h, limit, max(remaining, 0), reset)
	if remaining < 0 {
		return errRateLimited
	}
	return nil
}

// spend returns what remains of the limit, which is less than nothing for a request too many, and
// when the window ends.
func (l *limiter) spend(
	bucket string, now time.Time, limit int, length time.Duration,
) (remaining int, reset time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.windows == nil {
		l.windows = map[string]*window{}
	}
	w := l.windows[bucket]
	if w == nil || !now.Before(w.end) {
		w = &window{end: now.Add(length)}
		l.windows[bucket] = w
	}
	w.used++
	return limit - w.used, w.end
}

// bucket is the group of endpoints whose requests Okta counts together. Everything under
// /api/v1/authorizationServers is in the catch-all.
func bucket(path string) string {
	for _, prefix := range []string{"/api/v1/users", "/api/v1/apps"} {
		if path == prefix || strings.HasPrefix(path, prefix+"/") {
			return prefix
		}
	}
	return "/api/v1"
}

// setRateLimit writes the reset in whole seconds as Okta does, and rounds up: a client that waits
// for it must not come back before the window has ended.
func setRateLimit(h http.Header, limit, remaining int, reset time.Time) {
	seconds := reset.Unix()
	if reset.Nanosecond() > 0 {
		seconds++
	}
	h.Set("X-Rate-Limit-Limit", strconv.Itoa(limit))
	h.Set("X-Rate-Limit-Remaining", strconv.Itoa(remaining))
	h.Set("X-Rate-Limit-Reset", strconv.FormatInt(seconds, 10))
}

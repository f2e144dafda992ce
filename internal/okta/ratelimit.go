package okta

import (
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// The headers in which Okta tells of the bucket that a request was charged to.
// Source: https://developer.okta.com/docs/reference/rl2-monitor/
const (
	headerLimit     = "X-Rate-Limit-Limit"
	headerRemaining = "X-Rate-Limit-Remaining"
	headerReset     = "X-Rate-Limit-Reset" // epoch, in seconds
)

// headerRequestID is in every answer of Okta's, and what its support asks for.
const headerRequestID = "X-Okta-Request-Id"

// untilReset is how long a bucket stays closed, by Okta's clock: both instants
// are Okta's, so that a wrong clock on this machine does no harm. The second on
// top covers the fraction that both headers cut off. Never negative, and never
// more than a day: nothing of Okta's stays closed that long.
func untilReset(h http.Header) time.Duration {
	reset, err := strconv.ParseInt(h.Get(headerReset), 10, 64)
	if err != nil {
		return time.Second
	}
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		date = time.Now()
	}
	return max(0, min(time.Unix(reset, 0).Sub(date), 24*time.Hour)+time.Second)
}

// isConcurrencyLimit reports whether a 429 is about requests at the same time.
// Its reset is only a suggestion.
// Source: https://developer.okta.com/docs/reference/rl2-concurrency/
func isConcurrencyLimit(h http.Header) bool {
	return h.Get(headerLimit) == "0"
}

// bucketOf names the rate limit bucket that Okta charges a path to.
// Source: https://developer.okta.com/docs/reference/rl-global-mgmt/
func bucketOf(path string) string {
	for _, bucket := range []string{"/api/v1/users", "/api/v1/apps"} {
		if path == bucket || strings.HasPrefix(path, bucket+"/") {
			return bucket
		}
	}
	return "/api/v1"
}

// serverClock tells the time by Okta's clock, as far as Date headers give it
// away. Before the first answer it is this machine's. An answer without any header
// of Okta's own may be a proxy's, whose clock is anybody's guess: by it, a young
// token could seem old enough to be revoked.
type serverClock struct {
	ahead atomic.Int64 // nanoseconds that Okta's clock is ahead of ours
}

func (c *serverClock) observe(h http.Header) {
	oktas := h.Get(headerRequestID) != "" || h.Get(headerReset) != ""
	if date, err := http.ParseTime(h.Get("Date")); err == nil && oktas {
		c.ahead.Store(int64(time.Until(date)))
	}
}

// offset is how far Okta's clock is ahead of this machine's.
func (c *serverClock) offset() time.Duration { return time.Duration(c.ahead.Load()) }

func (c *serverClock) now() time.Time { return time.Now().Add(c.offset()) }

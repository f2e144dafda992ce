package okta

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The headers for the bucket that Okta charged a request to.
// Source: https://developer.okta.com/docs/reference/rl2-monitor/
const (
	headerLimit     = "X-Rate-Limit-Limit"
	headerRemaining = "X-Rate-Limit-Remaining"
	headerReset     = "X-Rate-Limit-Reset" // epoch, in seconds
)

// headerRetryAfter is a gateway's wait, in seconds or as a date. Okta does not send it.
const headerRetryAfter = "Retry-After"

// longestWait is longer than any of Okta's limits.
const longestWait = 24 * time.Hour

// headerRequestID is in every response of Okta's. Okta's support asks for it.
const headerRequestID = "X-Okta-Request-Id"

// untilReset is the time until a bucket resets. Both times in it are by Okta's clock,
// so a wrong clock on this machine does no harm. The extra second covers the fractions
// that both headers cut off. It is never negative, and at most a day.
func untilReset(h http.Header) time.Duration {
	resets := numbers(h, headerReset)
	if len(resets) == 0 {
		return time.Second
	}
	return max(0, min(time.Unix(slices.Max(resets), 0).Sub(dateOf(h)), longestWait)+time.Second)
}

// retryAfterWait is the wait in a Retry-After header. It is never negative.
// Source: RFC 9110 section 10.2.3.
func retryAfterWait(h http.Header) time.Duration {
	value := strings.TrimSpace(h.Get(headerRetryAfter))
	if date, err := http.ParseTime(value); err == nil {
		return max(0, min(date.Sub(dateOf(h)), longestWait))
	}
	seconds, err := strconv.ParseFloat(value, 64)
	if err != nil || !(seconds > 0) { // also for NaN
		return 0
	}
	return time.Duration(min(seconds, longestWait.Seconds()) * float64(time.Second))
}

// dateOf is the time by the sender's clock, or by this machine's.
func dateOf(h http.Header) time.Time {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return time.Now()
	}
	return date
}

// numbers are the whole numbers of a header. Okta has been seen to send a rate limit
// twice, and a proxy may join both with a comma. If one is unreadable, there are none.
func numbers(h http.Header, name string) []int64 {
	var all []int64
	for _, line := range h.Values(name) {
		for text := range strings.SplitSeq(line, ",") {
			n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
			if err != nil {
				return nil
			}
			all = append(all, n)
		}
	}
	return all
}

// statedLimit is the rate limit in the headers of a response.
type statedLimit struct {
	limit, remaining int
	reset            int64 // epoch, in seconds
}

// rateLimitOf reads the headers of a rate limit. The tightest of several limits counts.
func rateLimitOf(h http.Header) (found statedLimit, ok bool) {
	limits, remaining, resets := numbers(h, headerLimit), numbers(h, headerRemaining), numbers(h, headerReset)
	if len(limits) == 0 || len(remaining) == 0 || len(resets) == 0 {
		return statedLimit{}, false
	}
	return statedLimit{int(slices.Min(limits)), int(slices.Min(remaining)), slices.Max(resets)}, true
}

// isConcurrencyLimit reports whether a 429 is about too many requests in flight. Its
// reset is only a suggestion.
// Source: https://developer.okta.com/docs/reference/rl2-concurrency/
func isConcurrencyLimit(h http.Header) bool {
	limits := numbers(h, headerLimit)
	return len(limits) > 0 && slices.Min(limits) == 0
}

// bucketOf names the rate limit bucket that Okta charges a path to.
// Source: https://developer.okta.com/docs/reference/rl-global-mgmt/
func bucketOf(path string) string {
	switch collection, rest, below := strings.Cut(strings.TrimPrefix(path, "/api/v1/"), "/"); {
	case collection == "users" && below && !strings.Contains(rest, "/"):
		return "/api/v1/users/{id}" // reading a user has a bucket of its own
	case collection == "users", collection == "apps":
		return "/api/v1/" + collection
	default:
		return "/api/v1"
	}
}

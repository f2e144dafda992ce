package okta

import (
	"net/http"
	"time"
)

// probePatience is how long other requests wait for the first response of a bucket. A
// DELETE of many tokens can take a minute.
const probePatience = time.Second

// bucket is one of Okta's rate limits, as far as responses have shown it. Nothing is
// known of a zero bucket.
type bucket struct {
	waiting  []*waiter
	timer    *time.Timer // admits those that wait
	inFlight int

	// probe is when a request was sent whose response will show a new window. It is
	// zero when no such request is in flight.
	probe time.Time
	// silent reports that the last response to a probe had no limit.
	silent bool

	// Of every window, by the last response that had a limit.
	limit  int           // requests of all clients in a window; 0 when not known
	window time.Duration // its length; 0 when not known

	// Of the current window.
	share    int       // requests that this client may send
	spent    int       // requests that it has sent
	left     int       // the lowest number that a response gave as remaining
	reset    int64     // as in the header
	end      time.Time // by this machine's clock
	notified int64     // the last reset that a notice was given of
}

// usedUp reports whether no request fits in before the window ends.
func (b *bucket) usedUp(now time.Time) bool {
	return now.Before(b.end) && (b.spent >= b.share || b.left <= 0)
}

// room reports whether another request fits in now.
func (b *bucket) room(now time.Time) bool {
	if now.Before(b.end) {
		return !b.usedUp(now) && b.inFlight < b.left
	}
	return b.silent || b.probe.IsZero() || now.Sub(b.probe) >= probePatience
}

// count records that a request is sent.
func (b *bucket) count(now time.Time) {
	b.inFlight++
	if now.Before(b.end) {
		b.spent++
	} else if b.probe.IsZero() {
		b.probe = now
	}
}

// nextChange is the time until there may be room without any response. It is zero when
// only a response can make room.
func (b *bucket) nextChange(now time.Time) time.Duration {
	switch {
	case now.Before(b.end):
		return b.end.Sub(now)
	case !b.probe.IsZero():
		return max(b.probe.Add(probePatience).Sub(now), time.Millisecond)
	default:
		return 0
	}
}

// update records what a response says about the limit.
//
// A client with a share of the limit gets that share of what remains when it sees the
// window for the first time. So it does not rely on requests that other clients have
// already used.
//
// Responses overtake each other, and may or may not include the requests in flight. So
// update assumes that they include none.
func (b *bucket) update(h http.Header, now time.Time, capacity int) {
	said, ok := rateLimitOf(h)
	limit, remaining, reset := said.limit, said.remaining, said.reset
	if !ok || limit <= 0 {
		b.silent = b.silent || !now.Before(b.end)
		return // Okta sometimes omits the headers, and a limit of 0 is about concurrency
	}
	b.silent, b.limit = false, limit
	end := now.Add(untilReset(h))
	switch {
	case reset < b.reset:
		return // the response is from an earlier window
	case reset > b.reset: // a new window, perhaps earlier than expected
		b.spent, b.left = b.inFlight+1, remaining
		b.share = max(1, (remaining+1)*capacity/100)
		if remaining == limit-1 {
			b.window = windowLength(h)
			end = minTime(end, now.Add(b.window))
		}
		b.end = end
	case end.Before(b.end):
		b.end = end
	}
	b.reset = reset
	b.left = min(b.left, remaining)
}

// windowLength is the length of a window that began with this response. Both headers
// are in whole seconds, so each can be a second off. Windows have round lengths: Okta's
// last a minute.
func windowLength(h http.Header) time.Duration {
	seconds := int(untilReset(h)/time.Second) - 1
	for _, round := range []int{seconds, seconds - 1, seconds + 1} {
		if round > 0 && round%5 == 0 {
			return time.Duration(round) * time.Second
		}
	}
	return time.Duration(seconds+1) * time.Second
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

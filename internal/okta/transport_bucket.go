package okta

import (
	"net/http"
	"time"
)

// probePatience is how long others wait for the first answer of a bucket before
// they are sent without it. A DELETE of many tokens can take a minute.
const probePatience = time.Second

// bucket is one of Okta's rate limits, as far as answers have told. The zero
// bucket knows nothing.
type bucket struct {
	waiting  []*waiter
	timer    *time.Timer // wakes the waiting
	inFlight int

	// probe is when a request was sent whose answer will tell of a new window;
	// zero when none is on its way.
	probe time.Time
	// silent tells that the last answer to a probe said nothing of a limit.
	silent bool

	// What the last answer that had any said of every window.
	limit  int           // requests in a window, everybody's; 0 when none has said
	window time.Duration // how long a window is; 0 when none has shown

	// The window that answers have told of.
	share    int       // what this client may send in it
	spent    int       // what it has sent
	left     int       // the least that an answer said remains for everybody
	reset    int64     // as in the header
	end      time.Time // by this machine's clock
	notified int64     // the last reset that a notice was given of
}

// usedUp reports whether nothing fits in before the window ends.
func (b *bucket) usedUp(now time.Time) bool {
	return now.Before(b.end) && (b.spent >= b.share || b.left <= 0)
}

// room reports whether one more request fits in now.
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

// nextChange is how long it takes until there may be room again without any
// answer. Zero means that only an answer can make some.
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

// update records what a response says of the limit.
//
// A client that may use a share of the limit takes that share of what it finds:
// where several divide a limit, none counts on what another has used up, however
// late it came.
//
// Answers overtake each other, and each may or may not count the requests that
// are still on their way. So all of those are taken to be uncounted.
func (b *bucket) update(h http.Header, now time.Time, capacity int) {
	said, ok := rateLimitOf(h)
	limit, remaining, reset := said.limit, said.remaining, said.reset
	if !ok || limit <= 0 {
		b.silent = b.silent || !now.Before(b.end)
		return // Okta leaves the headers out at times, and a limit of 0 is about concurrency
	}
	b.silent, b.limit = false, limit
	end := now.Add(untilReset(h))
	switch {
	case reset < b.reset:
		return // an answer of a window that is over
	case reset > b.reset: // maybe before what was taken for the end of the last one
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

// windowLength is how long a window lasts that opened with this answer, from two
// headers in whole seconds: at worst, each is a second off. Windows are round:
// Okta's last a minute.
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

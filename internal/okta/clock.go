package okta

import (
	"errors"
	"net/http"
	"sync"
	"time"
)

// maxClockError is how far Okta's clock may be from this machine's, or from Okta's
// earlier responses, before it is doubted.
const maxClockError = 24 * time.Hour

// serverClock follows Okta's clock by the Date headers of its responses. Before the
// first response it is this machine's clock. A response without any header of Okta's
// own may come from a proxy. Its Date is ignored: by a wrong clock, a young token
// could look old enough to be revoked.
//
// A Date is believed when it is near this machine's clock or near Okta's earlier
// responses. So one absurd Date changes nothing, and a machine with a wrong clock
// still works, because Okta's responses agree with each other. A first Date that is
// far from this machine's clock is in doubt until a second response agrees with it.
type serverClock struct {
	mu      sync.Mutex
	date    time.Time // the last believed Date; zero before any
	at      time.Time // when it arrived, by this machine's clock
	doubted bool      // whether date rests on one response and contradicts this machine's clock
	refused time.Time // the last Date that was not believed
}

// observe reads the Date of a response. It reports whether it refused to believe it.
func (c *serverClock) observe(h http.Header) (refused bool) {
	oktas := h.Get(headerRequestID) != "" || h.Get(headerReset) != ""
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil || !oktas {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	far := time.Until(date).Abs() > maxClockError
	first, agrees := c.at.IsZero(), date.Sub(c.believed()).Abs() <= maxClockError
	switch {
	case first:
		c.doubted = far
	case agrees || !far:
		if c.doubted && !agrees {
			c.refused = c.date
		}
		c.doubted = false
	case c.doubted:
		c.refused = c.date // two absurd Dates that differ: the new one is no better
	default:
		c.refused = date
		return true
	}
	c.date, c.at = date, time.Now()
	return false
}

// believed is the time by the last believed Date.
func (c *serverClock) believed() time.Time { return c.date.Add(time.Since(c.at)) }

func (c *serverClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at.IsZero() {
		return time.Now()
	}
	return c.believed()
}

// offset is how far Okta's clock is ahead of this machine's.
func (c *serverClock) offset() time.Duration { return time.Until(c.now()) }

// ClockInDoubt reports whether Okta's clock is known from a single response that is
// more than a day from this machine's clock. The next response decides.
func (c *Client) ClockInDoubt() bool {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	return c.clock.doubted
}

// clockLooks is how often [Client.InTime] reads before it gives up on Okta's clock.
const clockLooks = 3

// ErrClock is returned when token ages cannot be measured.
var ErrClock = errors.New("Okta's answers name different times, so the age of its tokens is not known; try again")

// InTime calls read, which measures ages, and calls it again when it reports that the
// clock was in doubt.
func (c *Client) InTime(read func() (inDoubt bool, err error)) error {
	for range clockLooks {
		if inDoubt, err := read(); err != nil || !inDoubt {
			return err
		}
	}
	return ErrClock
}

// RefusedClock is the last Date of Okta's that was not believed, or zero. It is more
// than a day from this machine's clock and from Okta's other responses.
func (c *Client) RefusedClock() time.Time {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	return c.clock.refused
}

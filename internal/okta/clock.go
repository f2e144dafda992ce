package okta

import (
	"errors"
	"net/http"
	"sync"
	"time"
)

// maxClockError is how far Okta's clock may be from this machine's, or from what its
// earlier answers said, before it is doubted.
const maxClockError = 24 * time.Hour

// serverClock tells the time by Okta's clock, as far as Date headers give it
// away. Before the first answer it is this machine's. An answer without any header
// of Okta's own may be a proxy's, whose clock proves nothing: by it, a young
// token could seem old enough to be revoked.
//
// A Date is believed when it is near this machine's clock or near what the answers
// before said. So one absurd answer changes nothing, and a machine whose own clock
// is wrong still works: Okta's answers agree with each other. A first answer that
// is far from this machine's clock is in doubt until a second one agrees.
type serverClock struct {
	mu      sync.Mutex
	date    time.Time // what the last believed answer said; zero before any
	at      time.Time // when it came, by this machine's clock
	doubted bool      // whether only one answer speaks for date, and this machine's clock against it
	refused time.Time // the last Date that was not believed
}

// observe reads an answer's Date, and reports whether it refused to believe it.
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
		c.refused = c.date // two absurd answers that differ: the last one is no better
	default:
		c.refused = date
		return true
	}
	c.date, c.at = date, time.Now()
	return false
}

// believed is the time by the last believed answer.
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

// ClockInDoubt reports whether Okta's clock is known from one answer alone, which is
// more than a day from this machine's. Any further answer decides.
func (c *Client) ClockInDoubt() bool {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	return c.clock.doubted
}

// clockLooks is how often something is read to learn the time by Okta's clock, where
// a first answer names a time far from this machine's.
const clockLooks = 3

// ErrClock says that ages cannot be measured.
var ErrClock = errors.New("Okta's answers name different times, so the age of its tokens is not known; try again")

// InTime has something read whose ages count, and once more where they were measured
// by a clock in doubt, which read reports.
func (c *Client) InTime(read func() (inDoubt bool, err error)) error {
	for range clockLooks {
		if inDoubt, err := read(); err != nil || !inDoubt {
			return err
		}
	}
	return ErrClock
}

// RefusedClock is the last time by Okta's clock that was not believed, or zero: it is
// more than a day from this machine's clock and from Okta's other answers.
func (c *Client) RefusedClock() time.Time {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	return c.clock.refused
}

package okta

import (
	"fmt"
	"net/http"
	"sync"
	"time"
)

// maxClockError is how far Okta's clock may be from this machine's.
const maxClockError = 24 * time.Hour

// serverClock follows Okta's clock by the Date headers of its responses. Before the
// first response it is this machine's clock. A response without any header of Okta's
// own may come from a proxy. Its Date is ignored: by a wrong clock, a young token
// could look old enough to be revoked.
//
// A Date far from this machine's clock is refused, however many responses agree: one
// of the two clocks is wrong, and nothing says which.
type serverClock struct {
	machine func() time.Time // this machine's clock

	mu      sync.Mutex
	date    time.Time // the last believed Date; zero before any
	at      time.Time // when it arrived
	refused time.Time // the last refused Date; zero before any
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
	if date.Sub(c.machine()).Abs() > maxClockError {
		c.refused = date
		return true
	}
	c.date, c.at = date, time.Now()
	return false
}

func (c *serverClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at.IsZero() {
		return c.machine()
	}
	return c.date.Add(time.Since(c.at))
}

// offset is how far Okta's clock is ahead of this machine's.
func (c *serverClock) offset() time.Duration { return c.now().Sub(c.machine()) }

// ClockError is returned when token ages cannot be measured: no response of Okta's
// named a time within a day of this machine's clock.
type ClockError struct{ Okta, Machine time.Time }

func (e *ClockError) Error() string {
	return fmt.Sprintf("Okta says that it is %s, and this machine that it is %s",
		e.Okta.UTC().Format(time.RFC3339), e.Machine.UTC().Format(time.RFC3339))
}

// CheckClock returns a [*ClockError] when token ages cannot be measured by [Client.Now].
func (c *Client) CheckClock() error {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	if c.clock.refused.IsZero() || !c.clock.at.IsZero() {
		return nil
	}
	return &ClockError{Okta: c.clock.refused, Machine: c.clock.machine()}
}

// RefusedClock is the last Date of Okta's that was refused, or zero. It is more than a
// day from this machine's clock.
func (c *Client) RefusedClock() time.Time {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	return c.clock.refused
}

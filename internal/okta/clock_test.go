package okta

import (
	"errors"
	"net/http"
	"testing"
	"time"
)

// What is far from this machine's clock is refused, however many answers agree.
func TestServerClock(t *testing.T) {
	t.Parallel()
	const century, days, minute = 100 * 365 * 24 * time.Hour, 48 * time.Hour, time.Minute
	for _, tc := range []struct {
		name    string
		ahead   []time.Duration // of each answer's Date, of this machine's clock
		want    time.Duration
		refused time.Duration // zero for none
		unknown bool          // whether ages cannot be measured
	}{
		{name: "no answer"},
		{name: "near", ahead: []time.Duration{minute}, want: minute},
		{name: "near, and back", ahead: []time.Duration{20 * time.Hour, -20 * time.Hour}, want: -20 * time.Hour},
		{name: "far, once", ahead: []time.Duration{days}, refused: days, unknown: true},
		{name: "far, and they agree", ahead: []time.Duration{days, days, days}, refused: days, unknown: true},
		{name: "far in the past, and they agree", ahead: []time.Duration{-days, -days}, refused: -days, unknown: true},
		{name: "absurd first", ahead: []time.Duration{century, minute}, want: minute, refused: century},
		{name: "absurd later", ahead: []time.Duration{minute, century, century}, want: minute, refused: century},
	} {
		bubble(t, tc.name, func(t *testing.T) {
			c := testClient(play(anything))
			start := time.Now()
			for _, ahead := range tc.ahead {
				c.clock.observe(http.Header{headerRequestID: {"r1"}, "Date": {start.Add(ahead).UTC().Format(http.TimeFormat)}})
			}
			if got := c.Now().Sub(start); got != tc.want {
				t.Errorf("got a clock %s ahead, want %s", got, tc.want)
			}
			switch refused := c.RefusedClock(); {
			case refused.IsZero() != (tc.refused == 0), !refused.IsZero() && !refused.Equal(start.Add(tc.refused)):
				t.Errorf("got the refused time %s, want %s ahead", refused, tc.refused)
			}
			err := c.CheckClock()
			if e, ok := errors.AsType[*ClockError](err); ok != tc.unknown || ok && (!e.Machine.Equal(start) || !e.Okta.Equal(start.Add(tc.refused))) {
				t.Errorf("got the error %v, want one: %t", err, tc.unknown)
			}
		})
	}
}

package okta

import (
	"net/http"
	"testing"
	"time"
)

// One absurd answer changes nothing. Answers that agree with each other are right,
// whatever this machine's clock says.
func TestServerClock(t *testing.T) {
	t.Parallel()
	const century, days, minute = 100 * 365 * 24 * time.Hour, 48 * time.Hour, time.Minute
	for _, tc := range []struct {
		name    string
		ahead   []time.Duration // of each answer's Date, of this machine's clock
		want    time.Duration
		doubted bool
		refused time.Duration // zero for none
	}{
		{name: "no answer"},
		{name: "near", ahead: []time.Duration{minute}, want: minute},
		{name: "far, once", ahead: []time.Duration{days}, want: days, doubted: true},
		{name: "far, and they agree", ahead: []time.Duration{days, days + minute}, want: days + minute},
		{name: "absurd first", ahead: []time.Duration{century, minute}, want: minute, refused: century},
		{name: "absurd later", ahead: []time.Duration{minute, century}, want: minute, refused: century},
		{name: "absurd later, twice", ahead: []time.Duration{minute, century, century}, want: minute, refused: century},
		{name: "absurd later, in the past", ahead: []time.Duration{minute, -days}, want: minute, refused: -days},
		{name: "absurd later, far machine", ahead: []time.Duration{days, days, century, days}, want: days, refused: century},
		{name: "absurd first, far machine", ahead: []time.Duration{century, days, days}, want: days, refused: century},
		{name: "absurd first, far machine, undecided", ahead: []time.Duration{century, days}, want: days, doubted: true, refused: century},
	} {
		bubble(t, tc.name, func(t *testing.T) {
			clock := &serverClock{}
			start := time.Now()
			for _, ahead := range tc.ahead {
				clock.observe(http.Header{headerRequestID: {"r1"}, "Date": {start.Add(ahead).UTC().Format(http.TimeFormat)}})
			}
			if got := clock.now().Sub(start); got != tc.want {
				t.Errorf("got a clock %s ahead, want %s", got, tc.want)
			}
			if clock.doubted != tc.doubted {
				t.Errorf("got doubted %t, want %t", clock.doubted, tc.doubted)
			}
			switch refused := clock.refused; {
			case refused.IsZero() != (tc.refused == 0), !refused.IsZero() && !refused.Equal(start.Add(tc.refused)):
				t.Errorf("got the refused time %s, want %s ahead", refused, tc.refused)
			}
		})
	}
}

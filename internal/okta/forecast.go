package okta

import (
	"cmp"
	"time"
)

// usualWindow is how long Okta's windows are.
const usualWindow = time.Minute

// Forecast is what a number of requests takes, by the rate limit that was last seen.
type Forecast struct {
	PerMinute int           // requests that this client may send in a minute; 0 when no limit was seen
	Time      time.Duration // until the last one may be sent, when the first one opens a window
}

// Forecast estimates what a number of requests below the parents of a kind takes. It
// sends nothing: the limit is the one that answers have shown, of which the client uses
// the share that its Capacity allows.
func (c *Client) Forecast(kind Kind, requests int) Forecast {
	return c.governor.forecast(bucketOf("/api/v1/"+kinds[kind].collection), requests)
}

func (g *governor) forecast(bucket string, requests int) Forecast {
	g.mu.Lock()
	defer g.mu.Unlock()
	b := g.buckets[bucket]
	if b == nil || b.limit == 0 {
		return Forecast{}
	}
	share := max(1, b.limit*g.capacity/100)
	window := cmp.Or(b.window, usualWindow)
	return Forecast{
		PerMinute: max(1, int(time.Duration(share)*time.Minute/window)),
		Time:      time.Duration(max(0, requests-1)/share) * window,
	}
}

package okta

import (
	"cmp"
	"time"
)

// usualWindow is the length of Okta's rate limit windows.
const usualWindow = time.Minute

// Forecast is the time that a number of requests needs, by the last rate limit seen.
type Forecast struct {
	PerMinute int           // requests that this client may send in a minute; 0 when no limit was seen
	Time      time.Duration // from the first request, which opens a window, to the last
}

// Forecast estimates the time for a number of requests to parents of a kind. It sends
// nothing: it uses the limit that responses have shown, and the share of it that
// Capacity allows.
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

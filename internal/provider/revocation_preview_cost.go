package provider

import (
	"fmt"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// cost is what the apply sends, and how long that takes at the rate limit that was last
// seen.
func (r previewReport) cost() string {
	deletes := r.Deletes
	if r.req.EndSessions {
		deletes++
	}
	cost := prose.Count(deletes, "DELETE")
	if !r.bulk() && r.Count > 1 {
		cost = r.bounded(cost)
	}
	if r.OneByOne {
		cost += " (one each, to spare protected users)"
	}
	// Besides, the apply lists each parent before and after.
	forecast := r.engine.Client.Forecast(r.model.target().Kind(), deletes+2*r.Parents)
	atLeast := r.Bound == revoke.AtLeast && !r.bulk()
	switch {
	case forecast.PerMinute == 0, atLeast && forecast.Time < time.Minute:
		return cost
	case forecast.Time < time.Minute: // then the limit does not matter
		return cost + ", less than a minute"
	}
	about := "about"
	if atLeast {
		about = "at least"
	}
	return fmt.Sprintf("%s, %s %s at %s a minute", cost, about, duration(forecast.Time), prose.Count(forecast.PerMinute, "request"))
}

// bulk reports whether the tokens are revoked by a DELETE for each parent.
func (r previewReport) bulk() bool { return r.model.All.ValueBool() && !r.OneByOne }

// duration is how long something takes, in minutes or hours.
func duration(d time.Duration) string {
	if d < 2*time.Hour {
		return prose.Count(int(d.Round(time.Minute)/time.Minute), "minute")
	}
	return prose.Count(int(d.Round(time.Hour)/time.Hour), "hour")
}

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
	cost := prose.Count(r.Deletes, "DELETE")
	if !r.bulk() && r.Count > 1 {
		cost = r.bounded(cost)
	}
	if r.OneByOne {
		cost += " (one each, to spare protected users)"
	}
	// Besides, the apply lists each parent before and after.
	forecast := r.engine.Client.Forecast(r.model.target().Kind(), r.Deletes+2*r.Parents)
	if forecast.PerMinute == 0 {
		return cost
	}
	least := ""
	if r.Bound == revoke.AtLeast && !r.bulk() {
		least = "or more "
	}
	return fmt.Sprintf("%s, %s %sat %s a minute", cost, duration(forecast.Time), least, prose.Count(forecast.PerMinute, "request"))
}

// bulk reports whether the tokens are revoked by a DELETE for each parent.
func (r previewReport) bulk() bool { return r.model.All.ValueBool() && !r.OneByOne }

// duration is about how long something takes.
func duration(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d < 2*time.Hour:
		return "about " + prose.Count(int(d.Round(time.Minute)/time.Minute), "minute")
	default:
		return "about " + prose.Count(int(d.Round(time.Hour)/time.Hour), "hour")
	}
}

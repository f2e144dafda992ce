package report

import (
	"fmt"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// share returns a part in percent. 0 % means none, and 100 % means all.
func share(part, whole int64) string {
	switch percent := 100 * float64(part) / float64(whole); {
	case part <= 0 || whole <= 0:
		return "0 %"
	case part >= whole:
		return "100 %"
	case percent < 0.1:
		return "< 0.1 %"
	case percent > 99:
		return "> 99 %"
	case percent < 10:
		return fmt.Sprintf("%.1f %%", percent)
	default:
		return fmt.Sprintf("%.0f %%", percent)
	}
}

// moment is a time as a page shows it. Text that is not a time is shown as it is.
type moment struct {
	Machine string // empty if the text is not a time
	Day     string
	Minute  string
	Age     string // in days when the inventory was read; empty if that is unknown or earlier
}

// moment parses a time and computes its age.
func (v *view) moment(text string) moment {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return moment{Day: text, Minute: text}
	}
	at = at.UTC()
	m := moment{
		// All have the same length, so they sort as text.
		Machine: at.Format("2006-01-02T15:04:05.000Z"),
		Day:     at.Format(time.DateOnly),
		Minute:  at.Format("2006-01-02 15:04"),
	}
	if age := v.readAt.Sub(at); !v.readAt.IsZero() && age >= 0 {
		m.Age = prose.Count(int64(age/(24*time.Hour)), "day")
	}
	return m
}

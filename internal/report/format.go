package report

import (
	"fmt"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// share is a part in percent. It says 0 % and 100 % only of nothing and of everything.
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

// moment is an instant as a page shows it. Text that is no instant is shown as it is.
type moment struct {
	Machine string // empty if it is no instant
	Day     string
	Minute  string
	Age     string // in days, where the page knows the day; empty for the future
}

// moment is an instant and its age on the page.
func (v *view) moment(text string) moment {
	instant, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return moment{Day: text, Minute: text}
	}
	instant = instant.UTC()
	m := moment{
		// All of one length, so that they sort as text.
		Machine: instant.Format("2006-01-02T15:04:05.000Z"),
		Day:     instant.Format(time.DateOnly),
		Minute:  instant.Format("2006-01-02 15:04"),
	}
	if age := v.readAt.Sub(instant); !v.readAt.IsZero() && age >= 0 {
		m.Age = prose.Count(int64(age/(24*time.Hour)), "day")
	}
	return m
}

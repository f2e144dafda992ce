package provider

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

type durationNotation struct{}

func (durationNotation) summary() string { return "Invalid Duration" }

func (durationNotation) read(text string) (any, error) { return parseDuration(text) }

// toDuration is nil for null.
func toDuration(value durationValue, diags *diag.Diagnostics) *time.Duration {
	return meaning[time.Duration](value, diags)
}

const durationForms = `A duration looks like "90d", "1d12h", "720h" or "90m"`

var (
	// aDuration matches days, if there are any, and what Go calls a duration.
	aDuration = regexp.MustCompile(`^\+?((?:\d+(?:\.\d*)?|\.\d+)d)?((?:(?:\d+(?:\.\d*)?|\.\d+)(?:h|m|s|ms|us|µs|μs|ns))*)$`)
	aNumber   = regexp.MustCompile(`^\+?(\d+)$`)
)

// parseDuration reads a Go duration, with days, that is longer than zero. Zero would
// turn an age into one that every token has.
func parseDuration(text string) (time.Duration, error) {
	if number := aNumber.FindStringSubmatch(text); number != nil && strings.Trim(number[1], "0") != "" {
		return 0, fmt.Errorf(`%q has no unit. Write "%sd" for days or "%sh" for hours`, text, number[1], number[1])
	}
	if positive, isNegative := strings.CutPrefix(text, "-"); isNegative && aDuration.MatchString(positive) {
		return 0, fmt.Errorf("%q is negative. %s", text, durationForms)
	}
	parts := aDuration.FindStringSubmatch(text)
	switch {
	case text == "":
		return 0, fmt.Errorf(`"" is empty. %s`, durationForms)
	case aNumber.MatchString(text):
		return 0, fmt.Errorf("%q is zero. %s", text, durationForms)
	case parts == nil || parts[1]+parts[2] == "":
		return 0, fmt.Errorf("%q is not a duration. %s", text, durationForms)
	}
	d, fits := sum(parts[1], parts[2])
	switch {
	case !fits:
		return 0, fmt.Errorf(`%q is too long: the longest duration is "%dd"`, text, int64(math.MaxInt64/(24*time.Hour)))
	case d == 0:
		return 0, fmt.Errorf("%q is zero. %s", text, durationForms)
	}
	return d, nil
}

// sum adds days, such as "90d", and a Go duration, each of which may be missing. It
// reports whether the result fits.
func sum(days, rest string) (time.Duration, bool) {
	var total time.Duration
	if days != "" {
		d, err := time.ParseDuration(strings.TrimSuffix(days, "d") + "h")
		if err != nil || d > math.MaxInt64/24 {
			return 0, false
		}
		total = 24 * d
	}
	if rest != "" {
		d, err := time.ParseDuration(rest)
		if err != nil || d > math.MaxInt64-total {
			return 0, false
		}
		total += d
	}
	return total, true
}

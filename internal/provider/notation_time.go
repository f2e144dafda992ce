package provider

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

type timeNotation struct{}

func (timeNotation) summary() string { return "Invalid Time" }

func (timeNotation) read(text string) (any, error) {
	t, err := parseTime(text)
	return t.UTC(), err
}

// toTime is nil for null.
func toTime(value timeValue, diags *diag.Diagnostics) *time.Time {
	return meaning[time.Time](value, diags)
}

// parseTime reads RFC 3339. Its error quotes the text, says what is missing, and shows
// the text as it should be, once in UTC and once with an offset.
func parseTime(text string) (time.Time, error) {
	var t time.Time
	// Unlike time.Parse, this accepts RFC 3339 only.
	if err := t.UnmarshalText([]byte(text)); err == nil {
		return t, nil
	}
	if parts := almostTime.FindStringSubmatch(text); parts != nil {
		return time.Time{}, almost(text, parts[1], parts[2], parts[3], parts[4], parts[5])
	}
	fault := "is not a time in RFC 3339"
	if text == "" {
		fault = "is empty"
	}
	return time.Time{}, fmt.Errorf(
		`%q %s. A time looks like "2026-03-14T02:30:00Z" in UTC, or "2026-03-14T03:30:00+01:00" with an offset`, text, fault)
}

// almostTime matches what people write for a time: the date, then perhaps what separates
// it from the clock, hours and minutes, seconds, and the zone.
var almostTime = regexp.MustCompile(`^\s*(\d{4}-\d{2}-\d{2})(?:([Tt]|\s+)(\d{1,2}:\d{2})(:\d{2}(?:\.\d+)?)?\s*([Zz]|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?\s*$`)

// almost says what a text lacks that has a date.
func almost(text, date, separator, clock, seconds, zone string) error {
	var missing []string
	for _, part := range []struct {
		text, name string
	}{{clock, "time of day"}, {seconds, "seconds"}, {zone, "zone"}} {
		// A date alone lacks its seconds too, which need not be said.
		if part.text == "" && (part.name != "seconds" || clock != "") {
			missing = append(missing, "no "+part.name)
		}
	}
	if clock != "" && strings.TrimSpace(separator) == "" {
		missing = append(missing, "no T between date and time")
	}
	if len(clock) == len("2:30") {
		clock = "0" + clock
	}
	corrected := date + "T" + cmp.Or(clock, "00:00") + cmp.Or(seconds, ":00")
	local, err := time.Parse("2006-01-02T15:04:05", corrected)
	if err != nil {
		return fmt.Errorf("%q names a date or a time of day that does not exist", text)
	}
	if zone == "" {
		return fmt.Errorf(`%q has %s. Write %q if it is in UTC, or with its offset, such as %q`,
			text, strings.Join(missing, " and "), corrected+"Z", corrected+"+01:00")
	}
	utc, err := inZone(local, zone)
	if err != nil {
		return fmt.Errorf("%q names an offset that does not exist", text)
	}
	fault := "has " + strings.Join(missing, " and ")
	if len(missing) == 0 {
		fault = "is not in the form of RFC 3339"
	}
	offset := utc.In(time.FixedZone("", 3600))
	if _, seconds := utc.Zone(); seconds != 0 {
		offset = utc
	}
	return fmt.Errorf(`%q %s. Write %q in UTC, or %q with an offset`,
		text, fault, utc.UTC().Format(time.RFC3339Nano), offset.Format(time.RFC3339Nano))
}

// inZone is the time that a clock in a zone shows as local.
func inZone(local time.Time, zone string) (time.Time, error) {
	sign := 1
	switch zone[0] {
	case '-':
		sign = -1
	case '+':
	default:
		return local, nil
	}
	digits := strings.ReplaceAll(zone[1:], ":", "")
	if len(digits) == 2 {
		digits += "00"
	}
	offset, err := time.Parse("1504", digits)
	if err != nil {
		return time.Time{}, errors.New("no such offset")
	}
	seconds := sign * (offset.Hour()*3600 + offset.Minute()*60)
	return local.Add(-time.Duration(seconds) * time.Second).In(time.FixedZone("", seconds)), nil
}

package provider

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

func TestTimesAreRefusedWithTheirCorrection(t *testing.T) {
	t.Parallel()
	const generic = `. A time looks like "2026-03-14T02:30:00Z" in UTC, or "2026-03-14T03:30:00+01:00" with an offset`
	for text, want := range map[string]string{
		"":                               `"" is empty` + generic,
		"March 14":                       `"March 14" is not a time in RFC 3339` + generic,
		"yesterday":                      `"yesterday" is not a time in RFC 3339` + generic,
		"14.03.2026":                     `"14.03.2026" is not a time in RFC 3339` + generic,
		"2026-03-14":                     `"2026-03-14" has no time of day and no zone. Write "2026-03-14T00:00:00Z" if it is in UTC, or with its offset, such as "2026-03-14T00:00:00+01:00"`,
		"2026-03-14 02:30:00":            `"2026-03-14 02:30:00" has no zone and no T between date and time. Write "2026-03-14T02:30:00Z" if it is in UTC, or with its offset, such as "2026-03-14T02:30:00+01:00"`,
		"2026-03-14T02:30:00":            `"2026-03-14T02:30:00" has no zone. Write "2026-03-14T02:30:00Z" if it is in UTC, or with its offset, such as "2026-03-14T02:30:00+01:00"`,
		"2026-03-14T02:30:00.250":        `"2026-03-14T02:30:00.250" has no zone. Write "2026-03-14T02:30:00.250Z" if it is in UTC, or with its offset, such as "2026-03-14T02:30:00.250+01:00"`,
		"2026-03-14T02:30":               `"2026-03-14T02:30" has no seconds and no zone. Write "2026-03-14T02:30:00Z" if it is in UTC, or with its offset, such as "2026-03-14T02:30:00+01:00"`,
		"2026-03-14T02:30Z":              `"2026-03-14T02:30Z" has no seconds. Write "2026-03-14T02:30:00Z" in UTC, or "2026-03-14T03:30:00+01:00" with an offset`,
		"2026-03-14T02:30-05:00":         `"2026-03-14T02:30-05:00" has no seconds. Write "2026-03-14T07:30:00Z" in UTC, or "2026-03-14T02:30:00-05:00" with an offset`,
		"2026-03-14T02:30:00-0500":       `"2026-03-14T02:30:00-0500" is not in the form of RFC 3339. Write "2026-03-14T07:30:00Z" in UTC, or "2026-03-14T02:30:00-05:00" with an offset`,
		"2026-03-14T02:30:00+01":         `"2026-03-14T02:30:00+01" is not in the form of RFC 3339. Write "2026-03-14T01:30:00Z" in UTC, or "2026-03-14T02:30:00+01:00" with an offset`,
		"2026-03-14 2:30:00 UTC":         `"2026-03-14 2:30:00 UTC" has no T between date and time. Write "2026-03-14T02:30:00Z" in UTC, or "2026-03-14T03:30:00+01:00" with an offset`,
		"2026-03-14t02:30:00z":           `"2026-03-14t02:30:00z" is not in the form of RFC 3339. Write "2026-03-14T02:30:00Z" in UTC, or "2026-03-14T03:30:00+01:00" with an offset`,
		" 2026-03-14T02:30:00Z\n":        `" 2026-03-14T02:30:00Z\n" is not in the form of RFC 3339. Write "2026-03-14T02:30:00Z" in UTC, or "2026-03-14T03:30:00+01:00" with an offset`,
		"2026-02-30":                     `"2026-02-30" names a date or a time of day that does not exist`,
		"2026-03-14T25:00:00Z":           `"2026-03-14T25:00:00Z" names a date or a time of day that does not exist`,
		"2026-03-14T02:30:00+25:00":      `"2026-03-14T02:30:00+25:00" names an offset that does not exist`,
		"2006-01-02T15:04:05Z07:00":      `"2006-01-02T15:04:05Z07:00" is not a time in RFC 3339` + generic,
		"2026-03-14T02:30:00Z and later": `"2026-03-14T02:30:00Z and later" is not a time in RFC 3339` + generic,
	} {
		_, err := parseTime(text)
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestTimesMeanTheSameInEveryZone(t *testing.T) {
	t.Parallel()
	one := newTime("2026-03-14T02:30:00Z")
	for text, want := range map[string]bool{
		"2026-03-14T02:30:00Z":      true,
		"2026-03-14T03:30:00+01:00": true,
		"2026-03-13T21:30:00-05:00": true,
		"2026-03-14T02:30:00.000Z":  true,
		"2026-03-14T02:30:00.001Z":  false,
		"2026-03-14T02:30:00+01:00": false,
		"":                          false,
	} {
		if got := one.means(newTime(text)); got != want {
			t.Errorf("%s: got %t, want %t", text, got, want)
		}
	}
	if one.means(nullTime()) || one.means(unknownTime()) || nullTime().means(nullTime()) || one.means(durationValue(one)) {
		t.Error("a time means the same as what is none")
	}
}

func TestDurations(t *testing.T) {
	t.Parallel()
	const forms = `. A duration looks like "90d", "1d12h", "720h" or "90m"`
	for text, want := range map[string]time.Duration{
		"90d": 90 * 24 * time.Hour, "1d12h": 36 * time.Hour, "1.5d": 36 * time.Hour, "720h": 720 * time.Hour,
		"1d1h1m1s": 25*time.Hour + time.Minute + time.Second, "+2h": 2 * time.Hour, "0d1h": time.Hour, "106751d23h": 106751*24*time.Hour + 23*time.Hour,
	} {
		if got, err := parseDuration(text); got != want || err != nil {
			t.Errorf("%s: got %s, %v, want %s", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"":               `"" is empty` + forms,
		"30":             `"30" has no unit. Write "30d" for days or "30h" for hours`,
		"0":              `"0" is zero` + forms,
		"0s":             `"0s" is zero` + forms,
		"0d":             `"0d" is zero` + forms,
		"-1h":            `"-1h" is negative` + forms,
		"-90d":           `"-90d" is negative` + forms,
		"1d-12h":         `"1d-12h" is not a duration` + forms,
		"12h1d":          `"12h1d" is not a duration` + forms,
		"2w":             `"2w" is not a duration` + forms,
		"90 days":        `"90 days" is not a duration` + forms,
		"90d ":           `"90d " is not a duration` + forms,
		"P90D":           `"P90D" is not a duration` + forms,
		"d":              `"d" is not a duration` + forms,
		"106752d":        `"106752d" is too long: the longest duration is "106751d"`,
		"9999999999999h": `"9999999999999h" is too long: the longest duration is "106751d"`,
		"106751d24h":     `"106751d24h" is too long: the longest duration is "106751d"`,
		"1e400d":         `"1e400d" is not a duration` + forms,
	} {
		if got, err := parseDuration(text); err == nil || err.Error() != want {
			t.Errorf("got  %s, %v\nwant %s", got, err, want)
		}
	}
	if d := (durationValue{types.StringValue("90d")}); !d.means(durationValue{types.StringValue("2160h")}) || d.means(durationValue{types.StringValue("90h")}) {
		t.Error("90d does not mean 2160h, or means 90h")
	}
}

// A duration is one that the schema takes, or an error: never a part of the filter
// that got lost, or that every token is older than.
func FuzzDuration(f *testing.F) {
	for _, text := range []string{"720h", "90m", "1h30m", "0", "-1h", "30d", "", "1", "9223372036854775807ns", "1000000000h", ".5h", "+2h", "1µs", "1d12h", "1.5d", "1h30d", "106751d23h47m17s", "106752d", "d", "-1d"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var read diag.Diagnostics
		var validated xattr.ValidateAttributeResponse
		value := durationValue{types.StringValue(text)}
		value.ValidateAttribute(t.Context(), xattr.ValidateAttributeRequest{Path: path.Root("older_than")}, &validated)
		got := toDuration(value, &read)
		if validated.Diagnostics.HasError() != read.HasError() || got == nil {
			t.Fatalf("%q: the schema says %v, and it reads as %v, %v", text, validated.Diagnostics, got, read)
		}
		if read.HasError() {
			return
		}
		now := time.Now()
		young := okta.RefreshToken{ID: "oar1", Created: okta.NewTime(now.Add(-*got))}
		if older, err := (okta.Filter{OlderThan: got}).Match(young, now); *got <= 0 || older || err != nil {
			t.Errorf("%q: got %s, by which a token of that very age is older", text, *got)
		}
	})
}

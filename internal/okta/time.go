package okta

import "time"

// Time is a point in time as Okta wrote it, such as
// "2025-10-28T17:36:58.000Z". It is zero if Okta left it out.
type Time struct {
	time.Time
	text string
}

// NewTime returns t as Okta would write it: in UTC, with milliseconds.
func NewTime(t time.Time) Time {
	return Time{Time: t, text: t.UTC().Format("2006-01-02T15:04:05.000Z07:00")}
}

// String is Okta's own text, in RFC 3339. It is empty for a zero Time.
func (i Time) String() string { return i.text }

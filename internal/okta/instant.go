package okta

import "time"

// Instant is a point in time as Okta wrote it, such as
// "2025-10-28T17:36:58.000Z". The zero Instant is one that Okta left out.
type Instant struct {
	time.Time
	text string
}

// NewInstant is the instant t, written as Okta writes it: UTC, milliseconds.
func NewInstant(t time.Time) Instant {
	return Instant{Time: t, text: t.UTC().Format("2006-01-02T15:04:05.000Z07:00")}
}

// String is Okta's own text, in RFC 3339. It is empty for the zero Instant.
func (i Instant) String() string { return i.text }

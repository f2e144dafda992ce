package okta

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

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

// UnmarshalJSON reads an RFC 3339 text; null and "" read as the zero Instant.
func (i *Instant) UnmarshalJSON(data []byte) error {
	*i = Instant{}
	if bytes.Equal(data, []byte("null")) || bytes.Equal(data, []byte(`""`)) {
		return nil
	}
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return fmt.Errorf("%q is not an RFC 3339 instant", text)
	}
	if !t.IsZero() { // year 1 is how some programs write "never"
		*i = Instant{Time: t, text: text}
	}
	return nil
}

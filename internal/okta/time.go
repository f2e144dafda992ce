package okta

import (
	"encoding/json"
	"time"
)

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

// MarshalJSON writes Okta's own text.
func (i Time) MarshalJSON() ([]byte, error) { return json.Marshal(i.text) }

// UnmarshalJSON reads what MarshalJSON writes.
func (i *Time) UnmarshalJSON(data []byte) error {
	*i = Time{}
	if err := json.Unmarshal(data, &i.text); err != nil || i.text == "" {
		return err
	}
	var err error
	i.Time, err = time.Parse(time.RFC3339, i.text)
	return err
}

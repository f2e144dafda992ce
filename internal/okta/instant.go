package okta

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"
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

// UnmarshalJSONFrom reads an RFC 3339 text; null and "" read as the zero Instant.
func (i *Instant) UnmarshalJSONFrom(from *jsontext.Decoder) error {
	*i = Instant{}
	value, err := from.ReadToken()
	if err != nil {
		return err
	}
	switch value.Kind() {
	case 'n':
		return nil
	case '"':
	default:
		return fmt.Errorf("%s is not an RFC 3339 instant", value)
	}
	text := value.String()
	if text == "" {
		return nil
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

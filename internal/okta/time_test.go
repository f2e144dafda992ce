package okta

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

func TestTimeKeepsOktasText(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]struct {
		text string
		time time.Time
	}{
		`"2025-10-28T17:36:58.000Z"`:      {"2025-10-28T17:36:58.000Z", time.Date(2025, 10, 28, 17, 36, 58, 0, time.UTC)},
		`"2025-10-28T17:36:58Z"`:          {"2025-10-28T17:36:58Z", time.Date(2025, 10, 28, 17, 36, 58, 0, time.UTC)},
		`"2025-10-28T19:36:58.250+02:00"`: {"2025-10-28T19:36:58.250+02:00", time.Date(2025, 10, 28, 17, 36, 58, 250e6, time.UTC)},
		`null`:                            {},
	} {
		got := wireTime{NewTime(time.Unix(1, 0)), true} // what was there before must not show through
		if err := json.Unmarshal([]byte(data), &got); err != nil {
			t.Errorf("%s: got %v, want no error", data, err)
		}
		if got.String() != want.text || !got.Equal(want.time) || got.IsZero() != want.time.IsZero() || got.odd {
			t.Errorf("%s: got %q, %s, want %q, %s", data, got, got.Time, want.text, want.time)
		}
	}
}

func TestOddTimeIsNone(t *testing.T) {
	t.Parallel()
	for _, data := range []string{
		`"yesterday"`, `"2025-10-28"`, `"2025-10-28 17:36:58Z"`, `"2023-07-17 11:28:57 +0000 UTC"`, `"2025-10-28T17:36:58.000+0000"`, `" "`, `""`, `"0001-01-01T00:00:00Z"`, `"0001-01-01T00:00:00.000Z"`,
		`1761673018`, `1761673018000.5`, `true`, `{}`, `{"seconds":1}`, `[]`, `["2025-10-28T17:36:58.000Z"]`,
	} {
		got := wireTime{Time: NewTime(time.Unix(1, 0))}
		wantError(t, json.Unmarshal([]byte(data), &got), "")
		if got != (wireTime{odd: true}) {
			t.Errorf("%s: got %q, odd %t, want no time, and odd", data, got, got.odd)
		}
	}
}

func TestNewTimeWritesAsOktaDoes(t *testing.T) {
	t.Parallel()
	berlin := time.FixedZone("CET", 3600)
	got := NewTime(time.Date(2025, 10, 28, 18, 36, 58, 123456789, berlin))
	if want := "2025-10-28T17:36:58.123Z"; got.String() != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A Time is the one that its own text says, or none at all.
func FuzzTime(f *testing.F) {
	for _, data := range []string{
		`"2025-10-28T17:36:58.000Z"`, `"2025-10-28T19:36:58.25+02:00"`, `"9999-12-31T23:59:60Z"`, `"0001-01-01T00:00:00Z"`, `null`, `""`, `1761673018`, `"\u0032"`,
	} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var got wireTime
		err := json.Unmarshal(data, &got)
		if got.odd && !got.IsZero() {
			t.Errorf("%q: got %s, and odd", data, got.Time)
		}
		if got.IsZero() != (got.String() == "") {
			t.Errorf("%q: got %s with the text %q, %v", data, got.Time, got, err)
		}
		if says, err := time.Parse(time.RFC3339, got.String()); !got.IsZero() && (err != nil || !says.Equal(got.Time.Time)) {
			t.Errorf("%q: got %s with the text %q, %v", data, got.Time, got, err)
		}
	})
}

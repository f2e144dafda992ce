package report

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// row is short for the type of rows.
type row = map[string]any

func TestCSV(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		rows []row
		want string
	}{
		{"no rows", nil, ""},
		{"columns by name", []row{{"b": "2", "a": "1", "C": "3"}}, "C,a,b\r\n3,1,2\r\n"},
		{"every name that occurs is a column", []row{{"a": "1"}, {"b": "2"}}, "a,b\r\n1,\r\n,2\r\n"},
		{"null and empty", []row{{"a": nil, "b": "", "c": "x"}}, "a,b,c\r\n,,x\r\n"},
		{"a line for a row of one empty cell", []row{{"a": nil}, {"a": ""}, {"a": "x"}}, "a\r\n\"\"\r\n\"\"\r\nx\r\n"},
		{"booleans", []row{{"a": true, "b": false}}, "a,b\r\ntrue,false\r\n"},
		{"numbers to the last digit", []row{{"a": json.Number("9223372036854775807"), "b": json.Number("-5"), "c": json.Number("0.1")}}, "a,b,c\r\n9223372036854775807,-5,0.1\r\n"},
		{"commas and quotes", []row{{"a": `Doe, "J"`}}, "a\r\n\"Doe, \"\"J\"\"\"\r\n"},
		{"line breaks, escapes and writing directions made visible", []row{{"a": "x\ny\rz\r\n\x1b[2J\u202e"}}, "a\r\nx\ufffdy\ufffdz\ufffd\ufffd\ufffd[2J\ufffd\r\n"},
		{"columns made printable", []row{{"a\nb": "x"}}, "a\ufffdb\r\nx\r\n"},
		{"every script", []row{{"a": "Łukasz 東京 مرحبا"}}, "a\r\nŁukasz 東京 مرحبا\r\n"},
		{"a list of words", []row{{"a": []any{"offline_access", "orders:write"}}}, "a\r\noffline_access orders:write\r\n"},
		{"an empty list", []row{{"a": []any{}, "b": "x"}}, "a,b\r\n,x\r\n"},
		{"a list that spaces could not keep apart", []row{{"a": []any{"Till 1", "Till 2"}}}, "a\r\n\"[\"\"Till 1\"\",\"\"Till 2\"\"]\"\r\n"},
		{"a list with an empty string", []row{{"a": []any{"x", ""}}}, "a\r\n\"[\"\"x\"\",\"\"\"\"]\"\r\n"},
		{"a list of numbers", []row{{"a": []any{json.Number("1"), nil}}}, "a\r\n\"[1,null]\"\r\n"},
		{"a map", []row{{"a": row{"y": json.Number("18446744073709551615"), "x": "<b>&"}}}, "a\r\n\"{\"\"x\"\":\"\"<b>&\"\",\"\"y\"\":18446744073709551615}\"\r\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := CSV(tc.rows, Columns(tc.rows))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("CSV (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCSVWritesTheseColumns(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		rows []row
		want string
	}{
		{[]row{{"a": "1", "b": "2", "c": "3"}, {"a": "4"}}, "c,a\r\n3,1\r\n,4\r\n"},
		{nil, "c,a\r\n"},
	} {
		if got, err := CSV(tc.rows, []string{"c", "a"}); got != tc.want || err != nil {
			t.Errorf("got %q, %v, want %q", got, err, tc.want)
		}
	}
}

// The wanted cell is as a reader of the CSV gets it.
func TestCSVMakesFormulasHarmless(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"=1+1":                 "'=1+1",
		"+1":                   "'+1",
		"-5":                   "'-5", // a string; a number stays as it is
		"@SUM(A1)":             "'@SUM(A1)",
		"\uff1d1+1":            "'\uff1d1+1",
		"\uff0b1":              "'\uff0b1",
		"\uff0d1":              "'\uff0d1",
		"\uff20SUM(A1)":        "'\uff20SUM(A1)",
		"  =1+1":               "'  =1+1",
		"\u00a0=1+1":           "'\u00a0=1+1",
		"\tx":                  "\ufffdx", // starts with a character that starts no formula
		"\t=1+1":               "\ufffd=1+1",
		"\n=1+1":               "\ufffd=1+1",
		"\x00=1+1":             "\ufffd=1+1",
		"\ufeff\u200e=1+1":     "\ufffd\ufffd=1+1",
		"x;\x00=1+1":           "x;\ufffd=1+1",
		"x;=1+1":               "x;'=1+1", // its own cell if semicolons separate cells
		"x; @SUM(A1);y":        "x;' @SUM(A1);y",
		"x\n-1":                "x\ufffd-1",
		"x\t+1":                "x\ufffd+1",
		"x;\"=1+1;y":           "x;'\"=1+1;y",
		"Mozilla/5.0 (X11; y)": "Mozilla/5.0 (X11; y)",
		"2026-03-14":           "2026-03-14",
		"a=b":                  "a=b",
		"me@example.com":       "me@example.com",
		"":                     "",
	} {
		rows := []row{{"a": text, "b": "x"}, {"a": []any{text}, "b": "x"}, {"a": row{"k": text}, "b": "x"}}
		lines := readCSV(t, rows)
		if got := lines[1][0]; got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
		for _, line := range lines[1:] {
			if got := line[0]; formula.MatchString(got) {
				t.Errorf("%q became %q, which still has a formula", text, got)
			}
		}
	}
}

// readCSV returns the rows as a CSV reader gets them, with LF for CR LF.
func readCSV(t *testing.T, rows []row) [][]string {
	t.Helper()
	text, err := CSV(rows, Columns(rows))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestCSVMakesNamesHarmless(t *testing.T) {
	t.Parallel()
	if got, want := readCSV(t, []row{{"=cmd": "x", "b,c": "y"}}), [][]string{{"'=cmd", "b,c"}, {"x", "y"}}; !cmp.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The JSON of a nested value stays valid JSON.
func TestCSVKeepsNestedValues(t *testing.T) {
	t.Parallel()
	lines := readCSV(t, []row{{"a": row{"list": []any{"x;=1+1", true}}}})
	var got any
	if err := json.Unmarshal([]byte(lines[1][0]), &got); err != nil {
		t.Fatalf("%v in %s", err, lines[1][0])
	}
	if want := any(row{"list": []any{"x;'=1+1", true}}); !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestCSVRefusesRowsWithoutColumns(t *testing.T) {
	t.Parallel()
	if text, err := CSV([]row{{}, {}}, nil); err == nil {
		t.Errorf("got %q, want an error", text)
	}
}

// No row and no cell gets lost, whatever the text.
func FuzzCSV(f *testing.F) {
	for _, text := range []string{"", "x", "=1+1", "a,b", "\"", "\\.", " ", "x\r", "é;-"} {
		f.Add(text, text)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		lines := readCSV(t, []row{{"a": a, "b": b}, {"a": b}})
		bare := readCSV(t, []row{{"a": a}, {"a": b}})
		if len(lines) != 3 || len(bare) != 3 {
			t.Fatalf("got %d and %d lines, want 3", len(lines), len(bare))
		}
		for _, line := range append(lines, bare...) {
			for _, got := range line {
				if formula.MatchString(got) {
					t.Errorf("%q and %q made the formula %q", a, b, got)
				}
			}
		}
		if got, want := lines[1][0], harmless(a); got != want {
			t.Errorf("%q became %q, want %q", a, got, want)
		}
	})
}

func BenchmarkCSV(b *testing.B) {
	rows := make([]row, 100_000)
	for i := range rows {
		rows[i] = row{
			"id": fmt.Sprintf("oar%017d", i), "status": "ACTIVE", "client_id": "0oa3f9hbc6JyPs1Qv5d7", "user_id": "00u6t4vnd2KgLe8Hx5d7",
			"issuer": "https://acme.okta.com/oauth2/aus8k2lmq4RtXw7Zn5d7", "created": "2025-09-01T08:00:00.000Z", "last_updated": "2025-09-01T08:00:00.000Z",
			"expires_at": nil, "scopes": []any{"offline_access", "orders:write"}, "auth_server_id": "aus8k2lmq4RtXw7Zn5d7", "app_id": "0oa3f9hbc6JyPs1Qv5d7",
			"client_name": "Checkout Web", "user_name": "Amara Abara", "auth_server_name": "default", "app_name": "Checkout Web",
		}
	}
	for b.Loop() {
		if _, err := CSV(rows, Columns(rows)); err != nil {
			b.Fatal(err)
		}
	}
}

package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// CSV returns rows as RFC 4180 text: a header with these columns, see [Columns], then a line for each
// row. A row that lacks a column has an empty cell. Without columns and rows, the text is empty.
//
// A value is nil, a bool, a string, a [json.Number], a []any or a map[string]any. Nil becomes an empty
// cell. A list of strings is joined by spaces if that is reversible. Any other list or map becomes JSON.
// Strings are made printable, and harmless if a spreadsheet would run them, see [harmless].
func CSV(rows []map[string]any, columns []string) (string, error) {
	if len(columns) == 0 && len(rows) > 0 {
		return "", errors.New("no row has an attribute, so there is no column to write")
	}
	if len(columns) == 0 {
		return "", nil
	}
	var out csvText
	record := make([]string, len(columns))
	for i, name := range columns {
		record[i] = harmless(name)
	}
	out.write(record)
	for i, row := range rows {
		for j, name := range columns {
			text, err := cell(row[name])
			if err != nil {
				return "", fmt.Errorf("row %d, %s: %w", i, name, err)
			}
			record[j] = text
		}
		out.write(record)
	}
	return out.text(), nil
}

// csvText builds the text. No cell has a line break, see [harmless].
type csvText struct {
	buffer bytes.Buffer
	writer *csv.Writer
}

// write writes a line. Writing to the buffer cannot fail.
func (t *csvText) write(record []string) {
	if t.writer == nil {
		t.writer = csv.NewWriter(&t.buffer)
		t.writer.UseCRLF = true
	}
	if len(record) == 1 && record[0] == "" {
		// Without quotes, this would be an empty line, which readers skip.
		t.writer.Flush()
		t.buffer.WriteString("\"\"\r\n")
		return
	}
	_ = t.writer.Write(record)
}

func (t *csvText) text() string {
	t.writer.Flush()
	return t.buffer.String()
}

func cell(value any) (string, error) {
	switch value := value.(type) {
	case nil:
		return "", nil
	case bool:
		return fmt.Sprint(value), nil
	case json.Number:
		return value.String(), nil // even a negative one: a spreadsheet reads it as a number
	case string:
		return harmless(value), nil
	case []any:
		if text, ok := join(value); ok {
			return harmless(text), nil
		}
	}
	text, err := jsonText(value)
	return harmless(text), err
}

// join joins the words of a list with spaces. It returns false if that would lose something: a string
// with a space, an empty string, or a value that is not a string.
func join(list []any) (string, bool) {
	words := make([]string, len(list))
	for i, element := range list {
		word, ok := element.(string)
		if !ok || word == "" || strings.ContainsFunc(word, unicode.IsSpace) {
			return "", false
		}
		words[i] = word
	}
	return strings.Join(words, " "), true
}

func jsonText(value any) (string, error) {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "", err
	}
	return strings.TrimSuffix(text.String(), "\n"), nil
}

// formula matches what a spreadsheet treats as the start of a formula, after
// https://owasp.org/www-community/attacks/CSV_Injection: =, +, -, @ and their full-width forms, with or
// without spaces before them.
//
// It matches at the start of a text, and after every semicolon. In countries with a decimal comma,
// spreadsheets separate cells by semicolons, ignore our quotes and split inside them.
var formula = regexp.MustCompile(`(^|;)([\pZ"]*[=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}])`)

// harmless makes a text printable, and puts an apostrophe before anything that a spreadsheet would run as
// a formula.
func harmless(text string) string {
	text = prose.Printable(text)
	if text == "" || isAlphanumeric(text[0]) && !strings.Contains(text, ";") {
		return text // the common case, without the cost of a regular expression
	}
	return formula.ReplaceAllString(text, "${1}'${2}")
}

func isAlphanumeric(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9'
}

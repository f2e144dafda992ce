// Package prose writes numbers, lists and names the way a person reads them. It
// knows nothing of Okta or Terraform.
package prose

import (
	"strconv"
	"strings"
	"unicode"
)

// Number returns a whole number with commas between thousands, such as "12,345".
func Number[T ~int | ~int64](n T) string {
	digits, sign := strconv.FormatInt(int64(n), 10), ""
	if n < 0 {
		digits, sign = digits[1:], "-"
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// Count returns a number with its noun, such as "1 token" or "2,000 tokens".
func Count[T ~int | ~int64](n T, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return Number(n) + " " + noun
}

// List returns words with commas between them: "a, b, c". It names at most so
// many, and says how many more there are: "a, b and 3 more". Every word is made
// [Printable].
func List(words []string, most int) string {
	shown := make([]string, 0, min(len(words), most))
	for _, word := range words[:min(len(words), most)] {
		shown = append(shown, Printable(word))
	}
	text := strings.Join(shown, ", ")
	if rest := len(words) - most; rest > 0 {
		text += " and " + Number(rest) + " more"
	}
	return text
}

// Printable replaces every character with U+FFFD that a terminal, a browser or a
// spreadsheet would act on, or would not show: line breaks and other controls,
// escapes, changes of the writing direction, zero-width characters, and bytes
// that are not UTF-8. Names in Okta are chosen by people, and some of them are
// hostile. Every text that comes from outside goes through here before anyone
// reads it; there is no other such function.
func Printable(text string) string {
	if isPlain(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}

// isPlain reports whether a text is printable ASCII, as nearly all are.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

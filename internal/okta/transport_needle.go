package okta

import (
	"slices"
	"strings"
)

// needle finds a secret that is spelled in another way: wrapped, spaced, marked up, in
// another letter case, or only in part. It compares letters and digits only. Any run
// that equals one of its windows counts as the secret.
type needle struct {
	windows map[string]bool
	length  int // of each window
}

const (
	// needleLength is how many letters and digits of a secret in a row count as a part
	// of it. Fewer could be a word.
	needleLength = 12
	// shortestNeedle is the shortest secret that is searched for in this way. A shorter
	// one could be part of a word.
	shortestNeedle = 8
)

func newNeedle(secret string) needle {
	letters, _ := squeeze(secret)
	n := needle{windows: map[string]bool{}, length: min(len(letters), needleLength)}
	if n.length < shortestNeedle {
		return needle{}
	}
	for i := range len(letters) - n.length + 1 {
		n.windows[letters[i:i+n.length]] = true
	}
	return n
}

// redact replaces the parts of the secret in a text, and all that is between them.
func (n needle) redact(text string) string {
	if n.length == 0 {
		return text
	}
	letters, at := squeeze(text)
	var spans [][2]int // in letters
	for i := 0; i+n.length <= len(letters); i++ {
		if !n.windows[letters[i:i+n.length]] {
			continue
		}
		if last := len(spans) - 1; last >= 0 && i <= spans[last][1] {
			spans[last][1] = i + n.length
		} else {
			spans = append(spans, [2]int{i, i + n.length})
		}
	}
	for _, span := range slices.Backward(spans) {
		text = text[:at[span[0]]] + redacted + text[at[span[1]-1]+1:]
	}
	return text
}

// squeeze returns the letters and digits of a text in lower case, with their positions.
// It skips the tags of a page.
func squeeze(text string) (letters string, at []int) {
	if strings.IndexByte(text, '<') >= 0 {
		// Blanks of the same length keep the positions.
		text = tag.ReplaceAllStringFunc(text, func(found string) string { return strings.Repeat(" ", len(found)) })
	}
	squeezed := make([]byte, 0, len(text))
	at = make([]int, 0, len(text))
	for i := range len(text) {
		c := text[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			squeezed, at = append(squeezed, c), append(at, i)
		}
	}
	return string(squeezed), at
}

package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// tally is how many tokens something has.
type tally struct {
	title string
	count int
}

// tallies counts tokens by what title makes of them, largest first.
func tallies(tokens []okta.RefreshToken, title func(okta.RefreshToken) string) []tally {
	counts := map[string]int{}
	for _, token := range tokens {
		counts[title(token)]++
	}
	var sorted []tally
	for _, title := range slices.Sorted(maps.Keys(counts)) {
		sorted = append(sorted, tally{title, counts[title]})
	}
	slices.SortStableFunc(sorted, func(a, b tally) int { return b.count - a.count })
	return sorted
}

// countLines are tallies with their numbers aligned.
func countLines(sorted []tally) []string {
	width := 0
	for _, t := range sorted {
		width = max(width, len(prose.Number(t.count)))
	}
	lines := make([]string, len(sorted))
	for i, t := range sorted {
		lines[i] = fmt.Sprintf("%*s  %s", width, prose.Number(t.count), t.title)
	}
	return lines
}

// aligned makes a line of each row, with columns below each other. East Asian characters
// are wider than they count.
func aligned(rows [][]string) []string {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	lines := make([]string, len(rows))
	for i, row := range rows {
		var line strings.Builder
		for j, cell := range row {
			line.WriteString(cell)
			if j < len(row)-1 {
				line.WriteString(strings.Repeat(" ", widths[j]-utf8.RuneCountInString(cell)+2))
			}
		}
		lines[i] = line.String()
	}
	return lines
}

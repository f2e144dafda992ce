package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// Columns returns every name that occurs in rows. It starts with the names of the first order that
// occurs completely, in that order. The others follow, sorted.
func Columns(rows []map[string]any, orders ...[]string) []string {
	columns := columnsOf(rows)
	for _, order := range orders {
		rest := slices.DeleteFunc(slices.Clone(columns), func(name string) bool { return slices.Contains(order, name) })
		if len(order)+len(rest) == len(columns) {
			return append(slices.Clip(order), rest...)
		}
	}
	return columns
}

// CheckColumns returns the index of the first column that cannot be written, and the reason: no row has
// it, or it is named twice. Without rows, any column is allowed.
func CheckColumns(rows []map[string]any, named []string) (int, error) {
	columns := columnsOf(rows)
	for i, name := range named {
		switch {
		case slices.Contains(named[:i], name):
			return i, fmt.Errorf("the column %q is named twice; remove one of them", name)
		case len(rows) > 0 && !slices.Contains(columns, name):
			return i, fmt.Errorf("no row has the column %q; %s", name, suggestion(name, columns))
		}
	}
	return 0, nil
}

func columnsOf(rows []map[string]any) []string {
	names := map[string]struct{}{}
	for _, row := range rows {
		for name := range row {
			names[name] = struct{}{}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// suggestion names the column that was probably meant. If none is close, it names them all.
func suggestion(name string, columns []string) string {
	if len(columns) == 0 {
		return "the rows have no attributes"
	}
	far := func(column string) int { return edits(strings.ToLower(name), strings.ToLower(column)) }
	nearest := slices.MinFunc(columns, func(a, b string) int { return far(a) - far(b) })
	if far(nearest) <= max(len(name), len(nearest))/2 {
		return fmt.Sprintf("did you mean %q?", nearest)
	}
	return "the rows have " + prose.List(columns, len(columns))
}

// edits returns how many letters to insert, remove or replace to turn one name into the other.
func edits(from, to string) int {
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(from) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(to) {
			if from[i] != to[j] {
				diagonal++
			}
			diagonal, row[j+1] = row[j+1], min(diagonal, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}

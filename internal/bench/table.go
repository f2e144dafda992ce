package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// table is one measurement, in Markdown.
type table struct {
	title string
	rows  [][]string
}

func newTable(title string, columns ...string) *table {
	dashes := make([]string, len(columns))
	for i := range dashes {
		dashes[i] = "---:"
	}
	dashes[0] = "---"
	return &table{title: title, rows: [][]string{columns, dashes}}
}

func (t *table) row(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) print() error {
	fmt.Printf("%s\n\n", t.title)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 1, ' ', 0)
	for _, row := range t.rows {
		fmt.Fprintf(w, "| %s |\n", strings.Join(row, "\t| "))
	}
	fmt.Fprintln(w)
	return w.Flush()
}

func median[T int64 | time.Duration](values []T) T {
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func ratio[T int64 | time.Duration](a, b T) string { return fmt.Sprintf("%.2f", float64(a)/float64(b)) }

func megabytes(bytes int64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/1e6) }

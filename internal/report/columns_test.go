package report

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestColumns(t *testing.T) {
	t.Parallel()
	orders := [][]string{{"z", "id", "a"}, {"id", "a"}}
	for _, tc := range []struct {
		name string
		rows []row
		want []string
	}{
		{"no rows", nil, nil},
		{"a known object", []row{{"a": "", "id": "", "z": nil}}, []string{"z", "id", "a"}},
		{"with more attributes", []row{{"a": "", "id": "", "z": "", "y": "", "b": ""}}, []string{"z", "id", "a", "b", "y"}},
		{"an object whose order includes another", []row{{"a": "", "id": "", "b": ""}}, []string{"id", "a", "b"}},
		{"in several rows", []row{{"a": ""}, {"id": ""}}, []string{"id", "a"}},
		{"only some attributes", []row{{"z": "", "a": ""}}, []string{"a", "z"}},
		{"another object", []row{{"c": "", "B": "", "b": ""}}, []string{"B", "b", "c"}},
	} {
		for range 2 { // using an order does not change it
			if diff := cmp.Diff(tc.want, Columns(tc.rows, orders...)); diff != "" {
				t.Errorf("%s: columns (-want +got):\n%s", tc.name, diff)
			}
		}
	}
}

func TestCheckColumns(t *testing.T) {
	t.Parallel()
	rows := []row{{"id": "", "created": ""}, {"user_id": "", "created": nil}}
	for _, tc := range []struct {
		rows  []row
		named []string
		wrong int
		want  string
	}{
		{rows, []string{"user_id", "created"}, 0, "<nil>"},
		{rows, nil, 0, "<nil>"},
		{rows, []string{"id", "create"}, 1, `no row has the column "create"; did you mean "created"?`},
		{rows, []string{"userid"}, 0, `no row has the column "userid"; did you mean "user_id"?`},
		{rows, []string{"ID"}, 0, `no row has the column "ID"; did you mean "id"?`},
		{rows, []string{""}, 0, `no row has the column ""; the rows have created, id, user_id`},
		{rows, []string{"id", "created", "id"}, 2, `the column "id" is named twice; remove one of them`},
		{rows, []string{"x", "x"}, 0, `no row has the column "x"; the rows have created, id, user_id`},
		{[]row{{}}, []string{"id"}, 0, `no row has the column "id"; the rows have no attributes`},
		{nil, []string{"id", "x"}, 0, "<nil>"},
		{nil, []string{"id", "id"}, 1, `the column "id" is named twice; remove one of them`},
	} {
		wrong, err := CheckColumns(tc.rows, tc.named)
		if got := fmt.Sprint(err); got != tc.want || wrong != tc.wrong {
			t.Errorf("%q: got %d, %s, want %d, %s", tc.named, wrong, got, tc.wrong, tc.want)
		}
	}
}

func TestEdits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		from, to string
		want     int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "", 3},
		{"abc", "abc", 0},
		{"abc", "abx", 1},
		{"abc", "xabc", 1},
		{"abc", "ac", 1},
		{"kitten", "sitting", 3},
	} {
		if got := edits(tc.from, tc.to); got != tc.want {
			t.Errorf("%q to %q: got %d edits, want %d", tc.from, tc.to, got, tc.want)
		}
	}
}

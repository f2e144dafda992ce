package report

import "testing"

func TestShare(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		part, whole int64
		want        string
	}{
		{0, 0, "0 %"},
		{0, 5, "0 %"},
		{5, 5, "100 %"},
		{1, 1_000_000, "< 0.1 %"},
		{999_999, 1_000_000, "> 99 %"},
		{1, 100, "1.0 %"},
		{1, 3, "33 %"},
		{989, 1000, "99 %"},
		{5, 0, "0 %"},
	} {
		if got := share(tc.part, tc.whole); got != tc.want {
			t.Errorf("%d of %d is %s, want %s", tc.part, tc.whole, got, tc.want)
		}
	}
}

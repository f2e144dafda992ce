package prose_test

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

func TestNumber(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", 12345: "12,345", 1234567: "1,234,567",
		-5: "-5", -999: "-999", -1000: "-1,000", -9223372036854775808: "-9,223,372,036,854,775,808",
	} {
		if got := prose.Number(n); got != want {
			t.Errorf("Number(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0 tokens", 1: "1 token", 2: "2 tokens", 2000: "2,000 tokens"} {
		if got := prose.Count(n, "token"); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestListNamesAtMostSoMany(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		words []string
		most  int
		want  string
	}{
		{nil, 3, ""},
		{[]string{"a"}, 3, "a"},
		{[]string{"a", "b", "c"}, 3, "a, b, c"},
		{[]string{"a", "b", "c", "d"}, 3, "a, b, c and 1 more"},
		{[]string{"a\nb"}, 3, "a\ufffdb"},
	} {
		if got := prose.List(tc.words, tc.most); got != tc.want {
			t.Errorf("List(%q, %d) = %q, want %q", tc.words, tc.most, got, tc.want)
		}
	}
}

func TestPrintableReplacesWhatIsNotShown(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                            "",
		"Checkout Web":                "Checkout Web",
		"Łukasz 東京 مرحبا 🚀":           "Łukasz 東京 مرحبا 🚀",
		"a\u00a0b":                    "a\u00a0b", // a space that is shown
		"two\nlines\r\n\ttab":         "two\ufffdlines\ufffd\ufffd\ufffdtab",
		"\x1b[31mred\x1b[0m":          "\ufffd[31mred\ufffd[0m",
		"\u202egnp.exe":               "\ufffdgnp.exe",
		"\u2066isolated\u2069":        "\ufffdisolated\ufffd",
		"zero\u200bwidth\ufeff":       "zero\ufffdwidth\ufffd",
		"line\u2028and\u2029para":     "line\ufffdand\ufffdpara",
		"C1\u009b and DEL\x7f":        "C1\ufffd and DEL\ufffd",
		"tag\U000e0041 private\ue000": "tag\ufffd private\ufffd",
		"not \xff UTF-8":              "not \ufffd UTF-8",
	} {
		if got := prose.Printable(text); got != want {
			t.Errorf("Printable(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzPrintable(f *testing.F) {
	for _, text := range []string{"", "x", "\x1b]0;title\a", "\u202e", "\xff\xfe", "a\u0300"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := prose.Printable(text)
		if !utf8.ValidString(got) {
			t.Errorf("Printable(%q) = %q, which is not UTF-8", text, got)
		}
		for _, r := range got {
			if !unicode.IsGraphic(r) {
				t.Errorf("Printable(%q) = %q, which holds %U", text, got, r)
			}
		}
		if again := prose.Printable(got); again != got {
			t.Errorf("Printable changes %q again, to %q", got, again)
		}
	})
}

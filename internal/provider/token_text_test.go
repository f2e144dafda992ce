package provider

import (
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

func TestNamesForgeNothing(t *testing.T) {
	t.Parallel()
	if got := describeToken(okta.RefreshToken{ID: "oar1\n\x1b\u202e"}); got != "  oar1\uFFFD\uFFFD\uFFFD" {
		t.Errorf("got %q, want a line with the ID", got)
	}
	for name, want := range map[string]string{
		"Zoë Łuk 鈴木\u3000一朗":        "00u1 (Zoë Łuk 鈴木\u3000一朗)",
		"Eve)\n  oar9, user (Amara": "00u1 (Eve)\uFFFD  oar9, user (Amara)",
		"\r\x1b[2K\x1b]8;;x\a":      "00u1 (\uFFFD\uFFFD[2K\uFFFD]8;;x\uFFFD)",
		"\u202Eeve\u2066\u200B":     "00u1 (\uFFFDeve\uFFFD\uFFFD)",
		"\u0085\u2028\u2029\u009b":  "00u1 (\uFFFD\uFFFD\uFFFD\uFFFD)",
	} {
		if got := named("00u1", name); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		found := foundToken{RefreshToken: okta.RefreshToken{UserID: "00u1", UserName: name}}
		if got := "00u1 (" + found.displayName() + ")"; got != want {
			t.Errorf("in a list: got %q, want %q", got, want)
		}
	}
}

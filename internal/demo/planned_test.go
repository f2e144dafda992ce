package main

import (
	"strings"
	"testing"
)

func TestCheckPlanned(t *testing.T) {
	t.Parallel()
	due := make([]string, 1203)
	for name, tc := range map[string]struct {
		plan string
		due  []string
		want string // in the error; none for no error
	}{
		"all":         {"Warning: Will revoke 1,200 refresh tokens of app 0oa1\n\nWarning: Will revoke at most 3 refresh tokens of app 0oa2\n", due, ""},
		"one":         {"Warning: Will revoke 1 refresh token of app 0oa1\n", due[:1], ""},
		"too few":     {"Warning: Will revoke 1,200 refresh tokens of app 0oa1\n", due, "revokes 1200 tokens, but 1203 had to be revoked"},
		"no warnings": {"Plan: 1 to add", due, "revokes 0 tokens"},
		"a bound":     {"Warning: Will revoke at least 1,203 refresh tokens of app 0oa1\n", due, "does not know how many"},
	} {
		err := checkPlanned(tc.plan, tc.due)
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got the error %v, want one with %q", name, err, tc.want)
		}
	}
}

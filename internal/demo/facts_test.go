package main

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

// storyEnd returns the facts of a story that went well.
func storyEnd() facts {
	return facts{
		first:   audit{Tokens: lines{"2026-01-01T00:00:00Z  oar1  Amara Abara", "2026-03-01T00:00:00Z  oar2  Tove Weber", "2026-03-02T00:00:00Z  oar3  Tove Weber"}},
		second:  audit{Tokens: lines{"2026-01-01T00:00:00Z  oar1  Amara Abara"}},
		record:  revocation{Count: 2, Tokens: lines{"2026-03-01T00:00:00Z  oar2  Tove Weber", "2026-03-02T00:00:00Z  oar3  Tove Weber"}},
		due:     []string{"oar2", "oar3"},
		before:  []string{"oar1", "oar2", "oar3", "oar9"},
		after:   []string{"oar1", "oar9"},
		revokes: []string{"/api/v1/apps/0oa1/tokens/oar3", "/api/v1/apps/0oa1/tokens/oar2"},
	}
}

func TestCheckFindsWhatWentWrong(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		spoil func(*facts)
		want  string // in the error; none for no error
	}{
		{"nothing", func(*facts) {}, ""},
		{"a token too many died", func(f *facts) { f.after = []string{"oar1"} }, "gone from the org: [oar2 oar3 oar9]"},
		{"a token survived", func(f *facts) { f.after = append(f.after, "oar3") }, "gone from the org: [oar2]"},
		{"the state claims less", func(f *facts) { f.record.Tokens = f.record.Tokens[:1] }, "in the state as revoked: [oar2]"},
		{"the state counts less", func(f *facts) { f.record.Count = 1 }, "counts 1"},
		{"the audit still lists a token", func(f *facts) { f.second.Tokens = f.first.Tokens[:2] }, "no longer in the audit: [oar3]"},
		{"a DELETE of all", func(f *facts) { f.revokes = []string{"/api/v1/apps/0oa1/tokens"} }, "sent a DELETE: [tokens]"},
		{"no token had to be revoked", func(f *facts) { *f = facts{} }, "these had to be revoked: []"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := storyEnd()
			tc.spoil(&f)
			err := f.check()
			if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got the error %v, want one with %q", err, tc.want)
			}
		})
	}
}

// At any hour, there are tokens of the client to revoke and tokens to keep.
func TestIncidentHasTokensOnBothSidesOfTheLeak(t *testing.T) {
	t.Parallel()
	for _, now := range []time.Time{
		time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC),
		time.Date(2026, time.March, 1, 13, 30, 0, 0, time.UTC),
		time.Date(2026, time.March, 1, 23, 59, 59, 0, time.UTC),
	} {
		in := newIncident(now)
		held := 0
		for _, token := range in.Tokens() {
			if token.ClientID == in.client {
				held++
			}
		}
		if len(in.tokens) < 5 || held <= len(in.tokens) {
			t.Errorf("at %v: got %d tokens since the leak among %d of the client, want at least 5 and fewer than all", now, len(in.tokens), held)
		}
		if !slices.IsSorted(in.tokens) {
			t.Errorf("at %v: got %v, want them sorted", now, in.tokens)
		}
	}
}

func TestRunAsksForTheCLI(t *testing.T) {
	t.Setenv("TF_CLI", "")
	if err := run(t.Context(), nil, strings.NewReader(""), io.Discard); err == nil || !strings.Contains(err.Error(), "make demo") {
		t.Errorf("got the error %v, want one that names make demo", err)
	}
}

package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// A printed export can be pasted: the shell that reads it gets the value back.
func TestExportsCanBePasted(t *testing.T) {
	t.Parallel()
	values := []string{"", "plain", "two words", "a'b", `["0oa1$x,'y'"]`, "`id`", "~", "#", `back\slash`, "line\nbreak", "'"}
	for _, runbook := range runbooks() {
		for _, v := range newRehearsal(runbook, time.Now()).variables {
			values = append(values, v.value)
		}
	}
	for _, value := range values {
		var out bytes.Buffer
		(&cli{out: &out}).export("VALUE", value)
		command := strings.TrimPrefix(out.String(), "$ ") + `printf %s "$VALUE"`
		got, err := exec.CommandContext(t.Context(), "sh", "-c", command).Output() // #nosec G204 -- The test's own values.
		if err != nil || string(got) != value {
			t.Errorf("%q: got %q and the error %v from %q", value, got, err, command)
		}
	}
}

func TestEveryRunbookHasAStory(t *testing.T) {
	t.Parallel()
	dirs, err := filepath.Glob("../../examples/runbooks/*/main.tf")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, dir := range dirs {
		names = append(names, filepath.Base(filepath.Dir(dir)))
	}
	if !slices.Equal(names, runbooks()) {
		t.Errorf("got the stories %v, want one for each of the runbooks %v", runbooks(), names)
	}
}

// At any hour, some of the thousands of tokens must be revoked, but most must not.
func TestStoriesLeaveTokensToSpare(t *testing.T) {
	t.Parallel()
	for _, runbook := range runbooks() {
		for _, hour := range []time.Duration{0, 13*time.Hour + 30*time.Minute, 24*time.Hour - time.Second} {
			now := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC).Add(hour)
			r := newRehearsal(runbook, now)
			if all, due := len(r.TokenIDs()), len(r.dueIDs()); all < 3000 || due < 10 || due > all/5 {
				t.Errorf("%s at %v: got %d of %d tokens to revoke, want at least 10 and at most a fifth of at least 3000", runbook, now, due, all)
			}
		}
	}
}

// No token becomes idle while the rehearsal of its revocation runs.
func TestIdleTokensAreIdleForTheWholeRehearsal(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	r := newRehearsal("stale-tokens", now)
	i := slices.IndexFunc(r.variables, func(v variable) bool { return v.name == "idle_days" })
	days, err := time.ParseDuration(r.variables[i].value + "h")
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range r.Tokens() {
		if idle := now.Add(2*time.Hour).Sub(token.LastUpdated) > 24*days; idle != r.due(token) {
			t.Errorf("%s was last used on %v: got due %t and idle %t two hours later, want them equal", token.ID, token.LastUpdated, r.due(token), idle)
		}
	}
}

// settled returns a rehearsal that ended well, with its files.
func settled(t *testing.T) (r *rehearsal, before, due []string, reports string) {
	t.Helper()
	org := oktafake.NewOrg()
	for _, id := range []string{"oar1", "oar2", "oar3"} {
		org.AddToken(oktafake.Token{ID: id, ClientID: "0oa1", UserID: "00u1"})
	}
	r = &rehearsal{Org: org, story: story{due: func(token oktafake.Token) bool { return token.ID != "oar2" }}}
	before, due, reports = r.TokenIDs(), r.dueIDs(), t.TempDir()
	for _, id := range due {
		org.RemoveToken(id)
	}
	for _, name := range []string{"before.csv", "revoked.csv"} {
		write(t, filepath.Join(reports, name), "created,id\r\n2026-01-02,oar3\r\n2026-01-01,oar1\r\n")
	}
	return r, before, due, reports
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestSettleFindsWhatWentWrong(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		spoil func(r *rehearsal, due *[]string, reports string)
		want  string // in the error; none for no error
	}{
		{"nothing", func(*rehearsal, *[]string, string) {}, ""},
		{"a token too many died", func(r *rehearsal, _ *[]string, _ string) { r.RemoveToken("oar2") }, "the org has lost 3 tokens, but 2 had to be revoked; too many: [oar2]"},
		{"a token survived", func(r *rehearsal, _ *[]string, _ string) { r.AddToken(oktafake.Token{ID: "oar1", ClientID: "0oa1"}) }, "the org has lost 1 token,"},
		{"the snapshot misses one", func(_ *rehearsal, _ *[]string, reports string) {
			write(t, filepath.Join(reports, "before.csv"), "id\noar1\n")
		}, "before.csv lists 1 token, but 2 had to be revoked; too many: [], missing: [oar3]"},
		{"the record claims another", func(_ *rehearsal, _ *[]string, reports string) {
			write(t, filepath.Join(reports, "revoked.csv"), "id\noar1\noar2\n")
		}, "revoked.csv lists 2 tokens"},
		{"the record is empty", func(_ *rehearsal, _ *[]string, reports string) {
			write(t, filepath.Join(reports, "revoked.csv"), "")
		}, "is empty"},
		{"the record has no IDs", func(_ *rehearsal, _ *[]string, reports string) {
			write(t, filepath.Join(reports, "revoked.csv"), "created\n2026-01-01\n")
		}, "no column id"},
		{"no token had to be revoked", func(_ *rehearsal, due *[]string, _ string) { *due = nil }, "0 had to be revoked"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, before, due, reports := settled(t)
			tc.spoil(r, &due, reports)
			var out bytes.Buffer
			err := r.settle(&out, "Will revoke 2 refresh tokens of app 0oa1", before, due, reports)
			if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got the error %v, want one with %q", err, tc.want)
			}
			if err == nil && !strings.Contains(out.String(), reports) {
				t.Errorf("got %q, want the directory %s in it", out.String(), reports)
			}
		})
	}
}

// Only yes means yes. The end of the input means no.
func TestAsker(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]bool{
		"yes\n":       true,
		"\tyes \r\n":  true,
		"yes":         true,
		"":            false,
		"no\n":        false,
		"\n":          false,
		"y\n":         false,
		"YES\n":       false,
		"no":          false,
		"yesterday\n": false,
		"no\nyes\n":   false,
	} {
		var out bytes.Buffer
		if got, err := asker(strings.NewReader(answer), &out)(t.Context()); got != want || err != nil {
			t.Errorf("%q: got %t, %v, want %t", answer, got, err, want)
		}
	}
}

// A plan that is not approved is not applied. That is a success.
func TestRehearsalEndsWithoutApproval(t *testing.T) {
	t.Parallel()
	text, err := rehearseUntilAsked(t, asker(strings.NewReader(""), io.Discard))
	if err != nil {
		t.Errorf("got the error %v, want none", err)
	}
	if !strings.HasSuffix(text, "\nYou did not type yes, so nothing was revoked.\n") || strings.Contains(text, "apply revoke.tfplan") {
		t.Errorf("got %q, want it to end before the apply, with a sentence", text)
	}
}

// An interrupt at the question says that nothing was revoked.
func TestRehearsalInterruptedAtTheQuestion(t *testing.T) {
	t.Parallel()
	text, err := rehearseUntilAsked(t, func(context.Context) (bool, error) { return false, context.Canceled })
	if !errors.Is(err, context.Canceled) || !strings.HasSuffix(text, "\nNothing was revoked.\n") {
		t.Errorf("got the error %v and %q, want it to say that nothing was revoked", err, text)
	}
}

// rehearseUntilAsked rehearses with a CLI that does nothing, and returns what was printed.
func rehearseUntilAsked(t *testing.T, ask func(context.Context) (bool, error)) (string, error) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "cli")
	// #nosec G306 -- It must be executable.
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err := rehearse(t.Context(), &cli{path: path, dir: dir, out: &out}, newRehearsal("stale-tokens", time.Now()), "http://127.0.0.1:1", dir, ask)
	return out.String(), err
}

func TestRunNamesTheRunbooks(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"no-such"}, {"offboarding", "stale-tokens"}} {
		err := run(t.Context(), args, strings.NewReader(""), io.Discard)
		if err == nil || !strings.Contains(err.Error(), "compromised-client, compromised-user, offboarding, risky-scope, stale-tokens, stolen-window") {
			t.Errorf("%v: got the error %v, want one that names the runbooks", args, err)
		}
	}
}

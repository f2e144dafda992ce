package main

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// audit is what the outputs of examples/demo/audit say.
type audit struct {
	Clients map[string]string
	Tokens  lines
	Total   struct{ Tokens, Users int }
}

// revocation is what the output of examples/demo/revoke says.
type revocation struct {
	At     string
	Count  int
	Tokens lines
}

// lines are tokens as both configurations print them: instant, ID, user.
type lines []string

// ids are the tokens' IDs, sorted.
func (l lines) ids() []string {
	var ids []string
	for _, line := range l {
		if fields := strings.Fields(line); len(fields) > 1 {
			ids = append(ids, fields[1])
		}
	}
	slices.Sort(ids)
	return ids
}

// facts are what the CLI printed, and what the fake org knows of it.
type facts struct {
	client        string
	first, second audit
	record        revocation

	due           []string // tokens that had to go
	before, after []string // tokens in the org's store
	reads         int      // GET requests
	revokes       []string // paths of all other requests
}

func (in *incident) facts(before []string, first, second audit, record revocation) facts {
	f := facts{
		client: in.client, first: first, second: second, record: record,
		due: in.tokens, before: before, after: in.TokenIDs(),
	}
	for _, request := range in.Requests() {
		if request.Method == http.MethodGet {
			f.reads++
		} else {
			f.revokes = append(f.revokes, request.Path)
		}
	}
	return f
}

// compare prints what the audits and the org's store say before and after.
func (f facts) compare(w io.Writer) {
	const row = "%-50s %6v  %6v\n"
	fmt.Fprintf(w, row, fmt.Sprintf("Client %s (%s)", f.client, f.first.Clients[f.client]), "before", "after")
	fmt.Fprintf(w, row, "  refresh tokens, by the audits", f.first.Total.Tokens, f.second.Total.Tokens)
	fmt.Fprintf(w, row, "  users, by the audits", f.first.Total.Users, f.second.Total.Users)
	fmt.Fprintf(w, row, "Whole org", "before", "after")
	fmt.Fprintf(w, row, "  refresh tokens, by the fake org's own store", len(f.before), len(f.after))
}

// confirm prints what is true once check has found no fault.
func (f facts) confirm(w io.Writer) {
	fmt.Fprintf(w, "\nGone from the org's store, and in the state as revoked at %s:\n", f.record.At)
	for _, line := range f.record.Tokens {
		fmt.Fprintf(w, "  %s\n", line)
	}
	fmt.Fprintf(w, "The org got %d GET requests in all, and one DELETE for each of these %d tokens.\n", f.reads, len(f.revokes))
}

// check reports the first way in which what happened is not what should have.
func (f facts) check() error {
	gone := missing(f.before, f.after)
	var sent []string
	for _, path := range f.revokes {
		sent = append(sent, path[strings.LastIndexByte(path, '/')+1:])
	}
	slices.Sort(sent)
	for _, claim := range []struct {
		of  string
		ids []string
	}{
		{"are gone from the org", gone},
		{"are in the state as revoked", f.record.Tokens.ids()},
		{"have left the audit", missing(f.first.Tokens.ids(), f.second.Tokens.ids())},
		{"were sent a DELETE", sent},
	} {
		if !slices.Equal(claim.ids, f.due) || len(f.due) == 0 {
			return fmt.Errorf("these tokens %s: %v; these had to go: %v", claim.of, claim.ids, f.due)
		}
	}
	if f.record.Count != len(f.due) {
		return fmt.Errorf("the state counts %d revoked tokens, and %d had to go", f.record.Count, len(f.due))
	}
	return nil
}

// missing are the members of before that are not in after.
func missing(before, after []string) []string {
	return slices.DeleteFunc(slices.Clone(before), func(id string) bool { return slices.Contains(after, id) })
}

package main

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// audit has the outputs of examples/demo/audit.
type audit struct {
	Clients map[string]string
	Tokens  lines
	Total   struct{ Tokens, Users int }
}

// revocation has the output of examples/demo/revoke.
type revocation struct {
	At     string
	Count  int
	Tokens lines
}

// lines are tokens as both configurations print them: time, ID, user.
type lines []string

// ids returns the tokens' IDs, sorted.
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

// facts are what the CLI printed and what the fake org recorded.
type facts struct {
	client        string
	first, second audit
	record        revocation

	due           []string // tokens that had to be revoked
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

// compare prints the counts of the audits and the org's store, before and after.
func (f facts) compare(w io.Writer) {
	const row = "%-50s %6v  %6v\n"
	fmt.Fprintf(w, row, fmt.Sprintf("Client %s (%s)", f.client, f.first.Clients[f.client]), "before", "after")
	fmt.Fprintf(w, row, "  refresh tokens, by the audits", f.first.Total.Tokens, f.second.Total.Tokens)
	fmt.Fprintf(w, row, "  users, by the audits", f.first.Total.Users, f.second.Total.Users)
	fmt.Fprintf(w, row, "Whole org", "before", "after")
	fmt.Fprintf(w, row, "  refresh tokens in the fake org's own store", len(f.before), len(f.after))
}

// confirm prints what check has confirmed.
func (f facts) confirm(w io.Writer) {
	fmt.Fprintf(w, "\nThese are gone from the org's store, and the state says that they were revoked at %s:\n", f.record.At)
	for _, line := range f.record.Tokens {
		fmt.Fprintf(w, "  %s\n", line)
	}
	fmt.Fprintf(w, "The org received %d GET requests in total, and one DELETE for each of these %d tokens.\n", f.reads, len(f.revokes))
}

// check returns an error for the first thing that did not happen as it should have.
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
		{"are no longer in the audit", missing(f.first.Tokens.ids(), f.second.Tokens.ids())},
		{"were sent a DELETE", sent},
	} {
		if !slices.Equal(claim.ids, f.due) || len(f.due) == 0 {
			return fmt.Errorf("these tokens %s: %v; these had to be revoked: %v", claim.of, claim.ids, f.due)
		}
	}
	if f.record.Count != len(f.due) {
		return fmt.Errorf("the state counts %d revoked tokens, but %d had to be revoked", f.record.Count, len(f.due))
	}
	return nil
}

// missing returns the members of before that are not in after.
func missing(before, after []string) []string {
	return slices.DeleteFunc(slices.Clone(before), func(id string) bool { return slices.Contains(after, id) })
}

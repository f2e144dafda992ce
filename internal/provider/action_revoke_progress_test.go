package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// Lines of progress, whole.
func TestRevokeActionProgress(t *testing.T) {
	t.Parallel()
	const client, everyClient = "client 0oa1 of authorization server aus1", "all clients of authorization server aus1"
	every := attributes{"auth_server_id": "aus1", "all_clients": true}
	for _, tc := range []struct {
		name   string
		config attributes
		want   []string
	}{
		{"token_id", ofClient.With(attributes{"token_id": "oar1"}), []string{
			"Revoking refresh tokens of " + client,
			"Okta confirmed 1 of 1 as revoked: oar1",
			"Revoked 1 refresh token of " + client + " in all",
		}},
		{"token_ids, one of them gone", ofClient.With(attributes{"token_ids": list("oar1", "oar2", "oar9")}), []string{
			"Revoking refresh tokens of " + client,
			"Okta confirmed 2 of 3 as revoked: oar1, oar2",
			"Revoked 2 refresh tokens of " + client + " in all; already gone: 1",
		}},
		{"filter", ofClient.With(attributes{"filter": attributes{"any_scopes": list("payroll")}}), []string{
			"Revoking refresh tokens of " + client,
			"Found 2 refresh tokens to revoke",
			"Okta confirmed 2 of 2 as revoked: oar1, oar3",
			"Revoked 2 refresh tokens of " + client + " in all",
		}},
		{"filter without a match", ofClient.With(attributes{"filter": attributes{"any_scopes": list("admin")}}), []string{
			"Revoking refresh tokens of " + client,
			"Revoked 0 refresh tokens of " + client + " in all",
		}},
		{"all", allOfClient, []string{
			"Revoking refresh tokens of " + client,
			"Revoked every refresh token of " + client + "; how many is not known, because they were not listed first",
		}},
		{"all, with a bound", allOfClient.With(attributes{"max_tokens": 3}), []string{
			"Revoking refresh tokens of " + client,
			"Found 3 refresh tokens to revoke",
			"Okta confirmed 3 of 3 as revoked: oar1, oar2, oar3",
			"Revoked 3 refresh tokens of " + client + " in all",
		}},
		{"all of every client", every.With(attributes{"all": true}), []string{
			"Revoking refresh tokens of " + everyClient,
			"Okta confirmed that 2 of 2 clients have no token left",
			"Revoked every refresh token of " + everyClient + "; how many is not known, because they were not listed first",
		}},
		{"no tokens", ofClient.With(attributes{"token_ids": list()}), []string{
			"Revoking refresh tokens of " + client,
			"Revoked 0 refresh tokens of " + client + " in all",
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newSelectionOrg(t)
			got, diags := newCore(t, org, attributes{"parallelism": 1}).invoke(tc.config)
			diff(t, "diagnostics", diags, []diagnostic{})
			tc.want[0] += " at " + org.URL
			diff(t, "progress", got, tc.want)
		})
	}
}

// Terraform hides no sensitive value in a line of progress, so that it holds none
// but IDs.
func TestRevokeActionProgressNamesNothingButIDs(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.AddUser(oktafake.User{ID: "00u1", Name: "Amara Abara"})
	add(org, held, numbered(30)...)
	got, diags := newCore(t, org, nil).invoke(ofClient.With(attributes{"filter": attributes{"user_ids": list("00u1"), "any_scopes": list("openid")}}))
	diff(t, "diagnostics", diags, []diagnostic{})
	for _, line := range got {
		for _, other := range []string{"Amara", "openid", "00u1"} {
			if strings.Contains(line, other) {
				t.Errorf("got the line %q, want nothing of %s in it", line, other)
			}
		}
	}
}

// revokedIn are the tokens that lines of progress name.
func revokedIn(lines []string) []string {
	var ids []string
	for _, line := range lines {
		if _, names, found := strings.Cut(line, " as revoked:"); found {
			ids = append(ids, strings.FieldsFunc(names, func(r rune) bool { return strings.ContainsRune(", \n", r) })...)
		}
	}
	return ids
}

// A line comes for ten tokens at least, and not more often than every five seconds,
// and no token is left out.
func TestProgressIsThrottled(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		tokens int
		every  time.Duration
		lines  int
	}{
		{95, time.Second, 10},           // ten tokens in ten seconds: a line for each ten, and one for the last five
		{95, 250 * time.Millisecond, 6}, // ten at once, then one line every five seconds, and one at the end
		{450, 0, 4},                     // ten, and then the rest, in lines of a page
		{7, time.Minute, 1},
		{0, 0, 0},
	} {
		t.Run(fmt.Sprintf("%d tokens, one every %s", tc.tokens, tc.every), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var lines []string
				p := progress{request: revoke.Request{Target: walk.At(okta.App("0oa1"))}, send: func(line string) { lines = append(lines, line) }}
				ids := numbered(tc.tokens)
				for i, id := range ids {
					<-time.After(tc.every)
					p.take(revoke.Event{Revoked: []string{id}, Done: int64(i + 1), Selected: int64(tc.tokens)})
				}
				p.flush()
				if len(lines) != tc.lines {
					t.Errorf("got %d lines, want %d:\n%s", len(lines), tc.lines, strings.Join(lines, "\n"))
				}
				diff(t, "tokens named", revokedIn(lines), ids)
				for line := range strings.Lines(strings.Join(lines, "\n")) {
					if got := strings.Count(line, "oar"); got > maxFailed {
						t.Errorf("got %d tokens in one line, want %d at most", got, maxFailed)
					}
				}
			})
		})
	}
}

// Where tokens are not listed, the clients are counted.
func TestProgressCountsClients(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var lines []string
		p := progress{request: revoke.Request{Selection: revoke.Everything()}, send: func(line string) { lines = append(lines, line) }}
		for i := range 25 {
			<-time.After(time.Second)
			p.take(revoke.Event{DoneParents: i + 1, Parents: 25})
		}
		p.flush()
		diff(t, "progress", lines, []string{
			"Okta confirmed that 10 of 25 clients have no token left",
			"Okta confirmed that 20 of 25 clients have no token left",
			"Okta confirmed that 25 of 25 clients have no token left",
		})
	})
}

// All lines together are the record of what was revoked.
func TestRevokeActionNamesEveryToken(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.PageSize = 200
	ids := numbered(500)
	add(org, held, ids...)
	progress, diags := newCore(t, org, nil).invoke(ofClient.With(attributes{"filter": attributes{"any_scopes": list("openid")}}))
	diff(t, "diagnostics", diags, []diagnostic{})
	diff(t, "tokens named", slices.Sorted(slices.Values(revokedIn(progress))), ids)
	wantRevoked(t, org, ids...)
}

package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// rehearsal is a fake org with an incident that a runbook is for.
type rehearsal struct {
	*oktafake.Org
	runbook string
	story
}

// story is what happened, and the variables that a responder sets.
type story struct {
	what      string
	variables []variable
	// due reports whether a token must be revoked. The runbook has to find these tokens on its own,
	// through the API.
	due func(oktafake.Token) bool
	// list is the content of users.csv beside the runbook, or empty for no file.
	list string
}

// variable is a variable of a runbook, with its value as in a shell.
type variable struct{ name, value string }

// stories has a story for each runbook in examples/runbooks.
var stories = map[string]func(*oktafake.Org, time.Time) story{
	"compromised-client": compromisedClient,
	"compromised-user":   compromisedUser,
	"stolen-window":      stolenWindow,
	"risky-scope":        riskyScope,
	"stale-tokens":       staleTokens,
	"offboarding":        offboarding,
}

// runbooks returns the names of the runbooks, sorted.
func runbooks() []string { return slices.Sorted(maps.Keys(stories)) }

// newRehearsal fills an org with thousands of tokens, then makes a runbook's incident happen in it.
func newRehearsal(runbook string, now time.Time) *rehearsal {
	org := oktafake.NewOrg()
	org.Now = func() time.Time { return now } // token ages count from now
	oktafake.Populate(org, oktafake.Population{Servers: 3, Clients: 6, Tokens: 200, Users: 400, Seed: 7})
	r := &rehearsal{Org: org, runbook: runbook, story: stories[runbook](org, now)}
	org.Now = time.Now
	return r
}

// dueIDs returns the IDs of the tokens that must be revoked, sorted.
func (r *rehearsal) dueIDs() []string {
	var ids []string
	for _, token := range r.Tokens() {
		if r.due(token) {
			ids = append(ids, token.ID)
		}
	}
	return ids
}

// compromisedClient is about a client with tokens of every authorization server. Its client ID is its
// app's ID.
func compromisedClient(org *oktafake.Org, now time.Time) story {
	tokens := org.Tokens()
	like := tokens[slices.IndexFunc(tokens, func(token oktafake.Token) bool { return strings.HasPrefix(token.ClientID, "0oa") })]
	for i, other := range tokens {
		if i%90 != 0 || other.ClientID == like.ClientID {
			continue
		}
		// Every second one is from the org authorization server, which has no ID.
		server := ""
		if i%180 == 0 {
			server = other.AuthServerID
		}
		org.AddToken(oktafake.Token{
			AuthServerID: server, ClientID: like.ClientID, UserID: other.UserID, Scopes: like.Scopes,
			Created: now.Add(-time.Duration(i) * time.Minute).Truncate(time.Second),
		})
	}
	return story{
		what:      "The secret of client " + like.ClientID + " was published. All of its refresh tokens must be revoked.",
		variables: []variable{{"app_id", like.ClientID}, {"reason", "rehearsal: client secret in a public repository"}},
		due:       func(token oktafake.Token) bool { return token.ClientID == like.ClientID },
	}
}

func compromisedUser(org *oktafake.Org, _ time.Time) story {
	user := mostTokens(org, 1)[0]
	return story{
		what:      "The account of user " + user + " was taken over. All of the user's refresh tokens must be revoked, and all sessions must end.",
		variables: []variable{{"user_id", user}, {"reason", "rehearsal: account takeover"}},
		due:       func(token oktafake.Token) bool { return token.UserID == user },
	}
}

// stolenWindow is about a day, ten days ago, on which a proxy logged the tokens of two clients.
func stolenWindow(org *oktafake.Org, now time.Time) story {
	since := now.AddDate(0, 0, -10).Truncate(time.Hour)
	until := since.AddDate(0, 0, 1)
	servers, clients := map[string]bool{}, map[string]bool{}
	for _, token := range org.Tokens() {
		if len(clients) < 2 {
			servers[token.AuthServerID], clients[token.ClientID] = true, true
		}
	}
	return story{
		what: "For a day, a proxy logged the refresh tokens of two clients. Those that were issued or may have been used on that day must be revoked.",
		variables: []variable{
			{"auth_server_ids", list(servers)},
			{"client_ids", list(clients)},
			{"since", since.Format(time.RFC3339)},
			{"until", until.Format(time.RFC3339)},
			{"reason", "rehearsal: tokens in the log of a proxy"},
		},
		due: func(token oktafake.Token) bool {
			return servers[token.AuthServerID] && clients[token.ClientID] && token.Created.Before(until) && token.LastUpdated.After(since)
		},
	}
}

func riskyScope(org *oktafake.Org, _ time.Time) story {
	servers, scopes := map[string]bool{}, map[string]bool{}
	for _, token := range org.Tokens() {
		servers[token.AuthServerID] = true
		for _, scope := range token.Scopes {
			if strings.HasSuffix(scope, ":write") {
				scopes[scope] = true
			}
		}
	}
	scope := slices.Sorted(maps.Keys(scopes))[0]
	return story{
		what:      "The scope " + scope + " was granted to everybody who asked. Every refresh token with it must be revoked.",
		variables: []variable{{"auth_server_ids", list(servers)}, {"client_ids", "null"}, {"scopes", list(map[string]bool{scope: true})}, {"reason", "rehearsal: " + scope + " was granted to everybody"}},
		due:       func(token oktafake.Token) bool { return slices.Contains(token.Scopes, scope) },
	}
}

// staleTokens is about tokens that were not used for three months. It adds days until no further token
// becomes idle during the rehearsal.
func staleTokens(org *oktafake.Org, now time.Time) story {
	const day, spare = 24 * time.Hour, 3 * time.Hour
	days := 90
	for slices.ContainsFunc(org.Tokens(), func(token oktafake.Token) bool {
		left := time.Duration(days)*day - now.Sub(token.LastUpdated)
		return left >= 0 && left < spare
	}) {
		days++
	}
	servers := map[string]bool{}
	for _, token := range org.Tokens() {
		servers[token.AuthServerID] = true
	}
	return story{
		what:      "Some refresh tokens were not used for " + strconv.Itoa(days) + " days. They must be revoked before they are stolen.",
		variables: []variable{{"auth_server_ids", list(servers)}, {"client_ids", "null"}, {"idle_days", strconv.Itoa(days)}, {"reason", "rehearsal: quarterly clean-up"}},
		due:       func(token oktafake.Token) bool { return now.Sub(token.LastUpdated) > time.Duration(days)*day },
	}
}

// offboarding is about five users in a list that a spreadsheet wrote, one of them twice.
func offboarding(org *oktafake.Org, _ time.Time) story {
	users := mostTokens(org, 5)
	lines := []string{"\ufeffname,user_id"}
	for _, user := range append(users, users[0]) {
		lines = append(lines, "\"Leaver, Alex\", "+user, ",", "")
	}
	return story{
		what:      "Five people have left. All of their refresh tokens must be revoked.",
		variables: []variable{{"users_csv", "users.csv"}, {"reason", "rehearsal: leavers"}},
		due:       func(token oktafake.Token) bool { return slices.Contains(users, token.UserID) },
		list:      strings.Join(lines, "\r\n"),
	}
}

// mostTokens returns the n users who hold the most tokens.
func mostTokens(org *oktafake.Org, n int) []string {
	held := map[string]int{}
	for _, token := range org.Tokens() {
		held[token.UserID]++
	}
	users := slices.Sorted(maps.Keys(held))
	slices.SortStableFunc(users, func(a, b string) int { return held[b] - held[a] })
	return users[:n]
}

// list returns a set as Terraform reads it from the environment.
func list(set map[string]bool) string {
	text, _ := json.Marshal(slices.Sorted(maps.Keys(set))) // encoding strings cannot fail
	return string(text)
}

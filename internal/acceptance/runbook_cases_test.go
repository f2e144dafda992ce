package acceptance

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// runbookCase is a runbook at the org of the examples.
type runbookCase struct {
	name string
	vars []string
	// users is the list in users.csv.
	users string
	// before is done to the org first, between after the plan was made.
	before, between func(*oktafake.Server)
	found           []string // what the plan shows
	byClient        []any    // the same, counted: most tokens first, then by name
	revoked         []string // what the apply revokes
	left            int      // how many tokens the second look finds
	unknown         string   // a variable that names what is not there
	// flood is what tokens look like that a runbook takes even if they were issued
	// after its plan. It has no client where there are no such tokens.
	flood    oktafake.Token
	sessions []oktafake.EndedSession
}

const newToken = "oar0q9wker8Ty7Ui6Op1"

// issue is something that happens at the org: another token.
func issue(like oktafake.Token) func(*oktafake.Server) {
	return func(org *oktafake.Server) {
		if like.ID == "" {
			like.ID = newToken
		}
		org.AddToken(like)
	}
}

// used moves the last use of a token to now.
func used(id string) func(*oktafake.Server) {
	return func(org *oktafake.Server) {
		i := slices.IndexFunc(org.Tokens(), func(token oktafake.Token) bool { return token.ID == id })
		token := org.Tokens()[i]
		org.RemoveToken(id)
		token.LastUpdated = exampleNow.Add(-time.Minute)
		org.AddToken(token)
	}
}

func both(events ...func(*oktafake.Server)) func(*oktafake.Server) {
	return func(org *oktafake.Server) {
		for _, event := range events {
			event(org)
		}
	}
}

// What narrows some runbooks, or does not.
const (
	bothServers          = `auth_server_ids=["` + exampleServer + `","` + otherServer + `"]`
	everyClientOfRunbook = "client_ids=null"
)

var runbookCases = []runbookCase{
	{
		name:     "compromised-client",
		vars:     []string{"app_id=" + exampleClient},
		between:  issue(oktafake.Token{AuthServerID: otherServer, ClientID: exampleClient, UserID: breakGlassUser}),
		found:    []string{exampleToken, recentToken, leakedWriteToken, leakedReadToken, orgServerToken, otherServerToken},
		byClient: []any{heldBy(4, exampleClient, exampleServer), heldBy(1, exampleClient, otherServer), heldBy(1, exampleClient, "")},
		revoked:  []string{exampleToken, recentToken, leakedWriteToken, leakedReadToken, orgServerToken, otherServerToken, newToken},
		unknown:  "app_id=0oa0000000000000000",
		flood:    oktafake.Token{ClientID: exampleClient, UserID: breakGlassUser},
	},
	{
		name:     "compromised-user",
		vars:     []string{"user_id=" + exampleUser},
		between:  issue(oktafake.Token{ClientID: shopsTill, UserID: exampleUser}),
		found:    []string{exampleToken, leakedWriteToken, otherClientToken},
		byClient: []any{heldBy(2, exampleClient, exampleServer), heldBy(1, otherClient, exampleServer)},
		revoked:  []string{exampleToken, leakedWriteToken, otherClientToken, newToken},
		unknown:  "user_id=00u0000000000000000",
		flood:    oktafake.Token{ClientID: shopsTill, UserID: exampleUser},
		sessions: []oktafake.EndedSession{{UserID: exampleUser, OAuthTokens: true, ForgetDevices: true}},
	},
	{
		// What was used before the plan may have been used in the window; what is used
		// for the first time after it was not.
		name:     "stolen-window",
		vars:     []string{bothServers, everyClientOfRunbook, "since=2026-03-14T02:30:00Z", "until=2026-03-14T05:30:00Z"},
		before:   used(exampleToken),
		between:  both(used(recentToken), used(leakedReadToken)),
		found:    []string{exampleToken, leakedWriteToken, leakedReadToken},
		byClient: []any{heldBy(3, exampleClient, exampleServer)},
		revoked:  []string{exampleToken, leakedWriteToken, leakedReadToken},
		left:     1,
		unknown:  `auth_server_ids=["aus0000000000000000"]`,
	},
	{
		name: "risky-scope",
		vars: []string{bothServers, everyClientOfRunbook, `scopes=["orders:write"]`},
		between: both(
			issue(oktafake.Token{AuthServerID: otherServer, ClientID: shopsTill, UserID: otherUser, Scopes: []string{"orders:write"}}),
			issue(oktafake.Token{ID: "oar0unconcerned", AuthServerID: otherServer, ClientID: shopsTill, UserID: otherUser, Scopes: []string{"orders:read"}}),
		),
		found:    []string{exampleToken, recentToken, leakedWriteToken, otherClientToken},
		byClient: []any{heldBy(3, exampleClient, exampleServer), heldBy(1, otherClient, exampleServer)},
		revoked:  []string{exampleToken, recentToken, leakedWriteToken, otherClientToken, newToken},
		unknown:  `auth_server_ids=["aus0000000000000000"]`,
		flood:    oktafake.Token{AuthServerID: otherServer, ClientID: shopsTill, UserID: otherUser, Scopes: []string{"orders:write"}},
	},
	{
		// What is used meanwhile is spared, and what has not been seen is not hit.
		name: "stale-tokens",
		vars: []string{bothServers, everyClientOfRunbook, "idle_days=90"},
		between: both(
			used(exampleToken),
			issue(oktafake.Token{AuthServerID: otherServer, ClientID: shopsTill, UserID: otherUser, Created: exampleNow.AddDate(-1, 0, 0)}),
		),
		found:    []string{exampleToken, idleOtherToken},
		byClient: []any{heldBy(1, exampleClient, exampleServer), heldBy(1, otherClient, exampleServer)},
		revoked:  []string{idleOtherToken},
		left:     1,
		unknown:  `auth_server_ids=["aus0000000000000000"]`,
	},
	{
		name:     "offboarding",
		users:    "\ufeffuser_id,name\r\n" + otherUser + ",A\r\n\r\n " + exampleUser + " ,B\r\n,\r\n" + otherUser + ",A\r\n",
		vars:     []string{"users_csv=users.csv"},
		between:  issue(oktafake.Token{AuthServerID: otherServer, ClientID: shopsTill, UserID: otherUser}),
		found:    []string{exampleToken, recentToken, leakedWriteToken, leakedReadToken, otherClientToken, idleOtherToken, orgServerToken, otherServerToken},
		byClient: []any{heldBy(4, exampleClient, exampleServer), heldBy(2, otherClient, exampleServer), heldBy(1, exampleClient, otherServer), heldBy(1, exampleClient, "")},
		revoked:  []string{exampleToken, recentToken, leakedWriteToken, leakedReadToken, otherClientToken, idleOtherToken, orgServerToken, otherServerToken, newToken},
		unknown:  "users_csv=unknown.csv",
		flood:    oktafake.Token{ClientID: shopsTill, UserID: otherUser},
	},
}

// heldBy is a row of found.by_client. The org authorization server has no ID.
func heldBy(count int, client, server string) string {
	at := "the org authorization server"
	if server != "" {
		at = "'" + server + "'"
	}
	return fmt.Sprintf("%6d  '%s' at %s", count, client, at)
}

// newRunbook is a copy of the runbook, filled in, at an org in which its story has
// begun.
func (rc runbookCase) newRunbook(t *testing.T, seeds ...oktafake.Seed) (*cli, *oktafake.Server) {
	t.Helper()
	org := newExampleOrg(t, seeds...)
	if rc.before != nil {
		rc.before(org)
	}
	c := newModule(t, newCLI(t, org, ""), "runbooks/"+rc.name)
	c.write("users.csv", rc.users)
	c.write("unknown.csv", "user_id\n00u0000000000000000\n"+exampleUser+"\n")
	for _, variable := range append(rc.vars, "reason=INC-1042: a test") {
		c.set(variable)
	}
	return c, org
}

// set sets a variable of the module to a value.
func (c *cli) set(variable string) {
	name, value, _ := strings.Cut(variable, "=")
	c.env["TF_VAR_"+name] = value
}

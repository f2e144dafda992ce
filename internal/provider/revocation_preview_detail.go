package provider

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// How times are written for people to read, always in UTC.
const (
	dayFormat    = "2006-01-02"
	minuteFormat = "2006-01-02 15:04"
)

// How many lines of each part a preview's detail has. Together with what surrounds them
// these are 25: what fits on a screen, and is read.
const (
	maxClientLines = 3
	maxUserLines   = 5
	maxNewest      = 10
)

// detail is what the headline has no room for.
func (r previewReport) detail() string {
	them := "them"
	if r.Count == 1 {
		them = "it"
	}
	lines := []string{fmt.Sprintf("Access tokens issued with %s are revoked too. This cannot be undone.", them), r.note()}
	if r.Count == 0 {
		lines = r.emptiness()
	}
	if len(r.Tokens) == 0 {
		return strings.Join(lines, "\n")
	}
	lines = append(lines, "")
	for _, part := range []struct {
		label string
		lines []string
	}{
		{"By client", r.byClient()},
		{"By age", r.byAge()},
		{"By user", r.byUser()},
		{"No expiry", r.withoutExpiry()},
		{"Cost", []string{r.cost()}},
		{r.newestLabel(), r.newest()},
	} {
		for i, line := range part.lines {
			label := part.label
			if i > 0 {
				label = ""
			}
			lines = append(lines, strings.TrimRight(fmt.Sprintf("  %-10s %s", label, line), " "))
		}
	}
	return strings.Join(lines, "\n")
}

// note says how the number relates to what the apply revokes.
func (r previewReport) note() string {
	switch {
	case r.Named > 0 && r.Partial:
		return fmt.Sprintf("Of the %s named, %s found; the others were not looked for.", prose.Count(r.Named, "token"), were(len(r.Tokens)))
	case r.Named > r.Count:
		return fmt.Sprintf("Of the %s named, %s not found: revoked, expired, or of another parent.", prose.Count(r.Named, "token"), were(r.Named-r.Count))
	case r.Named == 1:
		return "The apply revokes no other token."
	case r.Named > 0:
		return "The apply revokes no others, and of these what is still alive then."
	case r.Partial:
		return fmt.Sprintf("Only a part was read: the first %s. With max_tokens, the plan reads all.", r.looked())
	case r.bulk():
		return "Tokens that are issued before the apply are revoked with them." + r.limit()
	default:
		return "The apply looks again, and revokes what is selected then." + r.limit()
	}
}

// limit says what max_tokens does at the apply.
func (r previewReport) limit() string {
	if r.req.MaxTokens == nil {
		return ""
	}
	return fmt.Sprintf(" It refuses more than max_tokens = %s.", prose.Number(int(*r.req.MaxTokens)))
}

func were(n int) string {
	if n == 1 {
		return "1 was"
	}
	return prose.Number(n) + " were"
}

// looked is what was read.
func (r previewReport) looked() string {
	read := prose.Count(r.Read, "refresh token")
	if r.ReadParents < r.Parents {
		return fmt.Sprintf("%s of %s of %s", read, prose.Number(r.ReadParents), prose.Count(r.Parents, "client"))
	}
	if r.model.AllClients.ValueBool() {
		return fmt.Sprintf("%s of %s", read, prose.Count(r.Parents, "client"))
	}
	return read
}

// emptiness is the detail of a preview that found nothing: what was looked at, and what
// that means.
func (r previewReport) emptiness() []string {
	var lines []string
	switch {
	case r.Partial:
		lines = []string{
			fmt.Sprintf("This does not mean none: only a part was read, %s.", r.looked()),
			"The apply reads all, and revokes what matches. With max_tokens, the plan reads all too.",
		}
	case r.Named > 0:
		lines = []string{
			"What is not found was revoked before, has expired, belongs to another parent, or has a wrong ID.",
			"The apply looks again, and revokes what it finds.",
		}
	case r.Read == 0:
		lines = []string{"The list was read to its end, and is empty. If you expected tokens, check the IDs and the org."}
	default:
		lines = []string{fmt.Sprintf("All was read: %s. If you expected a match, check the filter, the IDs and the org.", r.looked())}
	}
	switch {
	case r.Partial || r.Named > 0:
	case r.Deletes > 0:
		lines = append(lines, fmt.Sprintf("The apply sends %s all the same, which revokes what is there then.", prose.Count(r.Deletes, "DELETE")))
	default:
		lines = append(lines, "The apply looks again, and revokes what is selected then.")
	}
	if r.req.EndSessions {
		lines = append(lines, "Ending the sessions cannot be undone.")
	}
	return lines
}

// byClient counts by client and authorization server, where there are several.
func (r previewReport) byClient() []string {
	sorted := tallies(r.Tokens, func(token okta.RefreshToken) string {
		client, server := titled(token.ClientName, token.ClientID), titled(token.AuthServerName, token.AuthServerID)
		switch {
		case server == "" && !r.model.AuthServerID.IsNull(), !r.model.AuthServerID.IsNull():
			return client
		case server == "":
			return client + " of the org authorization server"
		default:
			return fmt.Sprintf("%s of %s", client, server)
		}
	})
	if len(sorted) < 2 {
		return nil
	}
	if len(sorted) > maxClientLines {
		rest := 0
		for _, t := range sorted[maxClientLines-1:] {
			rest += t.count
		}
		others := fmt.Sprintf("in %s others", prose.Number(len(sorted)-maxClientLines+1))
		sorted = append(sorted[:maxClientLines-1:maxClientLines-1], tally{others, rest})
	}
	return countLines(sorted)
}

// byUser names the users with the most tokens, where there are several.
func (r previewReport) byUser() []string {
	sorted := tallies(r.Tokens, func(token okta.RefreshToken) string {
		return cmp.Or(titled(token.UserName, token.UserID), "a user whom Okta does not name")
	})
	if len(sorted) < 2 {
		return nil
	}
	return countLines(sorted[:min(len(sorted), maxUserLines)])
}

// ages are the bounds that ages are counted by, in days.
var ages = []int{1, 7, 30, 90}

// byAge counts the tokens by age, by Okta's clock.
func (r previewReport) byAge() []string {
	if len(r.Tokens) == 1 {
		return nil // the headline has it
	}
	now := r.engine.Client.Now()
	counts := make([]int, len(ages)+1)
	unknown := 0
	for _, token := range r.Tokens {
		if token.Created.IsZero() {
			unknown++
			continue
		}
		age := now.Sub(token.Created.Time)
		i := slices.IndexFunc(ages, func(days int) bool { return age < time.Duration(days)*24*time.Hour })
		if i < 0 {
			i = len(ages)
		}
		counts[i]++
	}
	var parts []string
	for i, n := range counts {
		switch {
		case n == 0:
		case i == 0:
			parts = append(parts, prose.Number(n)+" under a day")
		case i == len(ages):
			parts = append(parts, fmt.Sprintf("%s over %d days", prose.Number(n), ages[i-1]))
		default:
			parts = append(parts, fmt.Sprintf("%s of %d to %d days", prose.Number(n), ages[i-1], ages[i]))
		}
	}
	if unknown > 0 {
		parts = append(parts, prose.Number(unknown)+" of unknown age")
	}
	return []string{strings.Join(parts, ", ")}
}

// withoutExpiry counts the tokens that never expire.
func (r previewReport) withoutExpiry() []string {
	n := 0
	for _, token := range r.Tokens {
		if token.ExpiresAt.IsZero() {
			n++
		}
	}
	switch n {
	case 0:
		return nil
	case len(r.Tokens):
		return []string{"none of them ever expires"}
	case 1:
		return []string{"1 never expires"}
	default:
		return []string{prose.Number(n) + " never expire"}
	}
}

func (r previewReport) newestLabel() string {
	switch n := len(r.Tokens); {
	case n < r.Count || n > maxNewest:
		return "Newest"
	case n == 1:
		return "Token"
	default:
		return "Tokens"
	}
}

// newest lists the newest tokens, a line each. What all of them have in common is in the
// headline.
func (r previewReport) newest() []string {
	shown := slices.Clone(r.Tokens[max(0, len(r.Tokens)-maxNewest):])
	slices.Reverse(shown)
	rows := make([][]string, len(shown))
	for i, token := range shown {
		row := []string{prose.Printable(token.ID), "issued at an unknown time"}
		if !token.Created.IsZero() {
			row[1] = token.Created.UTC().Format(minuteFormat)
		}
		if r.Users > 1 {
			row = append(row, titled(token.UserName, token.UserID))
		}
		if r.Clients > 1 {
			row = append(row, shortened(cmp.Or(token.ClientName, token.ClientID)))
		}
		rows[i] = row
	}
	lines := aligned(rows)
	if rest := r.Count - len(shown); rest > 0 {
		more := fmt.Sprintf("and %s more", prose.Number(rest))
		if r.Bound == revoke.AtLeast {
			more = fmt.Sprintf("and at least %s more", prose.Number(rest))
		}
		lines = append(lines, more)
	}
	return lines
}

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
	minuteFormat = "2006-01-02 15:04Z"
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
	lines = append(lines, r.heading())
	newest := r.newestLabel()
	width := max(len("By client"), len(newest))
	for _, part := range []struct {
		label string
		lines []string
	}{
		{"By client", r.byClient()},
		{"By age", r.byAge()},
		{"By user", r.byUser()},
		{"Expiry", r.withoutExpiry()},
		{"Cost", []string{r.cost()}},
		{newest, r.newest()},
	} {
		for i, line := range part.lines {
			label := part.label
			if i > 0 {
				label = ""
			}
			lines = append(lines, strings.TrimRight(fmt.Sprintf("  %-*s  %s", width, label, line), " "))
		}
	}
	return strings.Join(lines, "\n")
}

// heading is the line before the counts. It is blank unless they are of a part.
func (r previewReport) heading() string {
	if r.Bound != revoke.AtLeast {
		return ""
	}
	return fmt.Sprintf("Only this part was read and is counted here: %s. With max_tokens, the plan reads all.", r.looked())
}

// note says how the number relates to what the apply revokes.
func (r previewReport) note() string {
	switch {
	case r.Named > 0 && r.Partial:
		return fmt.Sprintf("%s of the %s named were found, and the others not looked for. The apply revokes no others than those named.",
			prose.Number(len(r.Tokens)), prose.Number(r.Named))
	case r.Named > len(r.Tokens):
		return r.notFound() + " The apply revokes no others."
	case r.Named == 1:
		return "The apply revokes no other token."
	case r.Named > 0:
		return "The apply revokes no others, and of these what is still alive then."
	case r.bulk():
		return "The apply also revokes tokens issued after this plan." + r.limit()
	default:
		return "The apply looks again, and revokes what is selected then." + r.limit()
	}
}

// notFound says what becomes of the named tokens that were not found.
func (r previewReport) notFound() string {
	n := r.Named - len(r.Tokens)
	if n == 1 {
		return fmt.Sprintf("1 of the %s named was not found. If the apply finds it, it is revoked too.", prose.Number(r.Named))
	}
	return fmt.Sprintf("%s of the %s named were not found. If the apply finds them, they are revoked too.", prose.Number(n), prose.Number(r.Named))
}

// limit says what max_tokens does at the apply.
func (r previewReport) limit() string {
	if r.req.MaxTokens == nil {
		return ""
	}
	return fmt.Sprintf(" It refuses if there are more than max_tokens = %s.", prose.Number(int(*r.req.MaxTokens)))
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
	others := "other pairs of client and server"
	switch {
	case !r.model.AuthServerID.IsNull():
		others = "other clients"
	case r.Clients == 1:
		others = "other authorization servers"
	}
	return countLines(withRest(sorted, maxClientLines, others))
}

// withRest are the first tallies and one of the others, if there are more than fit.
func withRest(sorted []tally, most int, others string) []tally {
	if len(sorted) <= most {
		return sorted
	}
	rest := 0
	for _, t := range sorted[most-1:] {
		rest += t.count
	}
	return append(sorted[:most-1:most-1], tally{fmt.Sprintf("of %s %s", prose.Number(len(sorted)-most+1), others), rest})
}

// byUser names the users with the most tokens, where there are several.
func (r previewReport) byUser() []string {
	sorted := tallies(r.Tokens, func(token okta.RefreshToken) string {
		return cmp.Or(titled(token.UserName, token.UserID), "a user whom Okta does not name")
	})
	if len(sorted) < 2 {
		return nil
	}
	return countLines(withRest(sorted, maxUserLines, "other users"))
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
	all := len(r.Tokens)
	switch {
	case n == 0:
		return nil
	case all == 1:
		return []string{"never expires"}
	case n == all:
		return []string{fmt.Sprintf("all %s never expire", prose.Number(n))}
	case n == 1:
		return []string{fmt.Sprintf("1 of %s never expires", prose.Number(all))}
	default:
		return []string{fmt.Sprintf("%s of %s never expire", prose.Number(n), prose.Number(all))}
	}
}

func (r previewReport) newestLabel() string {
	switch n := len(r.Tokens); {
	case r.Partial:
		return "Newest read"
	case n > maxNewest:
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
	if rest := len(r.Tokens) - len(shown); rest > 0 {
		more := "and %s more"
		if r.Partial {
			more = "and %s more that were read"
		}
		lines = append(lines, fmt.Sprintf(more, prose.Number(rest)))
	}
	return lines
}

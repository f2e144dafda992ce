package provider

import (
	"fmt"
	"slices"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// A line of progress comes when there is something to tell of this many tokens, or
// clients, and not sooner after the last one than this.
//
// Each line is a risk. Between an interrupt and the provider's hearing of it are some
// milliseconds, in which Terraform takes no more progress: 1.16 then stops reading,
// and loses the error that names what was revoked, and 1.14 crashes.
// Source: InvokeAction in Terraform's internal/plugin6/grpc_provider.go.
const (
	lineEvery    = 10
	lineInterval = 5 * time.Second
)

// eventTokens is how many tokens an event names: those of a page of Okta's.
const eventTokens = 200

// progress tells in lines how far a revocation has come. Together they name every
// token that Okta confirmed, as far as it was known, because that is all the record
// there is of an action. They name nothing but IDs: Terraform prints them as they
// are, even what it would hide elsewhere.
type progress struct {
	request revoke.Request
	org     string
	send    func(line string)

	last    time.Time    // when the last line was sent
	latest  revoke.Event // the last event
	waiting []string     // tokens that no line has named yet
	named   int          // tokens that lines have named
	parents int          // clients that lines have counted
}

func (p *progress) say(format string, arguments ...any) { p.send(fmt.Sprintf(format, arguments...)) }

// begin is the line before the first request. It names the org, because an action keeps
// nothing of its plan.
func (p *progress) begin() { p.say("Revoking refresh tokens of %s at %s", p.request.Target, p.org) }

// take records an event of the engine's.
func (p *progress) take(e revoke.Event) {
	if e.Done == 0 && e.DoneParents == 0 && e.Selected > 0 && !p.request.Selection.Named() {
		p.say("Found %s to revoke", prose.Count(int(e.Selected), "refresh token"))
	}
	p.latest = e
	p.waiting = append(p.waiting, e.Revoked...)
	enough := len(p.waiting) >= lineEvery || e.DoneParents-p.parents >= lineEvery
	if enough && time.Since(p.last) >= lineInterval {
		p.flush()
	}
}

// flush reports what no line has reported yet.
func (p *progress) flush() {
	for names := range slices.Chunk(p.waiting, eventTokens) {
		p.named += len(names)
		p.say("Okta confirmed %s%s as revoked:%s", prose.Number(p.named), p.outOf(), inLinesAfter(names))
	}
	if p.latest.Selected == 0 && p.latest.Parents > 1 && p.latest.DoneParents > p.parents {
		p.say("Okta confirmed that %s of %s have no token left", prose.Number(p.latest.DoneParents), prose.Count(p.latest.Parents, "client"))
	}
	p.last, p.waiting, p.parents = time.Now(), nil, p.latest.DoneParents
}

// inLinesAfter are IDs behind a colon, or below it where they fill more than a line.
func inLinesAfter(ids []string) string {
	if len(ids) <= maxFailed {
		return " " + prose.List(ids, maxFailed)
	}
	return "\n" + inLines(ids)
}

// outOf is how many tokens there are to revoke, where that is known.
func (p *progress) outOf() string {
	if int(p.latest.Selected) < p.named {
		return ""
	}
	return " of " + prose.Number(int(p.latest.Selected))
}

// end is what a success ends with: the tokens that were not named yet, and the
// totals.
func (p *progress) end(out revoke.Outcome) {
	p.flush()
	total := fmt.Sprintf("Revoked every refresh token of %s; how many is not known, because they were not listed first", p.request.Target)
	if out.Count != nil {
		total = fmt.Sprintf("Revoked %s of %s in all", prose.Count(int(*out.Count), "refresh token"), p.request.Target)
	}
	if out.AlreadyGone > 0 {
		total += "; already gone: " + prose.Number(int(out.AlreadyGone))
	}
	if out.SessionsEnded {
		total += "; ended the user's sessions, after which Okta revokes the user's tokens at every client"
	}
	p.send(total)
}

// appeared reports tokens that were issued while the others were revoked. There is
// a warning too, but Terraform 1.16.0 loses those of an action that a resource
// triggers.
func (p *progress) appeared(tokens []okta.RefreshToken) {
	p.say("%s of %s issued meanwhile and not revoked: %s",
		prose.Count(len(tokens), "refresh token"), p.request.Target, prose.List(tokenIDs(tokens), maxFailed))
}

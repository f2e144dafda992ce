package acceptance

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/tfcore"
)

// refused reports whether a guard stood in the way.
func (a *attempt) refused() bool {
	return slices.ContainsFunc(a.errors, func(d diagnostic) bool {
		return d.Summary == "Protected Tokens" || d.Summary == "Too Many Refresh Tokens"
	})
}

// check holds the attempt against what was asked for.
func (a *attempt) check() {
	due := a.due()
	a.checkRequests()
	a.checkRevoked(due)
	a.checkGuards(due)
	if a.net.killed {
		return // the state is that of before
	}
	if !a.state.IsNull() {
		a.checkRecord()
	}
	if len(a.errors) == 0 && !a.net.interrupted {
		a.checkDone(due)
	}
}

// due are the live tokens that the attempt was to revoke, by ID.
func (a *attempt) due() map[string]oktafake.Token {
	due := map[string]oktafake.Token{}
	if a.wish.dry {
		return due
	}
	for id, token := range a.before.live {
		if a.wish.selects(token) && a.isDue(id) {
			due[id] = token
		}
	}
	return due
}

// isDue reports whether a selected token is to be revoked now: all of them are when
// the revocation is new, and what is new is when it is not.
func (a *attempt) isDue(id string) bool {
	was := a.before.applied
	left := a.left()
	switch {
	case was == nil || a.before.tainted || a.create || was.dry:
		return true
	case slices.Contains(left, id) && (a.wish.reappear || !was.reappear):
		return true
	case a.wish.byName():
		return !slices.Contains(was.named(), id)
	case fmt.Sprint(names(was.parts)) != fmt.Sprint(names(a.wish.parts)):
		return true
	default:
		return a.wish.sessions && !was.sessions || len(left) > 0 && (a.wish.reappear || !was.reappear)
	}
}

func names(parts []part) []string {
	var names []string
	for _, p := range parts {
		names = append(names, fmt.Sprint(p.name, p.value))
	}
	slices.Sort(names)
	return names
}

// left are the tokens that the state says are alive, or will once it is refreshed.
func (a *attempt) left() []string {
	switch was := a.before.applied; {
	case a.before.state.IsNull():
		return nil
	case was != nil && was.reappear:
		return slices.Collect(maps.Keys(a.before.live))
	default:
		return a.strings(a.before.state, "active_token_ids")
	}
}

// checkRequests sees to it that a plan changes nothing and that an apply sends no
// more powerful request than it was asked for.
func (a *attempt) checkRequests() {
	for i, r := range a.net.requests[a.before.asked:] {
		switch {
		case r.method == http.MethodGet:
		case i < a.planned:
			a.fails("a plan sent %s %s", r.method, r.path)
		case a.wish.dry:
			a.fails("a dry run sent %s %s", r.method, r.path)
		case strings.HasSuffix(r.path, "/sessions"):
			if !a.wish.sessions || !a.create && a.before.applied != nil && a.before.applied.sessions && !a.before.applied.dry {
				a.fails("sessions were ended unasked")
			}
		case strings.HasSuffix(r.path, "/tokens"):
			if !a.wish.all {
				a.fails("a request revoked all tokens, which nobody asked for")
			}
		}
	}
}

// checkRevoked sees to it that nothing was revoked that was not asked for.
func (a *attempt) checkRevoked(due map[string]oktafake.Token) {
	for _, revoked := range a.net.org.Revoked()[a.before.revoked:] {
		token := revoked.Token
		at, came := a.net.issued[token.ID]
		confirmed, again := a.net.confirmedAt[revoked.Path]
		_, isDue := due[token.ID]
		switch {
		case a.wish.sessions && token.UserID == a.wish.user && strings.HasSuffix(revoked.Path, "/sessions"):
		case !a.wish.selects(token):
			a.fails("%s was revoked and is not selected", token.ID)
		case !isDue && !came && token.Status != "REVOKED" && !(a.wish.all && len(due) > 0):
			a.fails("%s was revoked and was not due", token.ID)
		case came && again && confirmed <= at:
			a.fails("%s was issued after Okta had confirmed %s, and a second such request took it", token.ID, revoked.Path)
		}
	}
}

// checkGuards sees to it that what the guards forbid was not done, and that they
// forbid nothing else.
func (a *attempt) checkGuards(due map[string]oktafake.Token) {
	at, must := a.forbidden(due)
	short := a.net.lied && !strings.HasSuffix(at, " is protected") // a bound counts what is listed
	if must && len(a.net.org.Revoked()) > a.before.revoked && !(a.wish.all && short) {
		a.fails("%v was revoked in spite of a guard: %s", a.net.org.RevokedIDs()[a.before.revoked:], at)
	}
	if must && a.applied && len(a.errors) == 0 && !a.net.lied {
		a.fails("a guard let pass: %s", at)
	}
	if a.refused() && at == "" && len(a.net.issued) == 0 && !a.net.lied {
		a.fails("a guard stood in the way of nothing: %+v", a.errors)
	}
}

// forbidden says what a guard has against the attempt, or nothing, and whether it
// must not pass: it may where only names are at fault.
func (a *attempt) forbidden(due map[string]oktafake.Token) (at string, must bool) {
	hit := maps.Clone(due)
	if a.wish.sessions {
		for id, token := range a.before.live {
			if token.UserID == a.wish.user && len(due) > 0 {
				hit[id] = token
			}
		}
	}
	maps.DeleteFunc(hit, func(id string, _ oktafake.Token) bool { return a.net.taken[id] }) // before it was hit
	for id, token := range hit {
		if slices.Contains(a.scenario.protectedClients, token.ClientID) || slices.Contains(a.scenario.protectedUsers, token.UserID) {
			return id + " is protected", true
		}
	}
	if a.wish.limit >= 0 && len(hit) > a.wish.limit {
		return fmt.Sprintf("%d are more than %d", len(hit), a.wish.limit), true
	}
	if a.wish.limit >= 0 && max(len(a.wish.named()), len(hit)) > a.wish.limit {
		return "more are named than may be", false
	}
	text := fmt.Sprint(a.wish.attributes())
	for _, id := range slices.Concat(a.scenario.protectedClients, a.scenario.protectedUsers) {
		if strings.Contains(text, id) {
			return id + " is named", false
		}
	}
	for _, token := range a.before.live {
		if a.wish.sessions && token.UserID == a.wish.user && (slices.Contains(a.scenario.protectedClients, token.ClientID) || a.wish.limit >= 0) {
			return "sessions", false
		}
		if a.wish.all && a.wish.holds(token) && slices.Contains(a.scenario.protectedClients, token.ClientID) {
			return "a protected client's", false
		}
	}
	return "", false
}

// checkDone sees to it that a success is one.
func (a *attempt) checkDone(due map[string]oktafake.Token) {
	alive := a.live(func(oktafake.Token) bool { return true })
	for id := range due {
		if slices.Contains(alive, id) && a.net.words[id] != hiddenWord {
			a.fails("the attempt succeeded and %s is alive, and the last word was not that it is gone", id)
		}
	}
	if !a.applied || a.wish.dry {
		return
	}
	if left := a.strings(a.state, "active_token_ids"); len(left) > 0 {
		a.fails("the apply succeeded and says that %v are alive", left)
	}
	if a.wish.all && len(due) > 0 {
		a.checkAppeared(alive)
	}
	if a.create && a.wish.byName() {
		a.checkSum()
	}
}

// checkSum sees to it that each token that was named counts once.
func (a *attempt) checkSum() {
	state := tfcore.ObjectOf(a.t, a.state)
	revoked, counted := state["revoked_count"].(int)
	gone, alsoCounted := state["already_gone_count"].(int)
	if want := len(a.wish.named()); !counted || !alsoCounted || revoked+gone != want {
		a.fails("%v were revoked and %v were gone, of %d", state["revoked_count"], state["already_gone_count"], want)
	}
}

// checkAppeared sees to it that tokens which came before the last look are named.
func (a *attempt) checkAppeared(alive []string) {
	lastLook := 0
	for i, r := range a.net.requests {
		if aTokenList(r.method, r.path) && strings.Count(r.line, "←") == 0 {
			lastLook = i
		}
	}
	for id, came := range a.net.issued {
		// Where there are several clients, each has a last look of its own.
		if !slices.Contains(alive, id) || came >= lastLook || a.wish.every || !a.wish.selects(a.net.token(id)) {
			continue
		}
		if !slices.ContainsFunc(a.warned, func(d diagnostic) bool { return strings.Contains(d.Detail, id) }) {
			a.fails("%s came before the last look, is alive, and nobody was told", id)
		}
	}
}

func (n *troubledNetwork) token(id string) oktafake.Token {
	for _, token := range n.org.Tokens() {
		if token.ID == id {
			return token
		}
	}
	return oktafake.Token{}
}

// checkRecord sees to it that the state claims nothing that is not so, and keeps
// nothing back that Okta confirmed.
func (a *attempt) checkRecord() {
	state := tfcore.ObjectOf(a.t, a.state)
	claimed, left := a.strings(a.state, "revoked_token_ids"), a.strings(a.state, "active_token_ids")
	alive := a.live(func(oktafake.Token) bool { return true })
	for i, id := range claimed {
		switch {
		case i > 0 && claimed[i-1] >= id:
			a.fails("revoked_token_ids is not a sorted set: %v", claimed)
		case a.net.words[id] == hiddenWord || a.net.promised[id] && len(a.errors) > 0:
			// Okta said so twice, or says so and lists it still, which an error reports.
		case !a.wish.holds(a.net.token(id)) && a.byUs(id):
			// Okta said that it revoked what the parent does not have.
		case slices.Contains(alive, id):
			a.fails("%s is said to be revoked and is alive", id)
		case !a.byUs(id):
			a.fails("%s is said to be revoked, and somebody else did that", id)
		case slices.Contains(left, id):
			a.fails("%s is said to be revoked and to be alive", id)
		}
	}
	if state["revoked_tokens"] != nil && a.steady() {
		diff(a.t, "IDs of revoked_tokens", sortedTexts(tfcore.Each(a.t, state["revoked_tokens"], "id")), sortedTexts(list(claimed...)))
	}
	if count, known := state["revoked_count"].(int); known && state["revoked_token_ids"] != nil && a.steady() && count != len(claimed) {
		a.fails("revoked_count is %d, and %d are named", count, len(claimed))
	}
	if len(claimed) > 0 && state["revoked_at"] == nil {
		a.fails("revoked_at is null, and %v are said to be revoked", claimed)
	}
	if a.applied && a.wish.dry && len(a.errors) == 0 && a.net.struck == 0 {
		diff(a.t, "what a dry run found", left, slices.Sorted(maps.Keys(a.selectedBefore())))
	}
	if a.applied && !a.wish.dry {
		a.checkComplete(claimed, left, alive)
	}
}

func (a *attempt) selectedBefore() map[string]oktafake.Token {
	selected := maps.Clone(a.before.live)
	maps.DeleteFunc(selected, func(_ string, t oktafake.Token) bool { return !a.wish.selects(t) })
	return selected
}

// checkComplete sees to it that what Okta confirmed is on record, and that what is
// left is said to be. After a success, all that this revocation has revoked is on record.
func (a *attempt) checkComplete(claimed, left, alive []string) {
	if a.wish.evidence != "none" && a.steady() {
		for _, r := range a.net.org.Revoked()[a.before.revoked:] {
			id := r.Token.ID
			if a.net.honest[id] && !slices.Contains(claimed, id) && !slices.Contains(left, id) {
				a.fails("%s was revoked, Okta said so, and the state does not", id)
			}
		}
		if len(a.errors) == 0 {
			a.checkWhole(claimed)
		}
	}
	if !a.create && a.state.Equal(a.before.state) {
		return // nothing was done, and the state is of what was done before
	}
	for id := range a.due() {
		unread := a.wish.evidence == "none" && a.wish.all
		excused := a.net.words[id] == hiddenWord || a.net.words[id] == confirmedWord || a.net.promised[id] && len(a.errors) > 0
		if slices.Contains(alive, id) && !slices.Contains(left, id) && !excused && !unread {
			a.fails("%s is alive, and active_token_ids does not say so", id)
		}
	}
}

// checkWhole sees to it that the record has each token that the revocation has revoked. It cannot
// know of those that no answer has shown, nor of those that only a killed process knew of.
func (a *attempt) checkWhole(claimed []string) {
	for _, r := range a.net.org.Revoked()[a.born:] {
		id := r.Token.ID
		if strings.HasSuffix(r.Path, "/sessions") || a.net.lost[id] || slices.Contains(claimed, id) || r.Token.Status == "REVOKED" {
			continue
		}
		if a.net.honest[id] || a.net.shown[id] || a.net.owed[id] {
			a.fails("%s was revoked, and the record of a success lacks it", id)
		}
	}
}

// steady reports whether the evidence was the same all the time.
func (a *attempt) steady() bool {
	for _, step := range a.scenario.steps {
		if step.wish.evidence != a.scenario.steps[0].wish.evidence {
			return false
		}
	}
	return true
}

func sortedTexts(values []any) []string {
	var texts []string
	for _, v := range values {
		texts = append(texts, fmt.Sprint(v))
	}
	slices.Sort(texts)
	return texts
}

// byUs reports whether a token was revoked by this revocation, or may have been as
// far as anybody can know: it was meant by a DELETE whose outcome was lost, or by one
// of all tokens, which does not tell which they were.
func (a *attempt) byUs(id string) bool {
	if slices.Contains(a.net.org.RevokedIDs()[a.born:], id) {
		return true
	}
	return slices.ContainsFunc(a.net.murky, func(path string) bool {
		named := last(path)
		return named == id || !strings.HasPrefix(named, "oar")
	})
}

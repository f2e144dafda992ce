package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// wording is what the resource and the action, which has no state, say each in its
// own words.
type wording struct {
	readOnly  string // what to do under read_only
	uncounted string // why it is not known how many tokens were revoked
	names     bool   // whether an error names every token that was revoked
	timeout   string // what bounds the run
	rest      string // how to do what is left
	before    string // what some must do before that
	nothing   string // the same, where nothing was done that is to go on
	again     string // how to revoke once more
	untouched string // that an apply failed before it revoked anything; empty in a plan
}

// applying is how it speaks in an apply.
func (w wording) applying() wording {
	w.untouched = "This apply revoked nothing. "
	return w
}

// resourceWording is how the resource speaks, in a plan and in an update.
var resourceWording = wording{
	readOnly:  "Set dry_run = true to list them only, or remove read_only.",
	uncounted: `because evidence is "none"`,
	timeout:   "update in the timeouts block",
	rest:      "plan and apply again to do the rest: the state keeps one record of both.",
	nothing:   "plan and apply again.",
	again:     "revoke again with a change of triggers",
}

// createWording is how the resource speaks in a create. Terraform taints what could not be
// created, and loses its record where it does not delete it first.
func createWording() wording {
	words := resourceWording
	words.timeout = "create in the timeouts block"
	words.before = "If its lifecycle has create_before_destroy or prevent_destroy, or the plan also changes what it depends on, first run terraform untaint ADDRESS (or tofu untaint ADDRESS), with the address above."
	return words
}

// addRevocationError reports why a revocation was refused, failed, or stopped on
// its way.
func addRevocationError(diags *diag.Diagnostics, words wording, m requestModel, req revoke.Request, err error) {
	if incomplete, ok := errors.AsType[*revoke.IncompleteError](err); ok {
		addIncomplete(diags, words, m, req, incomplete)
		return
	}
	if isGuardError(err) {
		addGuardError(diags, m, err)
		return
	}
	op := m.operation("List", "list the refresh tokens of")
	op.untouched = words.untouched
	addAPIError(diags, op, err)
}

func (m requestModel) operation(verb, doing string) operation {
	return operation{
		summary: fmt.Sprintf("Unable to %s Refresh Tokens", verb),
		doing:   fmt.Sprintf("%s %s", doing, m.target()),
		kind:    m.target().Kind(),
	}
}

// maxFailed is how many tokens an error names.
const maxFailed = 10

// addIncomplete reports a revocation that stopped on its way: why, what to do, what was done
// and what was not, and what Okta said.
func addIncomplete(diags *diag.Diagnostics, words wording, m requestModel, req revoke.Request, e *revoke.IncompleteError) {
	op := m.operation("Revoke", "revoke all of the selected refresh tokens of")
	op.repeated = true
	cause, at := whyIncomplete(op, words, e.Err)
	parts := []string{cause, words.whatNext(e), words.account(m, req, e)}
	switch {
	case words.before == "" || !e.Outcome.MayHaveActed():
	case len(e.Outcome.Unsettled) > 0: // which Terraform does not hand over when it replaces a tainted resource
		parts = append(parts, "First run terraform untaint ADDRESS (or tofu untaint ADDRESS), with the address above. Otherwise the next apply cannot count what was sent and not answered.")
	default:
		parts = append(parts, words.before)
	}
	if _, told := errors.AsType[*revoke.StillListedError](e.Err); !told && !ended(e.Err) && !isGuardError(e.Err) {
		parts = append(parts, lastWords(e.Err))
	}
	if words.names && len(e.Outcome.Revoked) > 0 {
		parts = append(parts, "The revoked tokens:\n"+inLines(tokenIDs(e.Outcome.Revoked)))
	}
	detail := strings.Join(parts, "\n\n")
	switch {
	case isGuardError(e.Err):
		diags.AddError(guardSummary(e.Err), detail)
	case at != "" && okta.IsNotFound(e.Err):
		diags.AddAttributeError(path.Root(at), "Revocation Incomplete", detail)
	default:
		diags.AddError("Revocation Incomplete", detail)
	}
}

// whyIncomplete is the cause, with what mends it, and the attribute at fault if there is one.
func whyIncomplete(op operation, words wording, err error) (cause, at string) {
	switch {
	case errors.Is(err, context.Canceled):
		return "The apply was interrupted before it finished.", ""
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("The timeout (%s) ended before the apply finished.", words.timeout), ""
	}
	if _, ok := errors.AsType[*revoke.StillListedError](err); ok {
		return err.Error() + ". Its lists can lag for a while. If the tokens are listed tomorrow, ask Okta's support.", ""
	}
	if guard := guardOf(err); guard != nil {
		return fmt.Sprintf("It stopped on its way: %s. Okta's first list left out what a later one showed.", guard), ""
	}
	summary, advice, at := explain(op, err)
	if summary == op.summary {
		return advice, at
	}
	return summary + ". " + advice, at
}

// whatNext is how to do what is left. What nothing but a change mends comes before it.
func (w wording) whatNext(e *revoke.IncompleteError) string {
	if isGuardError(e.Err) {
		return "Do not repeat it as it is: look at what is left below, and change the selection or the guard first."
	}
	next := w.rest
	if !e.Outcome.MayHaveActed() {
		next = w.nothing
	}
	if okta.IsRefused(e.Err) || okta.IsNotFound(e.Err) {
		return "Then " + next
	}
	return strings.ToUpper(next[:1]) + next[1:]
}

// account says what was done and what was not.
func (w wording) account(m requestModel, req revoke.Request, e *revoke.IncompleteError) string {
	out := e.Outcome
	left, unanswered := nameLeft(out), nameTokens(out.Unanswered, out.UnansweredAt)
	var account []string
	switch {
	case out.Count != nil:
		account = append(account, fmt.Sprintf("Revoked: %s of %s.", prose.Count(len(out.Revoked), "refresh token"), req.Target))
	case out.Uncounted && left+unanswered == "":
		account = append(account, fmt.Sprintf("Revoked: refresh tokens of %s. They were not counted, %s.", req.Target, w.uncounted))
	case out.Uncounted:
		account = append(account, fmt.Sprintf("Revoked: refresh tokens of a part of %s. They were not counted, %s.", req.Target, w.uncounted))
	default:
		account = append(account, fmt.Sprintf("It is not known whether any refresh token of %s was revoked: no answer says so.", req.Target))
	}
	if len(out.StillListed) > 0 {
		account = append(account, fmt.Sprintf("Of them, Okta confirmed and still lists: %s (%s).",
			prose.Count(len(out.StillListed), "refresh token"), prose.List(out.StillListed, maxFailed)))
	}
	switch {
	case left != "" || unanswered != "":
		if left != "" {
			account = append(account, "Not revoked, as far as is known: "+left+".")
		}
		if unanswered != "" {
			account = append(account, "Sent, not answered: the revocation of "+unanswered+".")
		}
	case e.Unverified:
		account = append(account, "Okta confirmed that, but could not be asked whether any is left.")
	}
	if req.EndSessions {
		account = append(account, aboutSessions(out, prose.Printable(m.UserID.ValueString())))
	}
	return strings.Join(account, "\n")
}

// nameLeft names what was not revoked, as far as is known.
func nameLeft(out revoke.Outcome) string {
	unanswered := okta.NewSet(out.Unanswered...)
	left := slices.DeleteFunc(slices.Clone(out.Left), unanswered.Has)
	leftAt := slices.DeleteFunc(slices.Clone(out.LeftAt), func(parent okta.Parent) bool { return slices.Contains(out.UnansweredAt, parent) })
	return nameTokens(left, leftAt)
}

// nameTokens names tokens, and the parents whose tokens were not listed.
func nameTokens(ids []string, at []okta.Parent) string {
	var parts []string
	if len(ids) > 0 {
		parts = append(parts, fmt.Sprintf("%s (%s)", prose.Count(len(ids), "refresh token"), prose.List(ids, maxFailed)))
	}
	if len(at) > 0 {
		parents := make([]string, len(at))
		for i, parent := range at {
			parents[i] = parent.String()
		}
		parts = append(parts, "every refresh token of "+prose.List(parents, maxFailed))
	}
	return strings.Join(parts, "; ")
}

// inLines are IDs, ten to a line. Terraform does not break lines that begin with a space.
func inLines(ids []string) string {
	var lines []string
	for some := range slices.Chunk(ids, maxFailed) {
		lines = append(lines, "  "+prose.List(some, maxFailed))
	}
	return strings.Join(lines, "\n")
}

// aboutSessions tells what became of the user's sessions.
func aboutSessions(out revoke.Outcome, user string) string {
	switch {
	case out.SessionsEnded:
		return fmt.Sprintf("The sessions of user %s were ended. Okta then revokes the user's tokens at every client; only the selected ones were looked at.", user)
	case out.SessionsUncertain:
		return fmt.Sprintf("It is not known whether the sessions of user %s were ended, and the user's tokens at every client revoked.", user)
	default:
		return fmt.Sprintf("The sessions of user %s were not ended.", user)
	}
}

func isGuardError(err error) bool {
	return guardOf(err) != nil
}

// guardOf is the error of the guard that refused something, or nil.
func guardOf(err error) error {
	if tooMany, ok := errors.AsType[*revoke.TooManyError](err); ok {
		return tooMany
	}
	if protected, ok := errors.AsType[*revoke.ProtectedError](err); ok {
		return protected
	}
	return nil
}

const (
	tooManySummary   = "Too Many Refresh Tokens"
	protectedSummary = "Protected Tokens"
)

// guardSummary is the summary of a guard's error.
func guardSummary(err error) string {
	if _, ok := errors.AsType[*revoke.TooManyError](err); ok {
		return tooManySummary
	}
	return protectedSummary
}

// addGuardError reports that a guard refused the revocation.
func addGuardError(diags *diag.Diagnostics, m requestModel, err error) {
	if tooMany, ok := errors.AsType[*revoke.TooManyError](err); ok {
		diags.AddAttributeError(path.Root("max_tokens"), tooManySummary,
			fmt.Sprintf("Nothing was revoked at %s: %s. Narrow the selection, or raise max_tokens.", m.target(), tooMany))
		return
	}
	if protected, ok := errors.AsType[*revoke.ProtectedError](err); ok {
		addProtected(diags, m.protectedAttribute(protected), protected)
	}
}

// addProtected reports what is protected, and how to do the rest.
func addProtected(diags *diag.Diagnostics, attribute string, err *revoke.ProtectedError) {
	leave := "Leave it out, or ask"
	if err.TokenID != "" && attribute != "token_id" {
		leave = fmt.Sprintf("Leave this %s's tokens out with token_ids, or ask", err.Kind)
	}
	diags.AddAttributeError(path.Root(attribute), protectedSummary, fmt.Sprintf(
		"Nothing was revoked: %s. %s who set protected_%s_ids in the provider's configuration.", err, leave, err.Kind))
}

// protectedAttribute is the attribute that led to what is protected.
func (m requestModel) protectedAttribute(e *revoke.ProtectedError) string {
	attribute := e.Kind + "_id"
	if e.TokenID == "" && (attribute == "client_id" && e.ID == m.ClientID.ValueString() || attribute == "user_id" && !m.UserID.IsNull()) {
		return attribute
	}
	for _, selection := range m.selections() {
		if !selection.value.IsNull() {
			return selection.name
		}
	}
	return attribute
}

// addRefusedClock warns of an answer that named an absurd time.
func addRefusedClock(diags *diag.Diagnostics, out revoke.Outcome) {
	if out.RefusedClock.IsZero() {
		return
	}
	diags.AddWarning("Okta's Clock Was Not Believed", fmt.Sprintf(
		"An answer of Okta's named the time %s, more than a day from this machine's clock. It was not believed, and no age was measured by it. "+
			"If all answers do that, this machine's clock may be wrong, and revoked_at with it: check it.",
		out.RefusedClock.UTC().Format(time.RFC3339)))
}

// addAppeared warns of tokens that were issued while the others were revoked.
func addAppeared(diags *diag.Diagnostics, words wording, req revoke.Request, appeared []okta.RefreshToken) {
	if len(appeared) == 0 {
		return
	}
	diags.AddWarning(
		fmt.Sprintf("%s of %s appeared during the revocation", prose.Count(len(appeared), "refresh token"), req.Target),
		fmt.Sprintf("They were issued while the others were revoked, and they are alive. Whoever got them may still be at it: stop that first, then %s.\n\n%s",
			words.again, describe(appeared)))
}

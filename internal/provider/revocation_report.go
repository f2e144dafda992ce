package provider

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// wording is what the resource and the action, which has no state, say each in its
// own words.
type wording struct {
	readOnly  string                      // what to do under read_only
	uncounted string                      // why it is not known how many tokens were revoked
	named     int                         // how many of the revoked tokens an error names
	kept      func(revoke.Outcome) string // where to find what was done
	rest      string                      // how to do what is left
	again     string                      // how to revoke once more
}

// resourceWording is how the resource speaks.
var resourceWording = wording{
	readOnly:  "Set dry_run = true to list them only, or remove read_only.",
	uncounted: `because evidence is "none"`,
	kept: func(out revoke.Outcome) string {
		if len(out.Revoked) == 0 {
			return "The state claims nothing that is not so. "
		}
		return "The state holds what was revoked. "
	},
	rest:  "Apply again to do the rest.",
	again: "revoke again with a change of triggers",
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
	addAPIError(diags, m.operation("Find", "find the refresh tokens of"), err)
}

func (m requestModel) operation(verb, doing string) operation {
	return operation{
		summary: fmt.Sprintf("Unable to %s Refresh Tokens", verb),
		doing:   fmt.Sprintf("%s %s", doing, m.target()),
		kind:    m.kind(),
	}
}

// addIncomplete reports a revocation that stopped on its way: what was done, what
// was not, and why.
func addIncomplete(diags *diag.Diagnostics, words wording, m requestModel, req revoke.Request, e *revoke.IncompleteError) {
	out := e.Outcome
	reason, advice, at := explain(m.operation("Revoke", "revoke all of the selected refresh tokens of"), e.Err)
	left := nameLeft(out)
	var detail strings.Builder
	switch {
	case out.Count != nil:
		fmt.Fprintf(&detail, "Revoked %s of %s%s.", plural(len(out.Revoked), "refresh token"), req.Target, words.naming(out))
	case out.Uncounted && left == "":
		fmt.Fprintf(&detail, "Revoked tokens of %s that were not counted, %s.", req.Target, words.uncounted)
	case out.Uncounted:
		fmt.Fprintf(&detail, "Revoked tokens of a part of %s that were not counted, %s.", req.Target, words.uncounted)
	default:
		fmt.Fprintf(&detail, "It is not known whether any token of %s was revoked: no answer says so.", req.Target)
	}
	switch {
	case left != "":
		fmt.Fprintf(&detail, " Not revoked, as far as is known: %s.", left)
	case e.Unverified:
		detail.WriteString(" Okta confirmed that, but could not be asked whether any is left.")
	}
	if req.EndSessions {
		fmt.Fprintf(&detail, " %s", aboutSessions(out, m.UserID.ValueString()))
	}
	fmt.Fprintf(&detail, " %s%s\n\n%s. %s\n\n%s", words.kept(out), words.rest, reason, advice, lastWords(e.Err))
	if at != "" && okta.IsNotFound(e.Err) {
		diags.AddAttributeError(path.Root(at), reason, detail.String())
		return
	}
	diags.AddError("Revocation Incomplete", detail.String())
}

// nameLeft names what was not revoked: tokens, and the parents whose tokens nobody listed.
func nameLeft(out revoke.Outcome) string {
	var parts []string
	if len(out.Left) > 0 {
		parts = append(parts, nameAll(out.Left, maxNamed))
	}
	if len(out.LeftAt) > 0 {
		parents := make([]string, len(out.LeftAt))
		for i, parent := range out.LeftAt {
			parents[i] = parent.String()
		}
		parts = append(parts, "every token of "+nameAll(parents, maxNamed))
	}
	return strings.Join(parts, "; ")
}

// aboutSessions tells what became of the user's sessions.
func aboutSessions(out revoke.Outcome, user string) string {
	switch {
	case out.SessionsEnded:
		return fmt.Sprintf("The sessions of user %s were ended, and with them the user's tokens at every client were revoked.", user)
	case out.SessionsUncertain:
		return fmt.Sprintf("Nobody knows whether the sessions of user %s were ended, and the user's tokens at every client revoked.", user)
	default:
		return fmt.Sprintf("The sessions of user %s were not ended.", user)
	}
}

// naming names the tokens that were revoked, where nothing else does.
func (w wording) naming(out revoke.Outcome) string {
	if w.named == 0 || len(out.Revoked) == 0 {
		return ""
	}
	return ": " + nameAll(tokenIDs(out.Revoked), w.named)
}

func isGuardError(err error) bool {
	_, tooMany := errors.AsType[*revoke.TooManyError](err)
	_, protected := errors.AsType[*revoke.ProtectedError](err)
	return tooMany || protected
}

// addGuardError reports that a guard refused the revocation.
func addGuardError(diags *diag.Diagnostics, m requestModel, err error) {
	if tooMany, ok := errors.AsType[*revoke.TooManyError](err); ok {
		diags.AddAttributeError(path.Root("max_tokens"), "Too Many Refresh Tokens",
			fmt.Sprintf("Nothing was revoked at %s: %s. Narrow the selection, or raise max_tokens.", m.target(), tooMany))
		return
	}
	if protected, ok := errors.AsType[*revoke.ProtectedError](err); ok {
		addProtected(diags, m.protectedAttribute(protected), protected.Error()+".")
	}
}

func addProtected(diags *diag.Diagnostics, attribute, reason string) {
	diags.AddAttributeError(path.Root(attribute), "Protected Tokens", fmt.Sprintf(
		"Nothing was revoked: %s The provider's protected_client_ids and protected_user_ids name whose tokens must not be revoked.", reason))
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

// addAppeared warns of tokens that were issued while the others were revoked.
func addAppeared(diags *diag.Diagnostics, words wording, req revoke.Request, appeared []okta.RefreshToken) {
	if len(appeared) == 0 {
		return
	}
	diags.AddWarning(
		fmt.Sprintf("%s of %s appeared during the revocation", plural(len(appeared), "refresh token"), req.Target),
		fmt.Sprintf("They were issued while the others were revoked, and they are alive. Whoever got them may still be at it: stop that first, then %s.\n\n%s",
			words.again, describe(appeared)))
}

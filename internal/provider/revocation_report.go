package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// maxNamed is how many tokens a message names. The state has them all.
const maxNamed = 50

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

// preview warns of what an apply will hit, unless a guard refuses it.
func (m requestModel) preview(ctx context.Context, engine *revoke.Engine, req revoke.Request, words wording, diags *diag.Diagnostics) {
	found, err := engine.Preview(ctx, req)
	if err != nil {
		addRevocationError(diags, words, m, req, err)
		return
	}
	addPreview(diags, req, found)
}

// refuseReadOnly reports a revocation by a provider that must not revoke.
func refuseReadOnly(engine *revoke.Engine, req revoke.Request, words wording, diags *diag.Diagnostics) {
	if engine.Client.ReadOnly() && !req.Nothing() {
		diags.AddError("Provider Is Read-Only", fmt.Sprintf(
			"The provider is configured with read_only, and this would revoke tokens of %s. %s", req.Target, words.readOnly))
	}
}

// checkKnownNames refuses a protected client or user even while other parts of
// the plan are unknown.
func (m requestModel) checkKnownNames(protected revoke.Protected, diags *diag.Diagnostics) {
	for _, named := range []struct {
		attribute string
		id        types.String
		protected okta.Set
	}{
		{"client_id", m.ClientID, protected.ClientIDs},
		{"user_id", m.UserID, protected.UserIDs},
	} {
		if isSet(named.id) && named.protected.Has(named.id.ValueString()) {
			addProtected(diags, named.attribute, fmt.Sprintf("%s is protected.", named.id.ValueString()))
		}
	}
}

// addPreview warns of what an apply will hit. The numbers are in the summary,
// because Terraform folds warnings with one summary into the first of them.
func addPreview(diags *diag.Diagnostics, req revoke.Request, p revoke.Preview) {
	count := plural(p.Count, "refresh token")
	if p.More && !req.Selection.Named() { // how many are named is known
		count = "more than " + count
	}
	summary := fmt.Sprintf("Will revoke %s of %s", count, req.Target)
	switch {
	case len(p.Tokens) > 0 && req.Target.EveryClient():
		summary += fmt.Sprintf(" (%s, %s)", plural(p.Clients, "client"), plural(p.Users, "user"))
	case len(p.Tokens) > 0:
		summary += fmt.Sprintf(" (%s)", plural(p.Users, "user"))
	}
	if req.EndSessions {
		summary += ", end the user's sessions, and revoke the user's tokens at every other client"
	}
	var detail strings.Builder
	detail.WriteString("Applying this plan revokes refresh tokens, and the access tokens issued with them. This cannot be undone.")
	if p.More {
		fmt.Fprintf(&detail, "\n\nThis is what the first requests showed; the apply reads all of them. So far: %s of %s.",
			plural(len(p.Tokens), "token"), plural(p.Users, "user"))
	}
	if len(p.Tokens) > 0 {
		fmt.Fprintf(&detail, "\n\n%s", describe(p.Tokens))
	}
	diags.AddWarning(summary, detail.String())
}

// plural is a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%s %ss", thousands(n), noun)
}

// thousands separates groups of three digits with commas.
func thousands(n int) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// describe lists tokens, a line each. Terraform does not break lines that begin
// with a space.
func describe(tokens []okta.RefreshToken) string {
	lines := make([]string, 0, min(len(tokens), maxNamed+1))
	for _, token := range tokens[:min(len(tokens), maxNamed)] {
		lines = append(lines, describeToken(token))
	}
	if rest := len(tokens) - maxNamed; rest > 0 {
		lines = append(lines, fmt.Sprintf("  … and %s more", thousands(rest)))
	}
	return strings.Join(lines, "\n")
}

// describeToken is a token in a line: its ID, and what Okta says of it.
func describeToken(t okta.RefreshToken) string {
	var line strings.Builder
	line.WriteString("  " + t.ID)
	for _, part := range []struct{ word, value string }{
		{"client", named(t.ClientID, t.ClientName)},
		{"user", named(t.UserID, t.UserName)},
		{"created", t.Created.String()},
		{"last updated", t.LastUpdated.String()},
	} {
		if part.value != "" {
			fmt.Fprintf(&line, ", %s %s", part.word, part.value)
		}
	}
	return line.String()
}

// named is an ID with the name, if there is one. Users choose their names, and none may add a
// line to what is read before a revocation.
func named(id, name string) string {
	if id == "" || name == "" {
		return id
	}
	return fmt.Sprintf("%s (%s)", id, printable(name))
}

// printable is a text without what a terminal would act on instead of showing it: line breaks,
// escapes, changes of the writing direction.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}

// nameAll lists IDs, up to a number.
func nameAll(ids []string, most int) string {
	shown := strings.Join(ids[:min(len(ids), most)], ", ")
	if rest := len(ids) - most; rest > 0 {
		shown += fmt.Sprintf(" and %s more", thousands(rest))
	}
	return shown
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

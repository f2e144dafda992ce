package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

const previewUnavailable = "Preview Unavailable"

// addPreviewUnavailable warns of a plan that cannot tell what it revokes, because of what
// is not known yet.
func (m requestModel) addPreviewUnavailable(engine *revoke.Engine, unknown []string, diags *diag.Diagnostics) {
	lines := []string{
		"This plan revokes refresh tokens, and cannot tell which.",
		"Not known before the apply: " + strings.Join(unknown, ", ") + ".",
	}
	if slices.ContainsFunc(unknown, func(part string) bool { return strings.HasPrefix(part, "filter") }) {
		lines = append(lines, "A part of filter that turns out null is no limit: the apply then revokes more, not less.")
	}
	lines = append(lines, "The guards are checked at the apply, before anything is revoked.", m.boundAdvice())
	diags.AddWarning(fmt.Sprintf("%s: refresh tokens of %s", previewUnavailable, m.place(nil, engine)), strings.Join(lines, "\n"))
}

// addNothingNamed warns that token_ids is empty, often because a data source has found nothing.
// It reports whether it is.
func (m requestModel) addNothingNamed(engine *revoke.Engine, req revoke.Request, diags *diag.Diagnostics) bool {
	if !req.Nothing() {
		return false
	}
	if isSet(m.TokenIDs) && len(m.TokenIDs.Elements()) == 0 {
		diags.AddWarning(fmt.Sprintf("Nothing to revoke: token_ids is empty for %s", m.place(nil, engine)),
			"If you expected tokens, check the data source's filter, the IDs and the org.")
	}
	return true
}

// boundAdvice is what max_tokens means for a plan without a preview.
func (m requestModel) boundAdvice() string {
	if isSet(m.MaxTokens) {
		return fmt.Sprintf("max_tokens = %s is the bound.", prose.Number(int(m.MaxTokens.ValueInt64())))
	}
	return "Nothing bounds how many: set max_tokens before you approve this."
}

// addPreviewFailed warns of a plan that cannot tell what it revokes, because Okta did not
// answer what the apply can do without.
func addPreviewFailed(diags *diag.Diagnostics, place string, err error) {
	diags.AddWarning(fmt.Sprintf("%s: Okta does not list the refresh tokens of %s", previewUnavailable, place), fmt.Sprintf(
		"The apply needs no list: it sends the DELETEs that were asked for all the same.\n"+
			"How many tokens that revokes, and whose, is not known. This cannot be undone.\n\n%s", lastWords(err)))
}

// unanswered reports whether Okta, or something on the way to it, failed to answer, rather
// than to answer what was hoped for.
func unanswered(err error) bool {
	_, foreign := errors.AsType[*okta.ForeignTokenError](err)
	_, contradiction := errors.AsType[*okta.ContradictionError](err)
	_, proxy := errors.AsType[*okta.ProxyError](err)
	if foreign || contradiction || proxy || errors.Is(err, context.Canceled) || okta.IsRefused(err) || isGuardError(err) {
		return false
	}
	e, answered := errors.AsType[*okta.Error](err)
	return !answered || e.StatusCode >= http.StatusInternalServerError || e.StatusCode == http.StatusTooManyRequests
}

package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// operation is what was being done when something failed.
type operation struct {
	summary  string // of failures without a better one, such as "Unable to List Clients"
	doing    string // with IDs: "list the clients of user 00u1"
	kind     okta.Kind
	repeated bool // whether the error says itself how to try again
	// untouched says that nothing was revoked, with a space after it, where that may be in doubt.
	untouched string
	several   bool // whether the attributes that name parents are sets: user_ids, not user_id
}

// attribute is what an attribute that names a parent is called here.
func (op operation) attribute(name string) string {
	if op.several {
		return name + "s"
	}
	return name
}

// tryAgain is advice that begins with trying again, unless that is said elsewhere.
func (op operation) tryAgain(after time.Time, advice string) string {
	switch {
	case !after.IsZero():
		return fmt.Sprintf("Try again after %s; %s", after.UTC().Format(time.RFC3339), advice)
	case op.repeated:
		return advice
	default:
		return "Try again; " + advice
	}
}

// otherParents are the ways to tokens without authorization servers.
func (op operation) otherParents() string {
	if op.several {
		return "user_ids or app_ids, with auth_server_ids = []"
	}
	return "user_id or app_id"
}

func listing(what string, of fmt.Stringer, kind okta.Kind) operation {
	return operation{
		summary: "Unable to List " + what,
		doing:   fmt.Sprintf("list the %s of %s", strings.ToLower(what), of),
		kind:    kind,
	}
}

// holderAttributes are the attributes that name what a kind's tokens are listed under.
var holderAttributes = map[okta.Kind]string{
	okta.KindAuthorizationServer: "auth_server_id",
	okta.KindUser:                "user_id",
	okta.KindApp:                 "app_id",
}

// addAPIError reports an error of the client: what could not be done, what to do
// about it, and Okta's own words last. It is attached to the attribute at fault
// where one is.
func addAPIError(diags *diag.Diagnostics, op operation, err error) {
	summary, advice, at := explain(op, err)
	detail := fmt.Sprintf("Could not %s. %s%s\n\n%s", op.doing, op.untouched, advice, lastWords(err))
	if ended(err) {
		detail = fmt.Sprintf("%s before it could %s.", advice, op.doing)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		detail += " Raise it, or try again."
	}
	if at == "" {
		diags.AddError(summary, detail)
		return
	}
	diags.AddAttributeError(path.Root(at), summary, detail)
}

// ended reports whether an error says that the run was interrupted or out of time, and
// nothing else.
func ended(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// lastWords is the error, verbatim.
func lastWords(err error) string {
	if e, ok := errors.AsType[*okta.Error](err); ok {
		who := "Okta said"
		if e.Foreign() {
			who = "the answer was"
		}
		return fmt.Sprintf("To %s %s, %s: %s", e.Method, e.Path, who, e.Said())
	}
	return prose.Printable(err.Error())
}

// explain finds the summary, the advice, and the attribute at fault if there is
// one.
func explain(op operation, err error) (summary, advice, at string) {
	if _, ok := errors.AsType[*okta.UnreadableError](err); ok {
		return "Unreadable Refresh Token", "A token that may or may not match is neither counted nor left out. " +
			"Leave that part out of the filter, or add another that excludes the token.", ""
	}
	if e, ok := errors.AsType[*okta.NoRoomError](err); ok {
		return rateLimitSummary, fmt.Sprintf("Try again after %s, or set max_wait_seconds to at least %d.", e.Until.UTC().Format(time.RFC3339), waitFor(e.Until)), ""
	}
	if e, ok := errors.AsType[*okta.ProxyError](err); ok {
		return explainProxy(e)
	}
	if e, ok := errors.AsType[*okta.SignInError](err); ok {
		return explainSignIn(e)
	}
	if e, ok := errors.AsType[*okta.Error](err); ok {
		return explainStatus(op, e)
	}
	switch {
	case errors.Is(err, context.Canceled):
		return "Interrupted", "It was interrupted", ""
	case errors.Is(err, context.DeadlineExceeded):
		return "Out of Time", "The timeout ended", ""
	}
	if _, ok := errors.AsType[*okta.ForeignTokenError](err); ok {
		return contradictionSummary, "A token that names another owner than the list that holds it is neither revoked nor counted. Try again, and ask Okta's support if it stays like that.", ""
	}
	if _, ok := errors.AsType[*revoke.StillListedError](err); ok {
		return "Okta Still Lists the Tokens", "Its answers to the DELETEs say that they are gone, and its list shows them. A list can lag behind for minutes.", ""
	}
	if _, ok := errors.AsType[*okta.ClockError](err); ok {
		return clocksDiffer, "One of them is wrong, so the age of a token is not known. Check this machine's clock. " +
			"If it is right, try again, and ask Okta's support if it stays like that.", ""
	}
	if isContradiction(err) {
		return contradictionSummary, "Okta lists what it says does not exist. Neither answer is believed. Try again, and ask Okta's support if it stays like that.", ""
	}
	if _, ok := errors.AsType[*okta.TransportError](err); ok {
		return "Unable to Reach Okta", "Check org_url, the network, and http_proxy if there is a proxy.", ""
	}
	return "Unexpected Answer from Okta", "What was read cannot be trusted to be complete, so it is not used. " +
		"Check that org_url and any proxy lead to Okta's API; if they do, please report this.", ""
}

// explainProxy is explain for a proxy that passes nothing on.
func explainProxy(e *okta.ProxyError) (summary, advice, at string) {
	const refused = "The Proxy Refused the Connection"
	if e.WrongPassword() {
		return refused, fmt.Sprintf("It does not accept the user name and password in %s, or needs some. "+
			"This run does not ask it again, because repeated wrong passwords lock accounts.", e.From), ""
	}
	if e.StatusCode >= 500 {
		return refused, "It may be out of order, or not reach Okta. Try again.", ""
	}
	return refused, fmt.Sprintf("Ask whoever runs the proxy to allow connections to the host in org_url, or change %s.", e.From), ""
}

const clocksDiffer = "Okta's Clock and This Machine's Differ"

const rateLimitSummary = "Okta Rate Limit Exceeded"

// usualReset is how far away the reset of a rate limit is at most, with some seconds to spare.
const usualReset = 65 * time.Second

// waitForLimit says when to try again. Only a longer max_wait_seconds helps against a reset that
// is far away, and only more retries against others who use up one window after the other.
func waitForLimit(reset time.Time) string {
	again := "Try again after " + reset.UTC().Format(time.RFC3339)
	switch {
	case reset.IsZero():
		return "Try again in a minute. If others keep using up the limit, raise max_retries."
	case time.Until(reset) > usualReset:
		return fmt.Sprintf("%s, or set max_wait_seconds to at least %d.", again, waitFor(reset))
	default:
		return again + ". If others keep using up the limit, raise max_retries."
	}
}

// waitFor is the max_wait_seconds that a request needs to wait for a reset.
func waitFor(reset time.Time) int {
	return int(math.Ceil(max(usualReset, time.Until(reset)).Seconds()))
}

// explainStatus is explain for an answer of Okta's.
func explainStatus(op operation, e *okta.Error) (summary, advice, at string) {
	switch {
	case e.Foreign() && e.StatusCode >= 400 && e.StatusCode < 500 && !passes(e.StatusCode):
		return "Not an Okta API", fmt.Sprintf("Nothing in the answer of %s is Okta's: a proxy, a gateway or another server gave it. "+
			"Check %s, and http_proxy or the HTTPS_PROXY variable if there is a proxy.", cmp.Or(e.Source.Org, "the server"), orgSetting(e)), ""
	case e.StatusCode == http.StatusUnauthorized && e.Code == okta.CodeFeatureDisabled:
		return "API Access Management Is Not Enabled",
			fmt.Sprintf("This org lacks API Access Management, the feature of Okta's that custom authorization servers belong to. Tokens can still be found through %s.", op.otherParents()),
			op.attribute(holderAttributes[op.kind])
	case e.StatusCode == http.StatusUnauthorized:
		return "Okta Rejected the Credentials", refusedCredential(e), ""
	case e.StatusCode == http.StatusForbidden:
		return "Missing Okta Permission", missingPermission(e), ""
	case e.StatusCode == http.StatusNotFound && e.Code == okta.CodeNotFound:
		advice, at := explainMissing(op, e)
		return "Parent Not Found", advice, at
	case e.StatusCode == http.StatusNotFound:
		return "Not an Okta API", fmt.Sprintf("%s has no such URL, so it is not an org's API. Check %s.", cmp.Or(e.Source.Org, "What answered"), orgSetting(e)), ""
	case e.StatusCode == http.StatusTooManyRequests:
		return rateLimitSummary, waitForLimit(e.RetryAt), ""
	case e.StatusCode >= 300 && e.StatusCode < 400:
		return op.summary, "The address redirects. Redirects are not followed, because the credential must reach no other host. Set org_url to the address that Okta's API is at.", ""
	case e.StatusCode >= 500 || passes(e.StatusCode):
		return op.summary, "Okta, or a proxy before it, failed to answer. " + op.tryAgain(e.RetryAt, "https://status.okta.com reports outages."), ""
	default:
		return op.summary, "Okta refused the request.", ""
	}
}

// passes reports whether a status below 500 is of trouble that passes.
func passes(status int) bool {
	return status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status == http.StatusTooEarly
}

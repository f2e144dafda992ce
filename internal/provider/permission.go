package provider

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// missingPermission tells what the credential lacks. Of a service app it is known
// which scopes were asked for and which were granted, without another request.
func missingPermission(e *okta.Error) string {
	scope := e.RequiredScope()
	if e.Challenge.Scope != "" {
		scope = e.Challenge.Scope
	}
	switch {
	case e.Grants != nil:
		return missingGrant(e.Grants, scope)
	case e.Source.AccessToken != "" && e.Challenge.Code == "insufficient_scope":
		return fmt.Sprintf("The access token from %s lacks the scope %s. Grant it to the app that the token was issued to, and get a new token.",
			e.Source.AccessToken, scope)
	case e.Source.AccessToken != "":
		return fmt.Sprintf("The access token from %s needs the scope %s, and its owner a role that may %s.",
			e.Source.AccessToken, scope, rolesFor(scope))
	default:
		return fmt.Sprintf("The owner of the API token from %s needs a role that may %s.",
			e.Source.APIToken, rolesFor(scope))
	}
}

// missingGrant is missingPermission for a service app.
func missingGrant(grants *okta.Grants, scope string) string {
	switch {
	case includes(grants.Granted, scope):
		return fmt.Sprintf("The service app has the scope %s, but no role that may %s. "+
			"Assign one to the app, under Admin roles on its page.", scope, rolesFor(scope))
	case includes(grants.Asked, scope):
		return fmt.Sprintf("The scope %s was asked for and not granted. Grant it to the service app, under Okta API Scopes on its page. "+
			"Okta granted: %s.", scope, scopeList(grants.Granted))
	default:
		return fmt.Sprintf("The scope %s was not asked for. Add it to scopes or OKTA_API_SCOPES, and grant it to the service app, "+
			"under Okta API Scopes on its page. Asked for: %s.", scope, scopeList(grants.Asked))
	}
}

// includes reports whether scopes hold a scope. To manage implies to read.
func includes(scopes []string, scope string) bool {
	return slices.Contains(scopes, scope) ||
		slices.Contains(scopes, strings.TrimSuffix(scope, ".read")+".manage") && strings.HasSuffix(scope, ".read")
}

// rolesFor says what a role must allow for a scope, and names roles that do.
func rolesFor(scope string) string {
	if strings.HasSuffix(scope, ".read") {
		return "read: Read-Only Administrator, for example"
	}
	return "revoke: Super Administrator, or a custom role that can manage " + managedBy(scope)
}

// managedBy is what a scope allows to manage.
func managedBy(scope string) string {
	switch {
	case strings.HasPrefix(scope, "okta.authorizationServers."):
		return "authorization servers"
	case strings.HasPrefix(scope, "okta.users."):
		return "users"
	case strings.HasPrefix(scope, "okta.apps."):
		return "applications"
	default:
		return "the resource"
	}
}

func scopeList(scopes []string) string {
	if len(scopes) == 0 {
		return "nothing"
	}
	return strings.Join(scopes, ", ")
}

// explainSignIn is explain for a service app that the token endpoint refused.
func explainSignIn(e *okta.SignInError) (summary, advice, at string) {
	const refused = "Service App Cannot Sign In"
	switch {
	case e.Skew != 0 && (e.Code == "invalid_client" || e.Code == "invalid_dpop_proof"):
		return refused, fmt.Sprintf("The clock of this machine is %s Okta's, and an assertion is only good for minutes. Set the clock.", skew(e)), ""
	case e.Code == "invalid_client":
		return refused, refusedSignature(e), ""
	case e.Code == "invalid_scope" || e.Code == "consent_required":
		return refused, fmt.Sprintf("None of the scopes asked for is granted to the app. Grant them under Okta API Scopes on its page, or change scopes. Asked for: %s.", scopeList(e.Scopes)), ""
	case e.Code == "access_denied":
		return refused, "The app, or its network zone, does not allow this machine to sign in.", ""
	case e.StatusCode == http.StatusTooManyRequests:
		return rateLimitSummary, "Okta's limit on signing in is used up. Try again in a minute, or raise max_retries or max_wait_seconds.", ""
	case e.StatusCode >= 500:
		return refused, "Okta failed to answer. Try again; https://status.okta.com reports outages.", ""
	case e.Code == "":
		return "Not an Okta API", "What answered is not Okta's token endpoint. Check org_url, and http_proxy if there is a proxy.", ""
	default:
		return refused, fmt.Sprintf("Check the service app (%s) and its scopes.", serviceAppFrom(e.Source)), ""
	}
}

func skew(e *okta.SignInError) string {
	if e.Skew > 0 {
		return fmt.Sprintf("%s ahead of", e.Skew)
	}
	return fmt.Sprintf("%s behind", -e.Skew)
}

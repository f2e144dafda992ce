package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// mirrored is a hook that answers like a proxy which shows the request that it
// does not let through.
func mirrored(status int) oktafake.Responder {
	return func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, "<pre>Authorization: %s\n", r.Header.Get("Authorization")) // the client would complain
		return true
	}
}

// What a proxy answers is in diagnostics, and of an inventory that goes on in the
// state. The credential must not come back in it.
func TestCredentialDoesNotComeBackFromAProxy(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusOK, http.StatusForbidden, http.StatusBadGateway} {
		org := newInventoryOrg(t)
		org.Intercept = mirrored(status)
		c := newCore(t, org, attributes{"max_retries": 0})
		_, failed := c.readData("inventory", nil)
		org.Intercept = oktafake.When(oktafake.On(http.MethodGet, allTokens), mirrored(status))
		got, partial := c.readData("inventory", attributes{"on_error": "continue"})
		failures := fmt.Sprint(got["failures"])
		for where, text := range map[string]string{"diagnostics": fmt.Sprint(failed), "state": failures} {
			if strings.Contains(text, org.APIToken) || !strings.Contains(text, "SSWS [redacted]") {
				t.Errorf("%d: got the %s %s, want the token redacted", status, where, text)
			}
		}
		if strings.Contains(fmt.Sprint(got, partial), org.APIToken) {
			t.Errorf("%d: the token is in %v or %v", status, got, partial)
		}
	}
}

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

// What a proxy answers is in diagnostics. The credential must not come back in it, and
// not in the state of an inventory that goes on.
func TestCredentialDoesNotComeBackFromAProxy(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusOK, http.StatusForbidden, http.StatusBadGateway} {
		org := newInventoryOrg(t)
		org.Intercept = mirrored(status)
		c := newCore(t, org, attributes{"max_retries": 0})
		_, failed := c.readData("inventory", nil)
		org.Intercept = oktafake.When(oktafake.On(http.MethodGet, allTokens), mirrored(status))
		got, partial := c.readData("inventory", attributes{"on_error": "continue"})
		for _, text := range []string{fmt.Sprint(failed), fmt.Sprint(partial)} {
			if !strings.Contains(text, "SSWS [redacted]") {
				t.Errorf("%d: got the diagnostics %s, want the token redacted", status, text)
			}
		}
		if fmt.Sprint(got["failures"]) == "[]" {
			t.Errorf("%d: got no failures in the state, want some", status)
		}
		if strings.Contains(fmt.Sprint(failed, got, partial), org.APIToken) {
			t.Errorf("%d: the token is in %v or %v", status, got, partial)
		}
	}
}

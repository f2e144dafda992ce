package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// mirrors are answers of a proxy which shows the request that it does not let through.
var mirrors = []string{
	"<html><head><title>Not allowed: %s</title></head></html>",
	"Not allowed: %s",
	`{"errorCode":"E0000006","errorSummary":"Not allowed: %s"}`,
	`[{"id":"%s"`,
}

// mirrored is a hook that answers like such a proxy.
func mirrored(status int, format string) oktafake.Responder {
	return func(w http.ResponseWriter, r *http.Request) bool {
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, format, r.Header.Get("Authorization")) // the client would complain
		return true
	}
}

// What a proxy answers is in diagnostics, and of an inventory that goes on in the
// state. The credential must not come back in it.
func TestCredentialDoesNotComeBackFromAProxy(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusOK, http.StatusForbidden, http.StatusBadGateway} {
		for _, format := range mirrors {
			org := newInventoryOrg(t)
			org.Intercept = mirrored(status, format)
			c := newCore(t, org, attributes{"max_retries": 0})
			_, failed := c.readData("inventory", nil)
			org.Intercept = oktafake.When(oktafake.On(http.MethodGet, allTokens), mirrored(status, format))
			got, partial := c.readData("inventory", attributes{"on_error": "continue"})
			if len(failed) == 0 || len(partial) == 0 || fmt.Sprint(got["failures"]) == "[]" {
				t.Errorf("%d, %s: got %v, %v and the failures %v, want both to fail", status, format, failed, partial, got["failures"])
			}
			if strings.Contains(fmt.Sprint(failed, partial, got), org.APIToken) {
				t.Errorf("%d, %s: the token is in %v, %v or %v", status, format, failed, partial, got)
			}
		}
	}
}

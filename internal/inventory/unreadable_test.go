package inventory_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/inventory"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// If the client ID of an app's token cannot be read, nothing says whether the token is
// wanted.
func TestTokenOfUnreadableClientIsAnError(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	org.Intercept = oktafake.When(oktafake.On(http.MethodGet, "/api/v1/apps/0oa1/tokens"), func(w http.ResponseWriter, _ *http.Request) bool {
		_, err := w.Write([]byte(`[{"id":"oar1","clientId":"0oa1"},{"id":"oar2","clientId":7}]`))
		return err == nil
	})
	req := inventory.Request{AuthServerIDs: []string{}, AppIDs: []string{"0oa1"}}
	all := take(t, org, req)
	diff(t, "tokens of any client", all.TokenCount, 2)
	diff(t, "unreadable", all.Unreadable, okta.Unreadable{"oar2": okta.FieldClientID})

	req.ClientIDs = okta.NewSet("0oa1")
	_, err := inventory.Take(t.Context(), newClient(t, org), req)
	if e, ok := errors.AsType[*okta.UnreadableError](err); !ok || e.TokenID != "oar2" {
		t.Errorf("got %v, want an error about oar2", err)
	}
}

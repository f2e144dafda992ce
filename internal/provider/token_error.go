package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// addTokenError reports why one token could not be read. Okta says the same of a
// token that is gone and of a parent that does not exist, so the parent's list is
// read before the token is said to be gone. What to do about that is advice.
func addTokenError(ctx context.Context, diags *diag.Diagnostics, client *okta.Client, parent okta.Parent, id, advice string, err error) {
	if okta.IsNotFound(err) {
		if listErr := client.ConfirmTokenGone(ctx, parent, id, err); listErr != nil {
			err = listErr
		} else {
			diags.AddAttributeError(path.Root("token_id"), "Refresh Token Not Found", fmt.Sprintf(
				"There is no refresh token %s of %s. It may have been revoked or have expired.%s\n\n%s", prose.Printable(id), parent, advice, lastWords(err)))
			return
		}
	}
	addAPIError(diags, operation{
		summary: "Unable to Read Refresh Token",
		doing:   fmt.Sprintf("read refresh token %s of %s", prose.Printable(id), parent),
		kind:    parent.Kind(),
	}, err)
}

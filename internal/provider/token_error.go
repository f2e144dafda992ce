package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// addTokenError reports why one token could not be read. Okta says the same of a
// token that is gone and of a parent that does not exist, so that the parent is
// looked at before the token is said to be gone. What to do about that is advice.
func addTokenError(ctx context.Context, diags *diag.Diagnostics, client *okta.Client, parent okta.Parent, id, advice string, err error) {
	if okta.IsNotFound(err) {
		if parentErr := missingParent(ctx, client, parent); parentErr != nil {
			err = parentErr
		} else {
			diags.AddAttributeError(path.Root("token_id"), "Refresh Token Not Found", fmt.Sprintf(
				"There is no refresh token %s of %s. It may have been revoked or have expired.%s\n\n%s", id, parent, advice, lastWords(err)))
			return
		}
	}
	addAPIError(diags, operation{
		summary: "Unable to Read Refresh Token",
		doing:   fmt.Sprintf("read refresh token %s of %s", id, parent),
		kind:    parent.Kind(),
	}, err)
}

// missingParent is why the tokens of a parent cannot be listed, or nil: one page
// tells whether it exists.
func missingParent(ctx context.Context, client *okta.Client, parent okta.Parent) error {
	for _, err := range client.RefreshTokenPages(ctx, parent) {
		return err
	}
	return nil
}

package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// addTokenError reports why one token could not be read. Okta says the same of a
// token that is gone and of a parent that does not exist, so that the parent is
// looked at before the token is said to be gone. What to do about that is advice.
func addTokenError(ctx context.Context, diags *diag.Diagnostics, client *okta.Client, parent okta.Parent, id, advice string, err error) {
	if okta.IsNotFound(err) {
		if listErr := checkNotThere(ctx, client, parent, id); listErr != nil {
			err = listErr
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

// errListed is why a token is not gone of which Okta says that it is not there.
var errListed = errors.New("Okta says that the refresh token is not there, and lists it as alive; try again")

// checkNotThere looks at the parent of a token of which Okta says that it is not there. One
// page tells whether the parent exists, and may show the token all the same. It returns
// nil when nothing speaks against the token being gone.
func checkNotThere(ctx context.Context, client *okta.Client, parent okta.Parent, id string) error {
	for page, err := range client.RefreshTokenPages(ctx, parent) {
		if err != nil {
			return err
		}
		alive := func(token okta.RefreshToken) bool { return token.ID == id && token.Alive() }
		if slices.ContainsFunc(page.Items, alive) {
			return errListed
		}
		break
	}
	return nil
}

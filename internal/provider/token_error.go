package provider

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// addTokenError reports why one token could not be read. Advice says what to do if it
// does not exist.
func addTokenError(diags *diag.Diagnostics, parent okta.Parent, id, advice string, err error) {
	if gone, ok := errors.AsType[*okta.TokenGoneError](err); ok {
		diags.AddAttributeError(path.Root("token_id"), "Refresh Token Not Found", fmt.Sprintf(
			"There is no refresh token %s of %s. It may have been revoked or have expired.%s\n\n%s", prose.Printable(id), parent, advice, lastWords(gone.NotFound)))
		return
	}
	addAPIError(diags, operation{
		summary: "Unable to Read Refresh Token",
		doing:   fmt.Sprintf("read refresh token %s of %s", prose.Printable(id), parent),
		kind:    parent.Kind(),
	}, err)
}

package provider

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

func isContradiction(err error) bool {
	_, ok := errors.AsType[*okta.ContradictionError](err)
	return ok
}

const contradictionSummary = "Okta Contradicts Itself"

// addUnproven warns that a refresh keeps what was known, and why.
func addUnproven(diags *diag.Diagnostics, what, kept string, err error) {
	if isContradiction(err) {
		diags.AddWarning(contradictionSummary, fmt.Sprintf(
			"Okta says that %s does not exist, and lists it all the same. Neither answer is believed: %s. The next refresh asks again.\n\n%s", what, kept, lastWords(err)))
		return
	}
	diags.AddWarning("Parent Not Found", fmt.Sprintf(
		"Okta says that %s does not exist, and no list confirms it, so it is not believed: %s. "+
			"Check the IDs, and the roles of the credential. If it was deleted, its tokens are gone with it: remove the resource from the state with terraform state rm.\n\n%s", what, kept, lastWords(err)))
}

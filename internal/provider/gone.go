package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// confirmTokenGone confirms a 404 that answered a request for a token which was there
// once: its parent lists it no longer, or the parent is confirmed to be gone.
func confirmTokenGone(ctx context.Context, client *okta.Client, m parentModel, id string, notFound error) error {
	err := client.ConfirmTokenGone(ctx, m.parent(), id, notFound)
	if okta.IsNotFound(err) {
		return confirmParentGone(ctx, client, m, err)
	}
	return err
}

// confirmParentGone confirms a 404 that answered a request for the tokens of one parent: its
// holder exists, and does not list the client. What contains an app or a holder is not
// looked at, so theirs stays unconfirmed.
func confirmParentGone(ctx context.Context, client *okta.Client, m parentModel, notFound error) error {
	if m.parent().Kind() == okta.KindApp || m.ClientID.IsNull() {
		return notFound
	}
	return client.ConfirmClientDeleted(ctx, m.holder(), m.ClientID.ValueString(), notFound)
}

// unproven reports whether an error is Okta's word that something does not exist, and
// nothing confirms it: then what was known before still holds.
func unproven(err error) bool { return okta.IsNotFound(err) || isContradiction(err) }

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

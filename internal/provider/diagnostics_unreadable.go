package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// unreadable is what could not be read of these tokens.
func unreadable(tokens ...okta.RefreshToken) okta.Unreadable {
	var found okta.Unreadable
	for _, token := range tokens {
		found.Add(token)
	}
	return found
}

// addUnreadable warns once of all fields that could not be read, and are null for
// that reason alone.
func addUnreadable(diags *diag.Diagnostics, found okta.Unreadable) {
	fields := found.ByField()
	if len(fields) == 0 {
		return
	}
	lines := make([]string, len(fields))
	for i, field := range fields {
		lines[i] = fmt.Sprintf("  %s: %s", field.Name, prose.List(field.TokenIDs, maxUnreadableNamed))
	}
	diags.AddWarning("Okta Sent Fields That Cannot Be Read", fmt.Sprintf(
		"These fields are null, because Okta sent them in a form that this provider does not know. A null here does not mean that the token has no such value:\n\n%s\n\n"+
			"A filter on one of these fields is an error. Please report this.", strings.Join(lines, "\n")))
}

// maxUnreadableNamed is how many tokens the warning names for each field.
const maxUnreadableNamed = 10

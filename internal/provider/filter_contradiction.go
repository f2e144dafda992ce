package provider

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

const contradiction = "Filter Matches Nothing"

// windows are the pairs of a filter's parts of which the first is a time that some field
// of a token must be after, and the second one that the same field, or a later one, must
// be before.
var windows = []struct{ after, before, why string }{
	{"created_after", "created_before", "A token matches if it was issued between the two"},
	{"last_updated_after", "last_updated_before", "A token matches if it was last used between the two"},
	{"expires_after", "expires_before", "A token matches if it expires between the two"},
	{"created_after", "last_updated_before", "No token was last used before it was issued"},
	{"created_after", "expires_before", "No token expires before it is issued"},
}

// refuseContradictions refuses parts that no token can match together. An empty set is no
// contradiction: it matches nothing on purpose.
func refuseContradictions(at path.Path, filter types.Object, diags *diag.Diagnostics) {
	parts := filter.Attributes()
	for _, window := range windows {
		after, isAfter := setAs[timeValue](parts[window.after])
		before, isBefore := setAs[timeValue](parts[window.before])
		if !isAfter || !isBefore {
			continue
		}
		start, startErr := parseTime(after.ValueString())
		end, endErr := parseTime(before.ValueString())
		if startErr == nil && endErr == nil && !start.Before(end) {
			diags.AddAttributeError(at.AtName(window.before), contradiction, fmt.Sprintf(
				"No token can match: %s = %s is not earlier than %s = %s. %s.", window.after, after, window.before, before, window.why))
		}
	}
	if never, ok := setAs[types.Bool](parts["never_expires"]); ok && never.ValueBool() {
		for _, name := range []string{"expires_before", "expires_after"} {
			if isSet(parts[name]) {
				diags.AddAttributeError(at.AtName(name), contradiction, fmt.Sprintf(
					"No token can match: never_expires = true asks for tokens that never expire, and %s for tokens that do. Remove one of them.", name))
			}
		}
	}
}

// refuseOtherParent refuses a filter that asks for tokens which its parent cannot have.
func (m parentModel) refuseOtherParent(filter types.Object, diags *diag.Diagnostics) {
	server, user, client := m.AuthServerID, m.UserID, m.ClientID
	if isSet(server) && server.ValueString() != "default" { // an alias, of an ID that is not known here
		refuseWithout(server.ValueString(), "auth_server_id", filter, "auth_server_ids", diags)
	}
	if isSet(user) && okta.User(user.ValueString()).NamedByID() {
		refuseWithout(user.ValueString(), "user_id", filter, "user_ids", diags)
	}
	if isSet(client) {
		refuseWithout(client.ValueString(), "client_id", filter, "client_ids", diags)
	}
}

// refuseWithout refuses a part of a filter that is a set without the ID of the parent.
func refuseWithout(id, argument string, filter types.Object, part string, diags *diag.Diagnostics) {
	set, ok := setAs[types.Set](filter.Attributes()[part])
	if !ok || len(set.Elements()) == 0 || !isKnown(set) || slices.Contains(set.Elements(), attr.Value(types.StringValue(id))) {
		return
	}
	diags.AddAttributeError(path.Root("filter").AtName(part), contradiction, fmt.Sprintf(
		"No token can match: every token of the parent has %s = %q, which is not among the filter's %s. Remove %s from the filter, or correct one of them.", argument, id, part, part))
}

// setAs is a value as its own type, if it is known and not null.
func setAs[V attr.Value](value attr.Value) (V, bool) {
	v, ok := value.(V)
	return v, ok && isSet(v)
}

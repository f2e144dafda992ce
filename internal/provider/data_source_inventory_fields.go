package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/inventory"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// failureFields are a place that could not be read.
var failureFields = fields[inventory.Failure]{
	{"auth_server_id", func(f inventory.Failure) any { return f.ID(okta.KindAuthorizationServer) }, computedText("Authorization server that could not be read, or null. All IDs are null if the list of authorization servers could not be read.")},
	{"user_id", func(f inventory.Failure) any { return f.ID(okta.KindUser) }, computedText("User that could not be read, or null.")},
	{"app_id", func(f inventory.Failure) any { return f.ID(okta.KindApp) }, computedText("App that could not be read, or null.")},
	{"client_id", func(f inventory.Failure) any { return f.Parent.ClientID() }, computedText("Client whose tokens could not be read, or null if the list of clients could not be read.")},
	{"error", func(f inventory.Failure) any { return okta.StableText(f.Err) }, computedText("What Okta said, or why there was no answer. The text is the same for each reading. The warning has the request IDs.")},
	{"tokens_seen", func(f inventory.Failure) any { return f.TokensSeen }, computedCount("How many tokens were read before the failure. They are not counted.")},
}

// inventoryClientFields are a client at an authorization server.
var inventoryClientFields = fields[inventory.Client]{
	{"auth_server_id", func(c inventory.Client) any { return c.AuthServerID }, computedText("Authorization server that issued the row's tokens. Null for the org authorization server.")},
	{"auth_server_name", func(c inventory.Client) any { return c.AuthServerName }, computedText("Name of the authorization server.")},
	{"client_id", func(c inventory.Client) any { return c.ClientID }, computedText("Client ID. For some apps, it differs from the app's ID.")},
	{"client_name", func(c inventory.Client) any { return c.ClientName }, computedText("Name of the client.")},
	{"token_count", func(c inventory.Client) any { return c.TokenCount }, computedCount("How many tokens the client holds.")},
	{"user_count", func(c inventory.Client) any { return c.UserCount }, computedCount("How many users the client's tokens were issued for.")},
	{"oldest_created", func(c inventory.Client) any { return c.OldestCreated }, computedTime("When the oldest of the client's tokens was issued, in RFC 3339.")},
	{"newest_created", func(c inventory.Client) any { return c.NewestCreated }, computedTime("When the newest of the client's tokens was issued, in RFC 3339.")},
	{"oldest_last_updated", func(c inventory.Client) any { return c.OldestLastUpdated }, computedTime("When the client's least recently used token was last used or changed, in RFC 3339.")},
	{"never_expires_count", func(c inventory.Client) any { return c.NeverExpiresCount }, computedCount("How many of the client's tokens never expire.")},
	{"scope_counts", func(c inventory.Client) any { return c.TokensByScope }, schema.MapAttribute{
		MarkdownDescription: "How many of the client's tokens have each scope, such as `{ \"orders:write\" = 12 }`.",
		ElementType:         types.Int64Type,
		Computed:            true,
	}},
}

// ageBandFields are a bar of the histogram.
var ageBandFields = fields[inventory.AgeBand]{
	{"days_from", func(b inventory.AgeBand) any { return b.From }, computedCount("First day of the band: 0, 1, 7, 30, 90, 180 or 365.")},
	{"days_to", func(b inventory.AgeBand) any {
		if b.To == 0 {
			return nil
		}
		return b.To
	}, computedCount("Day on which the next band begins. Null for the last band.")},
	{"token_count", func(b inventory.AgeBand) any { return b.Count }, computedCount("How many tokens are in the band.")},
}

// inventoryUserFields are a user who holds tokens.
var inventoryUserFields = fields[inventory.User]{
	{"user_id", func(u inventory.User) any { return u.ID }, computedText("ID of the user.")},
	{"user_name", func(u inventory.User) any { return u.Name }, computedText("Name of the user, from the tokens' links.")},
	{"token_count", func(u inventory.User) any { return u.TokenCount }, computedCount("How many tokens the user has.")},
	{"client_count", func(u inventory.User) any { return u.ClientCount }, computedCount("How many clients hold tokens of the user.")},
}

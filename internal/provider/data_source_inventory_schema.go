package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/inventory"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/protocol"
)

func (d *inventoryDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := inventoryArguments()
	maps.Copy(attributes, inventorySums())
	maps.Copy(attributes, inventoryLists())
	resp.Schema = schema.Schema{
		MarkdownDescription: "Audits the refresh tokens of a whole org, or of parts of it: sums by client, user, scope and age, without a row for each token in the state. " +
			"It costs one request for the list of authorization servers, one for the clients of each, and one for every 200 tokens of a client.",
		Attributes: attributes,
		Blocks:     map[string]schema.Block{"filter": filterBlock(filterDescription + " Without a filter, all tokens are counted.")},
	}
}

func inventoryArguments() map[string]schema.Attribute {
	ids := func(isOne validator.String, description string) schema.Attribute {
		return schema.SetAttribute{
			MarkdownDescription: description,
			ElementType:         types.StringType,
			Optional:            true,
			Validators:          []validator.Set{noNulls{}, setvalidator.ValueStringsAre(isOne)},
		}
	}
	return map[string]schema.Attribute{
		"auth_server_ids": ids(isID(), "IDs of the custom authorization servers to audit, such as `aus8k2lmq4RtXw7Zn5d7`, or `default`. Left out, it means every one of the org; an empty set means none, as for an audit of users or apps alone."),
		"client_ids":      ids(isID(), "Count only the tokens of these clients, by client ID, wherever they are found. A client that does not exist is an error; one without tokens is not."),
		"user_ids":        ids(isUser(), "IDs or logins of users, such as `00u1a2b3c4d5e6f7g8h9`, whose tokens to count as well, at each of their clients. They add the tokens of the org authorization server, which no other list shows."),
		"app_ids":         ids(isID(), "IDs of apps, such as `0oa3f9hbc6JyPs1Qv5d7`, whose tokens to count as well, whichever authorization server issued them."),
		"include_tokens": schema.BoolAttribute{
			MarkdownDescription: "Also store every token, in `tokens`. Defaults to `false`: with 100,000 tokens, a plan takes Terraform itself about half a minute.",
			Optional:            true,
		},
		"include_users": schema.BoolAttribute{
			MarkdownDescription: "Also sum up by user, in `users`. Defaults to `false`.",
			Optional:            true,
		},
		"on_error": schema.StringAttribute{
			MarkdownDescription: "What to do about a server, user, app or client that cannot be read: `fail` ends the inventory with an error, `continue` leaves it out, names it in `failures`, and makes `complete` false. Defaults to `fail`.",
			Optional:            true,
			Validators:          []validator.String{stringvalidator.OneOf(onErrorFail, onErrorContinue)},
		},
	}
}

func inventorySums() map[string]schema.Attribute {
	count := func(description string) schema.Attribute {
		return schema.Int64Attribute{MarkdownDescription: description, Computed: true}
	}
	return map[string]schema.Attribute{
		"org_url": schema.StringAttribute{
			MarkdownDescription: "URL of the org that was audited, such as `https://acme.okta.com`.",
			Computed:            true,
		},
		"complete": schema.BoolAttribute{
			MarkdownDescription: "Whether everything that was asked for is in the sums. Never `false` unless `on_error` is `continue`.",
			Computed:            true,
		},
		"token_count":  count("How many refresh tokens there are. One that several parents show counts once; one that Okta shows as revoked does not count."),
		"client_count": count("How many clients hold these tokens. One with tokens of two authorization servers counts once, though it has two rows in `clients`."),
		"user_count":   count("How many users these tokens were issued for."),
	}
}

func inventoryLists() map[string]schema.Attribute {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: description, Computed: true}
	}
	instant := func(description string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: description, CustomType: timeType{}, Computed: true}
	}
	count := func(description string) schema.Attribute {
		return schema.Int64Attribute{MarkdownDescription: description, Computed: true}
	}
	list := func(description string, row map[string]schema.Attribute) schema.Attribute {
		return schema.ListNestedAttribute{
			MarkdownDescription: description, Computed: true, NestedObject: schema.NestedAttributeObject{Attributes: row},
		}
	}
	return map[string]schema.Attribute{
		"failures": list("What could not be read, and is in no sum. Empty unless `on_error` is `continue`.", map[string]schema.Attribute{
			"auth_server_id": text("Authorization server that could not be read, or null. All IDs are null when the list of authorization servers itself could not be."),
			"user_id":        text("User that could not be read, or null."),
			"app_id":         text("App that could not be read, or null."),
			"client_id":      text("Client whose tokens could not be read, or null when its authorization server's or user's clients could not."),
			"error":          text("What Okta said, or why it said nothing, in words that do not differ from read to read. The warning has the request IDs."),
			"tokens_seen":    count("How many tokens were read before it failed. None of them is counted anywhere."),
		}),
		"clients": list("The clients that hold the tokens, one row for each authorization server, sorted by `auth_server_id`, then `client_id`.", map[string]schema.Attribute{
			"auth_server_id":      text("Authorization server that issued the row's tokens. Null for the org authorization server."),
			"auth_server_name":    text("Name of the authorization server."),
			"client_id":           text("Client ID, which for some apps is not the app's ID."),
			"client_name":         text("Name of the client."),
			"token_count":         count("How many of the tokens the client holds."),
			"user_count":          count("How many users the client's tokens were issued for."),
			"oldest_created":      instant("When the oldest of the client's tokens was issued, in RFC 3339."),
			"newest_created":      instant("When the newest of the client's tokens was issued, in RFC 3339."),
			"oldest_last_updated": instant("When the client's least recently used token was last used or changed, in RFC 3339."),
			"never_expires_count": count("How many of the client's tokens never expire."),
			"scope_counts": schema.MapAttribute{
				MarkdownDescription: "How many of the client's tokens carry each scope, by scope, such as `{ \"orders:write\" = 12 }`.",
				ElementType:         types.Int64Type,
				Computed:            true,
			},
		}),
		"age_histogram": list("How many tokens are how old, by Okta's clock, the youngest first. A token of which Okta does not say when it was issued is in no band.", map[string]schema.Attribute{
			"days_from":   count("First day of the band: 0, 1, 7, 30, 90, 180 or 365."),
			"days_to":     count("Day at which the next band begins. Null for the last band, which has no end."),
			"token_count": count("How many tokens are in the band."),
		}),
		"users": list("The users that the tokens were issued for, sorted by `user_id`. Null unless `include_users` is `true`.", map[string]schema.Attribute{
			"user_id":      text("ID of the user."),
			"user_name":    text("Name of the user, from the tokens' links."),
			"token_count":  count("How many of the tokens are the user's."),
			"client_count": count("How many clients hold tokens of the user."),
		}),
		"tokens": list("The refresh tokens, sorted by `created`, then `id`. Null unless `include_tokens` is `true`.", tokenDataSourceAttributes()),
	}
}

// The types of the rows.
var (
	failureType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"auth_server_id": types.StringType, "user_id": types.StringType, "app_id": types.StringType, "client_id": types.StringType,
		"error": types.StringType, "tokens_seen": types.Int64Type,
	}}
	inventoryClientType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"auth_server_id": types.StringType, "auth_server_name": types.StringType,
		"client_id": types.StringType, "client_name": types.StringType,
		"token_count": types.Int64Type, "user_count": types.Int64Type, "never_expires_count": types.Int64Type,
		"oldest_created": timeType{}, "newest_created": timeType{}, "oldest_last_updated": timeType{},
		"scope_counts": types.MapType{ElemType: types.Int64Type},
	}}
	ageBandType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"days_from": types.Int64Type, "days_to": types.Int64Type, "token_count": types.Int64Type,
	}}
	inventoryUserType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"user_id": types.StringType, "user_name": types.StringType, "token_count": types.Int64Type, "client_count": types.Int64Type,
	}}
)

func failureRow(f inventory.Failure) protocol.Row {
	return objectRow([]member{
		{"auth_server_id", f.AuthServerID},
		{"user_id", f.UserID},
		{"app_id", f.AppID},
		{"client_id", f.ClientID},
		{"error", okta.StableText(f.Err)},
		{"tokens_seen", f.TokensSeen},
	})
}

func inventoryClientRow(c inventory.Client) protocol.Row {
	return objectRow([]member{
		{"auth_server_id", c.AuthServerID},
		{"auth_server_name", c.AuthServerName},
		{"client_id", c.ClientID},
		{"client_name", c.ClientName},
		{"token_count", c.TokenCount},
		{"user_count", c.UserCount},
		{"oldest_created", c.OldestCreated},
		{"newest_created", c.NewestCreated},
		{"oldest_last_updated", c.OldestLastUpdated},
		{"never_expires_count", c.NeverExpiresCount},
		{"scope_counts", c.TokensByScope},
	})
}

func ageBandRow(b inventory.AgeBand) protocol.Row {
	end := member{"days_to", nil}
	if b.To > 0 {
		end.value = b.To
	}
	return objectRow([]member{{"days_from", b.From}, end, {"token_count", b.Count}})
}

func inventoryUserRow(u inventory.User) protocol.Row {
	return objectRow([]member{
		{"user_id", u.ID},
		{"user_name", u.Name},
		{"token_count", u.TokenCount},
		{"client_count", u.ClientCount},
	})
}

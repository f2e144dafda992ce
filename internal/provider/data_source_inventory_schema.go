package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
)

func (d *inventoryDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := inventoryArguments()
	maps.Copy(attributes, inventoryResults())
	resp.Schema = schema.Schema{
		MarkdownDescription: "Counts the refresh tokens of a whole org, or of parts of it, by client, user, scope and age. The state has no row for each token. " +
			"It costs one request for the list of authorization servers, one for the clients of each, and one for every 200 tokens of a client.",
		Attributes: attributes,
		Blocks:     map[string]schema.Block{"filter": filterBlock(filterDescription + " Without a filter, all tokens are counted.")},
	}
}

func inventoryArguments() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"auth_server_ids": optionalSet(isID(), "IDs of the custom authorization servers to audit, such as `aus8k2lmq4RtXw7Zn5d7`, or `default`. Without it, every one of the org. An empty set means none, for an audit of only users or apps."),
		"client_ids":      optionalSet(isID(), "Count only the tokens of these clients, by client ID, wherever they are found. A client that does not exist is an error. A client without tokens is not."),
		"user_ids":        optionalSet(isUser(), "IDs or logins of users, such as `00u1a2b3c4d5e6f7g8h9`, whose tokens to count too, at each of their clients. This includes tokens of the org authorization server."),
		"app_ids":         optionalSet(isID(), "IDs of apps, such as `0oa3f9hbc6JyPs1Qv5d7`, whose tokens to count too, from any authorization server."),
		"include_tokens":  optionalBool("Also store every token, in `tokens`. Defaults to `false`. With 100,000 tokens, Terraform needs about half a minute for a plan."),
		"include_users":   optionalBool("Also count by user, in `users`. Defaults to `false`."),
		"on_error":        optionalText("What to do if a server, user, app or client cannot be read. `fail` ends the inventory with an error. `continue` leaves it out, names it in `failures`, and makes `complete` false. Defaults to `fail`.", stringvalidator.OneOf(onErrorFail, onErrorContinue)),
	}
}

func inventoryResults() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"org_url":       computedText("URL of the org that was audited, such as `https://acme.okta.com`."),
		"complete":      computedBool("Whether everything could be read and counted. `false` only if `on_error` is `continue`."),
		"token_count":   computedCount("How many refresh tokens there are. A token that several parents list counts once. A token that Okta shows as revoked does not count."),
		"client_count":  computedCount("How many clients hold these tokens. A client with tokens of two authorization servers counts once, but has two rows in `clients`."),
		"user_count":    computedCount("How many users these tokens were issued for."),
		"failures":      computedObjects("What could not be read and is not counted. Empty unless `on_error` is `continue`.", failureFields.nested()),
		"clients":       computedObjects("The clients that hold the tokens, one row for each authorization server, sorted by `auth_server_id`, then `client_id`.", inventoryClientFields.nested()),
		"age_histogram": computedObjects("How many tokens are how old, by Okta's clock, youngest first. A token without a time of issue is in no band.", ageBandFields.nested()),
		"users":         computedObjects("The users that the tokens were issued for, sorted by `user_id`. Null unless `include_users` is `true`.", inventoryUserFields.nested()),
		"tokens":        computedObjects("The refresh tokens, sorted by `created`, then `id`. Null unless `include_tokens` is `true`.", tokenFields.nested()),
	}
}

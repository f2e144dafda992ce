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
		MarkdownDescription: "Audits the refresh tokens of a whole org, or of parts of it: sums by client, user, scope and age, without a row for each token in the state. " +
			"It costs one request for the list of authorization servers, one for the clients of each, and one for every 200 tokens of a client.",
		Attributes: attributes,
		Blocks:     map[string]schema.Block{"filter": filterBlock(filterDescription + " Without a filter, all tokens are counted.")},
	}
}

func inventoryArguments() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"auth_server_ids": optionalSet(isID(), "IDs of the custom authorization servers to audit, such as `aus8k2lmq4RtXw7Zn5d7`, or `default`. Left out, it means every one of the org; an empty set means none, as for an audit of users or apps alone."),
		"client_ids":      optionalSet(isID(), "Count only the tokens of these clients, by client ID, wherever they are found. A client that does not exist is an error; one without tokens is not."),
		"user_ids":        optionalSet(isUser(), "IDs or logins of users, such as `00u1a2b3c4d5e6f7g8h9`, whose tokens to count as well, at each of their clients. They add the tokens of the org authorization server, which no other list shows."),
		"app_ids":         optionalSet(isID(), "IDs of apps, such as `0oa3f9hbc6JyPs1Qv5d7`, whose tokens to count as well, whichever authorization server issued them."),
		"include_tokens":  optionalBool("Also store every token, in `tokens`. Defaults to `false`: with 100,000 tokens, a plan takes Terraform itself about half a minute."),
		"include_users":   optionalBool("Also sum up by user, in `users`. Defaults to `false`."),
		"on_error":        optionalText("What to do about a server, user, app or client that cannot be read: `fail` ends the inventory with an error, `continue` leaves it out, names it in `failures`, and makes `complete` false. Defaults to `fail`.", stringvalidator.OneOf(onErrorFail, onErrorContinue)),
	}
}

func inventoryResults() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"org_url":       computedText("URL of the org that was audited, such as `https://acme.okta.com`."),
		"complete":      computedBool("Whether everything that was asked for is in the sums. Never `false` unless `on_error` is `continue`."),
		"token_count":   computedCount("How many refresh tokens there are. One that several parents show counts once; one that Okta shows as revoked does not count."),
		"client_count":  computedCount("How many clients hold these tokens. One with tokens of two authorization servers counts once, though it has two rows in `clients`."),
		"user_count":    computedCount("How many users these tokens were issued for."),
		"failures":      computedObjects("What could not be read, and is in no sum. Empty unless `on_error` is `continue`.", failureFields.nested()),
		"clients":       computedObjects("The clients that hold the tokens, one row for each authorization server, sorted by `auth_server_id`, then `client_id`.", inventoryClientFields.nested()),
		"age_histogram": computedObjects("How many tokens are how old, by Okta's clock, the youngest first. A token of which Okta does not say when it was issued is in no band.", ageBandFields.nested()),
		"users":         computedObjects("The users that the tokens were issued for, sorted by `user_id`. Null unless `include_users` is `true`.", inventoryUserFields.nested()),
		"tokens":        computedObjects("The refresh tokens, sorted by `created`, then `id`. Null unless `include_tokens` is `true`.", tokenFields.nested()),
	}
}

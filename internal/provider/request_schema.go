package provider

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

const requestFilterDescription = "Revoke, one by one, the tokens that match at the apply. Exactly one of `token_id`, `token_ids`, `filter` and `all`."

// requestAttributes are those of a [requestModel], except its filter, which is a
// block. Changes are what a change of an attribute, or of the parent, does to a kind
// of object that can be changed.
func requestAttributes(changes map[string]string) map[string]schema.Attribute {
	attributes := parentAttributes(changes["parent"])
	maps.Copy(attributes, map[string]schema.Attribute{
		"all_clients": optionalBool("`true` means every client that holds tokens of the authorization server or user at the apply. Exactly one of `client_id` and `all_clients`." + changes["parent"]),
		"token_id":    optionalText("Revoke this one token, by its ID such as `oar1a2b3c4d5e6f7g8h9`. Exactly one of `token_id`, `token_ids`, `filter` and `all`."+changes["token_id"], isID()),
		"token_ids":   optionalSet(isID(), "Revoke exactly these tokens, such as those that a data source found at the plan. If empty, it revokes nothing. Exactly one of `token_id`, `token_ids`, `filter` and `all`."+changes["token_ids"]),
		"all":         optionalBool("`true` revokes every token of the parent, in one request for each client. While users are protected, an app's or a server's tokens are revoked one by one. No other value is allowed. Exactly one of `token_id`, `token_ids`, `filter` and `all`."),
		"max_tokens": schema.Int64Attribute{
			MarkdownDescription: "Refuse, at plan and at apply and before anything is revoked, if more tokens than this would be revoked, such as `50`. At least 0, and known at plan. Without it, there is no limit.",
			CustomType:          wholeType{},
			Optional:            true,
			Validators:          []validator.Int64{int64validator.AtLeast(0)},
		},
		"end_sessions": optionalBool(endSessionsDescription),
	})
	return attributes
}

const endSessionsDescription = "`true` also ends the user's Okta sessions. Okta then revokes the user's OAuth 2.0 tokens at **every** client. Only with `user_id`. Defaults to `false`."

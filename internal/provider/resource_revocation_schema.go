package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// revocationModel is a revocation as it is configured, planned and stored.
type revocationModel struct {
	requestModel

	Triggers   types.Map    `tfsdk:"triggers"`
	Reason     types.String `tfsdk:"reason"`
	OnReappear types.String `tfsdk:"on_reappear"`
	DryRun     types.Bool   `tfsdk:"dry_run"`
	Evidence   types.String `tfsdk:"evidence"`
	Timeouts   types.Object `tfsdk:"timeouts"`

	OrgURL           types.String `tfsdk:"org_url"`
	RevokedAt        timeValue    `tfsdk:"revoked_at"`
	RevokedCount     types.Int64  `tfsdk:"revoked_count"`
	RevokedTokenIDs  types.List   `tfsdk:"revoked_token_ids"`
	RevokedTokens    types.List   `tfsdk:"revoked_tokens"`
	AlreadyGoneCount types.Int64  `tfsdk:"already_gone_count"`
	ActiveTokenIDs   types.List   `tfsdk:"active_token_ids"`
}

// Values of on_reappear and evidence.
const (
	reappearIgnore = "ignore"
	reappearRevoke = "revoke"

	evidenceFull = "full"
	evidenceIDs  = "ids"
	evidenceNone = "none"
)

func (r *revocationResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	// #nosec G101 -- texts about tokens, and no tokens
	attributes := requestAttributes(map[string]string{
		"parent":    " A change replaces the resource, which revokes again.",
		"token_id":  " A change replaces the resource.",
		"token_ids": " A change revokes, in place, the tokens that were added.",
	})
	attributes["end_sessions"] = schema.BoolAttribute{
		MarkdownDescription: endSessionsDescription,
		Optional:            true,
		Computed:            true,
		Default:             booldefault.StaticBool(false),
	}
	maps.Copy(attributes, conductAttributes())
	maps.Copy(attributes, recordAttributes())
	resp.Schema = schema.Schema{
		MarkdownDescription: "Revokes refresh tokens on create: one, some or all of a client's, a user's or an app's. " +
			"Okta revokes the access tokens issued with them too. This cannot be undone: destroying the resource sends no request.",
		Attributes: attributes,
		Blocks: map[string]schema.Block{
			"filter":   filterBlock(requestFilterDescription + " A change revokes, in place, what matches then. " + filterDescription),
			"timeouts": timeoutsBlock("How long the operations may take. After a timeout, the next apply does the rest.", revocationTimeouts),
		},
	}
}

var revocationTimeouts = map[string]string{
	"create": "How long a revocation may take. A duration such as `\"30m\"`. Defaults to `\"60m\"`.",
	"update": "How long a further revocation in place may take. A duration such as `\"2h\"`. Defaults to `\"60m\"`.",
	"read":   "How long a refresh may take, if it lists tokens. A duration such as `\"5m\"`. Defaults to `\"10m\"`.",
}

func conductAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"triggers": schema.MapAttribute{
			MarkdownDescription: "Any values, such as `{ quarter = \"2026-Q2\" }`. A change replaces the resource, which revokes again.",
			ElementType:         types.StringType,
			Optional:            true,
		},
		"reason": optionalText("Reason, for people who read the state later, such as `\"INC-1042: secret in a public repository\"`. Okta does not see it."),
		"on_reappear": schema.StringAttribute{
			MarkdownDescription: "What to do about new tokens that match later. `ignore` revokes once, and a refresh sends no request. `revoke` looks for them at each refresh, and plans to revoke them in place. Defaults to `ignore`.",
			Optional:            true,
			Computed:            true,
			Default:             stringdefault.StaticString(reappearIgnore),
			Validators:          []validator.String{stringvalidator.OneOf(reappearIgnore, reappearRevoke)},
		},
		"dry_run": schema.BoolAttribute{
			MarkdownDescription: "`true` only lists what is selected, in `active_token_ids`. After a change to `false`, the plan shows the token IDs, and the apply revokes what is selected then. With `filter` and `all`, that can be more. Defaults to `false`.",
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(false),
		},
		"evidence": schema.StringAttribute{
			MarkdownDescription: "What to store about the tokens. `full` reads them just before they are revoked. `ids` stores only their IDs, for very many tokens. `none` stores nothing and does not list before it revokes all, so it is the fastest. Defaults to `full`.",
			Optional:            true,
			Computed:            true,
			Default:             stringdefault.StaticString(evidenceFull),
			Validators:          []validator.String{stringvalidator.OneOf(evidenceFull, evidenceIDs, evidenceNone)},
		},
	}
}

func recordAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"org_url":            computedText("URL of the org that this revocation was planned for, such as `https://acme.okta.com`. An apply at another org is refused before anything is sent."),
		"revoked_at":         computedTime("When tokens were last revoked, by Okta's clock, in RFC 3339. Null if none were revoked yet."),
		"revoked_count":      computedCount("How many tokens were revoked since the resource was created or replaced. Null if that is not known, which only happens with `evidence = \"none\"`."),
		"revoked_token_ids":  computedTexts("IDs of the tokens that were revoked since the resource was created or replaced, sorted. Null with `evidence = \"none\"`."),
		"revoked_tokens":     computedObjects("The tokens that were revoked since the resource was created or replaced, as they were just before, so their `status` is `ACTIVE`, sorted by `created`, then `id`. Null unless `evidence` is `full`.", tokenFields.nested()),
		"already_gone_count": computedCount("How many of the selected tokens were already gone. Of named tokens, those that this parent never had count too, such as those of another client, which stay alive."),
		"active_token_ids":   computedTexts("IDs of the selected tokens that are still alive, sorted: empty after a success, the selection after a dry run, what a failed apply left, or what `on_reappear = \"revoke\"` found. Null if an apply stopped and does not know what is left."),
	}
}

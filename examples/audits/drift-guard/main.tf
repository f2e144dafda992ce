# Fails a plan while a forbidden token exists. It changes nothing: the provider is
# read-only. The org and the credential come from OKTA_ORG_URL and
# OKTA_API_TOKEN.
#
#   terraform plan -input=false -var-file=forbidden.tfvars

terraform {
  required_version = ">= 1.8"
  required_providers {
    oktatokens = {
      source = "oktatokens/oktatokens"
    }
  }
}

provider "oktatokens" {
  read_only = true
}

variable "forbidden" {
  description = "Rules by name, each an object with parts of a filter. A token is forbidden if it matches every part of a rule. auth_server_ids says where to look. Without it, the rule looks at every custom authorization server."
  nullable    = false
  type        = any # an object type would silently drop a misspelt part

  validation {
    condition     = try(length(var.forbidden) > 0 && alltrue([for rule in values(var.forbidden) : can(keys(rule))]), false)
    error_message = "Set at least one rule by name, each an object such as { any_scopes = [\"payroll:write\"] }. Without a rule, the guard checks nothing."
  }
  validation {
    condition     = try(alltrue([for rule in values(var.forbidden) : anytrue([for name, part in rule : part != null && name != "auth_server_ids"])]), true)
    error_message = "Each rule needs a part besides auth_server_ids. Otherwise it forbids every token."
  }
  validation {
    condition     = try(alltrue(flatten([for rule in values(var.forbidden) : [for part in values(rule) : try(length(part) > 0, true)]])), true)
    error_message = "An empty set matches no token, so a rule with an empty set forbids nothing. Leave the set out."
  }
}

locals {
  parts = ["auth_server_ids", "client_ids", "user_ids", "any_scopes", "all_scopes", "created_after", "older_than", "idle_for", "never_expires"]
  rules = { for rule, parts in var.forbidden : rule => { for part in local.parts : part => try(parts[part], null) } }
}

# An incomplete inventory is an error: a forbidden token could be in the part that
# was not read.
data "oktatokens_inventory" "forbidden" {
  for_each = local.rules

  auth_server_ids = each.value.auth_server_ids
  include_tokens  = true

  filter {
    client_ids    = each.value.client_ids
    user_ids      = each.value.user_ids
    any_scopes    = each.value.any_scopes
    all_scopes    = each.value.all_scopes
    created_after = each.value.created_after
    older_than    = each.value.older_than
    idle_for      = each.value.idle_for
    never_expires = each.value.never_expires
  }

  lifecycle {
    precondition {
      condition     = length(setsubtract(keys(var.forbidden[each.key]), local.parts)) == 0
      error_message = "The rule ${each.key} has the unknown part ${join(", ", setsubtract(keys(var.forbidden[each.key]), local.parts))}. Parts of a rule are ${join(", ", local.parts)}."
    }
  }
}

locals {
  # Characters in a name that could make a terminal show something else.
  unprintable = "/[\\pC\\p{Zl}\\p{Zp}]/"

  # Up to ten of a rule's tokens show where to look.
  found = {
    for rule, inventory in data.oktatokens_inventory.forbidden : rule => [
      for token in slice(inventory.tokens, 0, min(10, inventory.token_count)) :
      replace("${token.id} of ${coalesce(token.user_name, token.user_id, "no user")} at ${coalesce(token.client_name, token.client_id)}, issued ${coalesce(token.created, "?")}", local.unprintable, "?")
    ] if inventory.token_count > 0
  }
}

output "forbidden_tokens" {
  description = "How many tokens break each rule. Always none, because otherwise the plan fails."
  value       = { for rule, inventory in data.oktatokens_inventory.forbidden : rule => inventory.token_count }

  precondition {
    condition = length(local.found) == 0
    error_message = join("\n", [
      for rule, tokens in local.found : "Forbidden by the rule ${rule}: ${data.oktatokens_inventory.forbidden[rule].token_count} refresh tokens, such as\n  ${join("\n  ", tokens)}"
    ])
  }
}

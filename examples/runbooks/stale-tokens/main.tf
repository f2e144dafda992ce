# Revokes the refresh tokens that were not used for some days.
# README.md says how to run it.

terraform {
  required_version = ">= 1.8"
  required_providers {
    oktatokens = {
      source = "oktatokens/oktatokens"
    }
  }
}

# The org and the credential come from OKTA_ORG_URL and OKTA_API_TOKEN.
provider "oktatokens" {
  protected_client_ids = var.protected_client_ids
  protected_user_ids   = var.protected_user_ids
}

locals {
  idle_for = "${var.idle_days}d"
}

# The evidence: what the plan finds before anything is revoked.
data "oktatokens_inventory" "before" {
  auth_server_ids = var.auth_server_ids
  include_tokens  = true
  include_users   = true

  filter {
    idle_for   = local.idle_for
    client_ids = var.client_ids
  }

  lifecycle {
    postcondition {
      condition     = alltrue([for token in self.tokens : contains(var.auth_server_ids, coalesce(token.auth_server_id, "?"))])
      error_message = "Okta does not say which authorization server some of the tokens belong to."
    }
  }
}

# What the plan shows and is still idle at the apply. A token that is used while you
# read the plan is left alone, and a token that you have not seen is never revoked.
resource "oktatokens_revocation" "stale" {
  for_each = var.auth_server_ids

  auth_server_id = each.key
  all_clients    = true
  reason         = var.reason

  filter {
    idle_for   = local.idle_for
    client_ids = var.client_ids
    token_ids  = [for token in data.oktatokens_inventory.before.tokens : token.id if token.auth_server_id == each.key]
  }

  triggers = {
    idle_days  = var.idle_days
    client_ids = jsonencode(var.client_ids)
    round      = var.round
  }

  lifecycle {
    # Once the tokens are revoked, they are gone. Do not plan that as a change.
    ignore_changes = [filter]

    precondition {
      condition     = data.oktatokens_inventory.before.token_count <= var.max_tokens
      error_message = "Nothing is revoked. Tokens found: ${data.oktatokens_inventory.before.token_count}. That is more than max_tokens = ${var.max_tokens}. Look at them, and raise max_tokens only if all of them should be revoked."
    }
  }
}

# The proof: a second look after the revocation. It reads Okta again, and does not
# trust the record.
data "oktatokens_inventory" "after" {
  auth_server_ids = var.auth_server_ids
  include_tokens  = true

  filter {
    idle_for   = local.idle_for
    client_ids = var.client_ids
  }

  depends_on = [oktatokens_revocation.stale]

  lifecycle {
    postcondition {
      condition     = length(setintersection(self.tokens[*].id, local.revoked_token_ids)) == 0
      error_message = "These tokens were revoked but are still alive: ${join(", ", setintersection(self.tokens[*].id, local.revoked_token_ids))}. Do not close the incident."
    }
  }
}

# Revokes the refresh tokens that were issued or used between two instants.
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
  # Okta keeps no uses of a token but the last. One that was issued before the
  # window closed, and last used after it opened, may have been used within: no
  # token that was can be outside of this.
  created_after      = var.include_used ? null : var.since
  last_updated_after = var.include_used ? var.since : null
}

# The evidence: what there is when the plan is made, before anything is revoked.
data "oktatokens_inventory" "before" {
  auth_server_ids = var.auth_server_ids
  include_tokens  = true
  include_users   = true

  filter {
    client_ids         = var.client_ids
    created_before     = var.until
    created_after      = local.created_after
    last_updated_after = local.last_updated_after
  }

  lifecycle {
    precondition {
      condition     = timecmp(var.since, var.until) < 0
      error_message = "The window ends before it begins: since is ${var.since}, until is ${var.until}."
    }
    precondition {
      condition     = timecmp(var.until, plantimestamp()) <= 0
      error_message = "The window is still open: until is ${var.until}, and it is ${plantimestamp()}. Stop the cause first, and give the instant at which that was done."
    }
    postcondition {
      condition     = alltrue([for token in self.tokens : contains(var.auth_server_ids, coalesce(token.auth_server_id, "?"))])
      error_message = "Okta does not say of every token which of the authorization servers it belongs to."
    }
  }
}

# What the plan shows, and no more: nothing can be issued into a window that has
# closed, and a token that is used for the first time since the window opened,
# after you have read the plan, was not used within.
resource "oktatokens_revocation" "window" {
  for_each = var.auth_server_ids

  auth_server_id = each.key
  all_clients    = true
  token_ids      = [for token in data.oktatokens_inventory.before.tokens : token.id if token.auth_server_id == each.key]
  reason         = var.reason

  # Another window is another revocation.
  triggers = {
    since        = var.since
    until        = var.until
    client_ids   = jsonencode(var.client_ids)
    include_used = var.include_used
    round        = var.round
  }

  lifecycle {
    # The tokens are gone once they are revoked, which is no change.
    ignore_changes = [token_ids]

    precondition {
      condition     = data.oktatokens_inventory.before.token_count <= var.max_tokens
      error_message = "Nothing is revoked: ${data.oktatokens_inventory.before.token_count} tokens are more than max_tokens = ${var.max_tokens}. Look at who they are, and raise max_tokens if all of them are meant."
    }
  }
}

# The proof: a second look, which waits for the revocation and knows nothing of
# it but what it says it has revoked.
data "oktatokens_inventory" "after" {
  auth_server_ids = var.auth_server_ids
  include_tokens  = true

  filter {
    client_ids         = var.client_ids
    created_before     = var.until
    created_after      = local.created_after
    last_updated_after = local.last_updated_after
  }

  depends_on = [oktatokens_revocation.window]

  lifecycle {
    postcondition {
      condition     = length(setintersection(self.tokens[*].id, local.revoked_token_ids)) == 0
      error_message = "These tokens were revoked, and are alive: ${join(", ", setintersection(self.tokens[*].id, local.revoked_token_ids))}. Do not close the incident."
    }
  }
}

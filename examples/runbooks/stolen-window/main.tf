# Revokes the refresh tokens that were issued or used between two times.
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
  # Okta keeps only the last use of a token. A token that was issued before the
  # window closed and last used after it opened may have been used in it. This
  # finds every token that was.
  created_after      = var.include_used ? null : var.since
  last_updated_after = var.include_used ? var.since : null
}

# The evidence: what the plan finds before anything is revoked.
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
      error_message = "The window is still open: until is ${var.until}, and it is ${plantimestamp()}. Stop the cause first, and set until to the time when you did."
    }
    postcondition {
      condition     = alltrue([for token in self.tokens : contains(var.auth_server_ids, coalesce(token.auth_server_id, "?"))])
      error_message = "Okta does not say which authorization server some of the tokens belong to."
    }
  }
}

# Exactly what the plan shows. No token can be issued into a closed window. A token
# that only matches after you have read the plan was not used in the window.
resource "oktatokens_revocation" "window" {
  for_each = var.auth_server_ids

  auth_server_id = each.key
  all_clients    = true
  token_ids      = [for token in data.oktatokens_inventory.before.tokens : token.id if token.auth_server_id == each.key]
  reason         = var.reason

  # Another window starts another revocation.
  triggers = {
    since        = var.since
    until        = var.until
    client_ids   = jsonencode(var.client_ids)
    include_used = var.include_used
    round        = var.round
  }

  lifecycle {
    # Once the tokens are revoked, they are gone. Do not plan that as a change.
    ignore_changes = [token_ids]

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
    client_ids         = var.client_ids
    created_before     = var.until
    created_after      = local.created_after
    last_updated_after = local.last_updated_after
  }

  depends_on = [oktatokens_revocation.window]

  lifecycle {
    postcondition {
      condition     = length(setintersection(self.tokens[*].id, local.revoked_token_ids)) == 0
      error_message = "These tokens were revoked but are still alive: ${join(", ", setintersection(self.tokens[*].id, local.revoked_token_ids))}. Do not close the incident."
    }
  }
}

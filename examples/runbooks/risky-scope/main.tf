# Revokes the refresh tokens that have at least one of the given scopes.
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

# The evidence: what the plan finds before anything is revoked.
data "oktatokens_inventory" "before" {
  auth_server_ids = var.auth_server_ids
  include_tokens  = true
  include_users   = true

  filter {
    any_scopes = var.scopes
    client_ids = var.client_ids
  }
}

# What matches at the apply, including tokens that are issued while you read the
# plan: no token may have the scope any more. Stop granting it first, or max_tokens
# stops the apply.
resource "oktatokens_revocation" "scope" {
  for_each = var.auth_server_ids

  auth_server_id = each.key
  all_clients    = true
  max_tokens     = var.max_tokens
  reason         = var.reason

  filter {
    any_scopes = var.scopes
    client_ids = var.client_ids
  }

  triggers = {
    round = var.round
  }

  lifecycle {
    # At the apply, max_tokens applies to each authorization server separately. At
    # the plan, it applies to all of them together.
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
    any_scopes = var.scopes
    client_ids = var.client_ids
  }

  depends_on = [oktatokens_revocation.scope]

  lifecycle {
    postcondition {
      condition     = length(setintersection(self.tokens[*].id, local.revoked_token_ids)) == 0
      error_message = "These tokens were revoked but are still alive: ${join(", ", setintersection(self.tokens[*].id, local.revoked_token_ids))}. Do not close the incident."
    }
  }
}

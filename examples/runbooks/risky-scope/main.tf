# Revokes the refresh tokens that hold one of some scopes.
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

# The evidence: what there is when the plan is made, before anything is revoked.
data "oktatokens_inventory" "before" {
  auth_server_ids = var.auth_server_ids
  include_tokens  = true
  include_users   = true

  filter {
    any_scopes = var.scopes
    client_ids = var.client_ids
  }
}

# What matches when the plan is applied, so that a token which is issued while you
# read the plan goes too: nobody is to have the scope any more. Stop issuing it
# first, or max_tokens is what you run into.
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
    # Each authorization server has max_tokens as its own bound when the plan is
    # applied. When it is made, it is the bound of all of them.
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
    any_scopes = var.scopes
    client_ids = var.client_ids
  }

  depends_on = [oktatokens_revocation.scope]

  lifecycle {
    postcondition {
      condition     = length(setintersection(self.tokens[*].id, local.revoked_token_ids)) == 0
      error_message = "These tokens were revoked, and are alive: ${join(", ", setintersection(self.tokens[*].id, local.revoked_token_ids))}. Do not close the incident."
    }
  }
}

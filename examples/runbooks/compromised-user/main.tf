# Revokes every refresh token of one user, and ends the user's Okta sessions.
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
# A user's list includes tokens of every authorization server, the org authorization
# server too.
data "oktatokens_inventory" "before" {
  auth_server_ids = []
  user_ids        = [var.user_id]
  include_tokens  = true
}

# All tokens, not only those that the plan found: a thief with the user's session
# can get new tokens while you read the plan. The sessions end too, and Okta then
# revokes the user's tokens at every client again.
resource "oktatokens_revocation" "user" {
  user_id      = var.user_id
  all_clients  = true
  all          = true
  end_sessions = true
  max_tokens   = var.max_tokens
  reason       = var.reason

  triggers = {
    round = var.round
  }
}

# The proof: a second look after the revocation. It reads Okta again, and does not
# trust the record.
data "oktatokens_inventory" "after" {
  auth_server_ids = []
  user_ids        = [var.user_id]
  include_tokens  = true

  depends_on = [oktatokens_revocation.user]

  lifecycle {
    postcondition {
      condition     = length(setintersection(self.tokens[*].id, oktatokens_revocation.user.revoked_token_ids)) == 0
      error_message = "These tokens were revoked but are still alive: ${join(", ", setintersection(self.tokens[*].id, oktatokens_revocation.user.revoked_token_ids))}. Do not close the incident."
    }
  }
}

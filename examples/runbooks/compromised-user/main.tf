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

# The evidence: what there is when the plan is made, before anything is revoked.
# Through the user, tokens of every authorization server are seen, those of the
# org authorization server too.
data "oktatokens_inventory" "before" {
  auth_server_ids = []
  user_ids        = [var.user_id]
  include_tokens  = true
}

# Everything, and not just what the plan found: whoever has the user's session
# gets new tokens while you read the plan. Sessions end with it, and Okta then
# revokes the user's tokens at every client once more.
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

# The proof: a second look, which waits for the revocation and knows nothing of
# it but what it says it has revoked.
data "oktatokens_inventory" "after" {
  auth_server_ids = []
  user_ids        = [var.user_id]
  include_tokens  = true

  depends_on = [oktatokens_revocation.user]

  lifecycle {
    postcondition {
      condition     = length(setintersection(self.tokens[*].id, oktatokens_revocation.user.revoked_token_ids)) == 0
      error_message = "These tokens were revoked, and are alive: ${join(", ", setintersection(self.tokens[*].id, oktatokens_revocation.user.revoked_token_ids))}. Do not close the incident."
    }
  }
}

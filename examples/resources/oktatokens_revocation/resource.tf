# The tokens issued to a client after its secret leaked. The plan lists them, and
# the apply revokes exactly those.
data "oktatokens_refresh_tokens" "example" {
  auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
  client_id      = "0oa3f9hbc6JyPs1Qv5d7"

  filter {
    created_after = "2026-03-14T02:30:00Z"
  }
}

resource "oktatokens_revocation" "example" {
  auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
  client_id      = "0oa3f9hbc6JyPs1Qv5d7"
  token_ids      = data.oktatokens_refresh_tokens.example.token_ids
  max_tokens     = 50
  reason         = "INC-1042: client secret in a public repository"

  # Once the tokens are gone, the data source is empty. Do not plan that as a change.
  lifecycle {
    ignore_changes = [token_ids]
  }
}

output "revoked" {
  value = oktatokens_revocation.example.revoked_tokens
}

# Revokes what matches at the apply. That can be more than at the plan.
resource "oktatokens_revocation" "example" {
  auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
  client_id      = "0oa3f9hbc6JyPs1Qv5d7"

  filter {
    created_after = "2026-03-14T02:30:00Z"
    any_scopes    = ["orders:write"]
  }

  max_tokens = 50
}

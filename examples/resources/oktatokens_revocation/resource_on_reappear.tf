# A user who must not hold tokens of a client. Every refresh looks for them, and
# the next apply revokes what it found.
resource "oktatokens_revocation" "example" {
  user_id     = "00u6t4vnd2KgLe8Hx5d7"
  client_id   = "0oa3f9hbc6JyPs1Qv5d7"
  all         = true
  on_reappear = "revoke"
}

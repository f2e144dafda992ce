# A user who must hold no token of a client. Every refresh looks for some, and a
# plan that finds some revokes them in place.
resource "oktatokens_revocation" "example" {
  user_id     = "00u6t4vnd2KgLe8Hx5d7"
  client_id   = "0oa3f9hbc6JyPs1Qv5d7"
  all         = true
  on_reappear = "revoke"
}

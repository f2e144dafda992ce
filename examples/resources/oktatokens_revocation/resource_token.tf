# The token of a lost phone.
resource "oktatokens_revocation" "example" {
  user_id   = "00u6t4vnd2KgLe8Hx5d7"
  client_id = "0oa3f9hbc6JyPs1Qv5d7"
  token_id  = "oar1c7wpz5MbUr3Fj5d7"
}

# The token lives only while this resource does: `terraform destroy` revokes it.
resource "oktatokens_refresh_token" "example" {
  user_id           = "00u6t4vnd2KgLe8Hx5d7"
  client_id         = "0oa3f9hbc6JyPs1Qv5d7"
  token_id          = "oar1c7wpz5MbUr3Fj5d7"
  revoke_on_destroy = true
}

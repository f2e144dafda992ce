# Revokes the token, whether or not it was adopted before.
resource "oktatokens_refresh_token" "example" {
  auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
  client_id      = "0oa3f9hbc6JyPs1Qv5d7"
  token_id       = "oar1c7wpz5MbUr3Fj5d7"
  revoke         = true
}

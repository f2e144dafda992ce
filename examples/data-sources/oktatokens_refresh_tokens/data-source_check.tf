# Every plan warns while the client holds tokens that never expire.
data "oktatokens_refresh_tokens" "example" {
  auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
  client_id      = "0oa3f9hbc6JyPs1Qv5d7"

  filter {
    never_expires = true
  }
}

check "tokens_expire" {
  assert {
    condition     = data.oktatokens_refresh_tokens.example.token_count == 0
    error_message = "These refresh tokens never expire: ${join(", ", data.oktatokens_refresh_tokens.example.token_ids)}."
  }
}

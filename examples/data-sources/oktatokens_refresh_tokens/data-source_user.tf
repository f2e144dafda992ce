# The tokens that one client holds for one user.
data "oktatokens_refresh_tokens" "example" {
  user_id   = "00u6t4vnd2KgLe8Hx5d7"
  client_id = "0oa3f9hbc6JyPs1Qv5d7"
}

output "token_ids" {
  value = data.oktatokens_refresh_tokens.example.token_ids
}

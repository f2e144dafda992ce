data "oktatokens_refresh_tokens" "example" {
  auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
  client_id      = "0oa3f9hbc6JyPs1Qv5d7"
}

output "tokens" {
  value = data.oktatokens_refresh_tokens.example.token_count
}

output "users" {
  value = data.oktatokens_refresh_tokens.example.user_ids
}

data "oktatokens_refresh_tokens" "example" {
  auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
  client_id      = "0oa3f9hbc6JyPs1Qv5d7"
}

output "tokens_csv" {
  value = provider::oktatokens::csv([
    for token in data.oktatokens_refresh_tokens.example.tokens : merge(token, {
      user = coalesce(token.user_name, token.user_id)
    })
  ], "user", "created", "id")
}

data "oktatokens_refresh_tokens" "example" {
  auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
  client_id      = "0oa3f9hbc6JyPs1Qv5d7"
}

# Only these columns, in this order.
output "tokens_csv" {
  value = provider::oktatokens::csv(
    data.oktatokens_refresh_tokens.example.tokens,
    "user_name", "client_name", "created", "last_updated", "id",
  )
}

data "oktatokens_refresh_tokens" "example" {
  auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
  client_id      = "0oa3f9hbc6JyPs1Qv5d7"
}

# Only these columns, in the order of the alphabet.
output "tokens_csv" {
  value = provider::oktatokens::csv([
    for token in data.oktatokens_refresh_tokens.example.tokens : {
      id      = token.id
      user    = coalesce(token.user_name, token.user_id)
      created = token.created
      scopes  = token.scopes
    }
  ])
}

# The tokens of an app, from any authorization server.
data "oktatokens_refresh_tokens" "example" {
  app_id = "0oa3f9hbc6JyPs1Qv5d7"
}

output "issuers" {
  value = distinct(data.oktatokens_refresh_tokens.example.tokens[*].issuer)
}

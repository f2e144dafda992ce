# What a token allows, as the consent page says it.
data "oktatokens_refresh_token" "example" {
  app_id        = "0oa3f9hbc6JyPs1Qv5d7"
  token_id      = "oar1c7wpz5MbUr3Fj5d7"
  expand_scopes = true
}

output "scopes" {
  value = { for scope in data.oktatokens_refresh_token.example.scope_details : scope.name => scope.display_name }
}

# Tokens older than 90 days, unused for 30 days, with the scope to write orders.
data "oktatokens_refresh_tokens" "example" {
  auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
  client_id      = "0oa3f9hbc6JyPs1Qv5d7"

  filter {
    older_than = "90d"
    idle_for   = "30d"
    any_scopes = ["orders:write"]
  }
}

output "forgotten" {
  value = {
    for token in data.oktatokens_refresh_tokens.example.tokens :
    token.id => "${coalesce(token.user_name, token.user_id, "no user")}, last used ${coalesce(token.last_updated, "at an unknown time")}"
  }
}

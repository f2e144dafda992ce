# All tokens of one user, including those of the org authorization server.
data "oktatokens_inventory" "example" {
  auth_server_ids = []
  user_ids        = ["00u6t4vnd2KgLe8Hx5d7"]
  include_tokens  = true
}

output "tokens" {
  value = [for token in data.oktatokens_inventory.example.tokens : "${token.id}, ${coalesce(token.client_name, token.client_id, "?")}, last used ${coalesce(token.last_updated, "at an unknown time")}"]
}

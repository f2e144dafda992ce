# Some clients of one authorization server, and their users.
data "oktatokens_inventory" "example" {
  auth_server_ids = ["aus8k2lmq4RtXw7Zn5d7"]
  client_ids      = ["0oa3f9hbc6JyPs1Qv5d7"]
  include_users   = true
}

output "tokens_by_user" {
  value = { for user in data.oktatokens_inventory.example.users : user.user_id => "${coalesce(user.user_name, "no name")}: ${user.token_count}" }
}

output "tokens_by_scope" {
  value = { for client in data.oktatokens_inventory.example.clients : client.client_id => client.scope_counts }
}

# Counts the tokens of every client of an authorization server.
data "oktatokens_clients" "example" {
  auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
}

data "oktatokens_refresh_tokens" "example" {
  for_each = toset(data.oktatokens_clients.example.clients[*].client_id)

  auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
  client_id      = each.key
}

output "tokens" {
  value = { for client_id, found in data.oktatokens_refresh_tokens.example : client_id => found.token_count }
}

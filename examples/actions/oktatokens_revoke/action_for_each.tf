# The idle tokens of each client of an authorization server. Each client has its own
# limit and preview. -invoke=action.oktatokens_revoke.example invokes all of them.
# -invoke='action.oktatokens_revoke.example["0oa3f9hbc6JyPs1Qv5d7"]' invokes one.
data "oktatokens_clients" "example" {
  auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
}

action "oktatokens_revoke" "example" {
  for_each = toset(data.oktatokens_clients.example.clients[*].client_id)

  config {
    auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
    client_id      = each.key
    max_tokens     = 500

    filter {
      idle_for = "90d"
    }
  }
}

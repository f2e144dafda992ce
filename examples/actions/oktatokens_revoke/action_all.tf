# Every token of a client: one request to revoke, and one to look again.
# terraform apply -invoke=action.oktatokens_revoke.example
action "oktatokens_revoke" "example" {
  config {
    auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
    client_id      = "0oa3f9hbc6JyPs1Qv5d7"
    all            = true
  }
}

# The tokens issued to a client after its secret leaked, exactly as the plan lists
# them:
#
#   terraform plan -invoke=action.oktatokens_revoke.example -out=revoke.tfplan
#   terraform apply revoke.tfplan
data "oktatokens_refresh_tokens" "example" {
  auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
  client_id      = "0oa3f9hbc6JyPs1Qv5d7"

  filter {
    created_after = "2026-03-14T02:30:00Z"
  }
}

action "oktatokens_revoke" "example" {
  config {
    auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
    client_id      = "0oa3f9hbc6JyPs1Qv5d7"
    token_ids      = data.oktatokens_refresh_tokens.example.token_ids
    max_tokens     = 50
  }
}

# The same revocation as an action, for Terraform 1.14 and later. It leaves no
# record in the state, tells of its progress, and can be invoked as often as
# need be. Copy the files of this folder beside main.tf, and then:
#
#   terraform plan -invoke=action.oktatokens_revoke.scope -out=revoke.tfplan
#   terraform apply revoke.tfplan
#   terraform apply -refresh-only
#
# The last command looks again. Not a plain apply, which would create the
# revocation of main.tf, and so revoke once more. max_tokens bounds each
# authorization server by itself.
action "oktatokens_revoke" "scope" {
  for_each = var.auth_server_ids

  config {
    auth_server_id = each.key
    all_clients    = true
    max_tokens     = var.max_tokens

    filter {
      any_scopes = var.scopes
      client_ids = var.client_ids
    }
  }
}

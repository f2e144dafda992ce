# The same revocation as an action, for Terraform 1.14 and later. It leaves no
# record in the state, reports its progress, and can be invoked repeatedly. Copy
# the files of this folder next to main.tf. Then run:
#
#   terraform plan -invoke=action.oktatokens_revoke.stale -out=revoke.tfplan
#   terraform apply revoke.tfplan
#   terraform apply -refresh-only
#
# The last command looks again. Do not run a plain apply: it would create the
# revocation in main.tf and revoke again. max_tokens applies to each authorization
# server separately.
action "oktatokens_revoke" "stale" {
  for_each = var.auth_server_ids

  config {
    auth_server_id = each.key
    all_clients    = true
    max_tokens     = var.max_tokens

    filter {
      idle_for   = local.idle_for
      client_ids = var.client_ids
      token_ids  = [for token in data.oktatokens_inventory.before.tokens : token.id if token.auth_server_id == each.key]
    }
  }
}

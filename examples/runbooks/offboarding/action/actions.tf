# The same revocation as an action, for Terraform 1.14 and later. It leaves no
# record in the state, tells of its progress, and can be invoked as often as
# need be. Copy the files of this folder beside main.tf, and then:
#
#   terraform plan -invoke=action.oktatokens_revoke.user -out=revoke.tfplan
#   terraform apply revoke.tfplan
#   terraform apply -refresh-only
#
# The last command looks again. Not a plain apply, which would create the
# revocation of main.tf, and so revoke once more. max_tokens bounds each
# user by itself.
action "oktatokens_revoke" "user" {
  for_each = local.user_ids

  config {
    user_id      = each.key
    all_clients  = true
    all          = true
    end_sessions = var.end_sessions
    max_tokens   = var.max_tokens
  }
}

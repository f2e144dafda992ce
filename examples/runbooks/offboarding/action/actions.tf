# The same revocation as an action, for Terraform 1.14 and later. It leaves no
# record in the state, reports its progress, and can be invoked repeatedly. Copy
# the files of this folder next to main.tf. Then run:
#
#   terraform plan -invoke=action.oktatokens_revoke.user -out=revoke.tfplan
#   terraform apply revoke.tfplan
#   terraform apply -refresh-only
#
# The last command looks again. Do not run a plain apply: it would create the
# revocation in main.tf and revoke again. max_tokens applies to each user
# separately.
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

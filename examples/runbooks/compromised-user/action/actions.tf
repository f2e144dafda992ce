# The same revocation as an action, for Terraform 1.14 and later. It leaves no
# record in the state, reports its progress, and can be invoked repeatedly. Copy
# the files of this folder next to main.tf. Then run:
#
#   terraform plan -invoke=action.oktatokens_revoke.user -out=revoke.tfplan
#   terraform apply revoke.tfplan
#   terraform apply -refresh-only
#
# The last command looks again. Do not run a plain apply: it would create the
# revocation in main.tf and revoke again.
action "oktatokens_revoke" "user" {
  config {
    user_id      = var.user_id
    all_clients  = true
    all          = true
    end_sessions = true
    max_tokens   = var.max_tokens
  }
}

# The same revocation as an action, for Terraform 1.14 and later. It leaves no
# record in the state, tells of its progress, and can be invoked as often as
# need be. Copy the files of this folder beside main.tf, and then:
#
#   terraform plan -invoke=action.oktatokens_revoke.client -out=revoke.tfplan
#   terraform apply revoke.tfplan
#   terraform apply -refresh-only
#
# The last command looks again. Not a plain apply, which would create the
# revocation of main.tf, and so revoke once more.
action "oktatokens_revoke" "client" {
  config {
    app_id     = var.app_id
    all        = true
    max_tokens = var.max_tokens
  }
}

# For Terraform 1.14 and later.
terraform {
  required_version = ">= 1.14"
}

action "oktatokens_revoke" "client" {
  config {
    auth_server_id = var.auth_server_id
    client_id      = var.client_id
    all            = true
    max_tokens     = var.max_tokens
  }
}

resource "terraform_data" "wave" {
  triggers_replace = [var.wave]

  lifecycle {
    action_trigger {
      events  = [before_create]
      actions = [action.oktatokens_revoke.client]
    }
  }
}

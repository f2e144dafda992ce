# A release of the client that asks for fewer scopes: those who signed in before
# must sign in again. With before_create, a revocation that fails is repeated by
# the next apply; with after_create, it is not.
resource "terraform_data" "release" {
  triggers_replace = ["v2"]

  lifecycle {
    action_trigger {
      events  = [before_create]
      actions = [action.oktatokens_revoke.example]
    }
  }
}

action "oktatokens_revoke" "example" {
  config {
    app_id = "0oa3f9hbc6JyPs1Qv5d7"

    filter {
      any_scopes = ["orders:write"]
    }
  }
}

# A release of the client asks for fewer scopes, so users must sign in again. With
# before_create, the next apply repeats a failed revocation. With after_create, it
# does not.
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

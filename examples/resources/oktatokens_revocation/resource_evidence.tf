# A client with very many tokens: revoke without listing them first.
resource "oktatokens_revocation" "example" {
  auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
  client_id      = "0oa3f9hbc6JyPs1Qv5d7"
  all            = true
  evidence       = "none"

  timeouts {
    create = "2h"
  }
}

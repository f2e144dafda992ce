# Every token of an app, from any authorization server.
resource "oktatokens_revocation" "example" {
  app_id = "0oa3f9hbc6JyPs1Qv5d7"
  all    = true
}

# An account was taken over. This revokes the user's tokens at every client and
# ends the user's Okta sessions.
resource "oktatokens_revocation" "example" {
  user_id      = "00u6t4vnd2KgLe8Hx5d7"
  all_clients  = true
  all          = true
  end_sessions = true
  reason       = "INC-1043: account takeover"
}

# Somebody took over an account: every token of the user at every client, and
# the user's Okta sessions.
resource "oktatokens_revocation" "example" {
  user_id      = "00u6t4vnd2KgLe8Hx5d7"
  all_clients  = true
  all          = true
  end_sessions = true
  reason       = "INC-1043: account takeover"
}

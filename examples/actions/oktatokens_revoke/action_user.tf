# An account was taken over. This revokes the user's tokens at every client and ends
# the user's Okta sessions. max_tokens makes it list the tokens first, and name them.
action "oktatokens_revoke" "example" {
  config {
    user_id      = "00u6t4vnd2KgLe8Hx5d7"
    all_clients  = true
    all          = true
    end_sessions = true
    max_tokens   = 100
  }
}

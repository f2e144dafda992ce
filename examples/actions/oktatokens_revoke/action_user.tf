# Somebody took over an account: every token of the user at every client, and the
# user's Okta sessions. With a bound, the tokens are listed first, and named.
action "oktatokens_revoke" "example" {
  config {
    user_id      = "00u6t4vnd2KgLe8Hx5d7"
    all_clients  = true
    all          = true
    end_sessions = true
    max_tokens   = 100
  }
}

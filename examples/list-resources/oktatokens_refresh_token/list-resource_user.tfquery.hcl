# A user's tokens at every client that may write orders.
list "oktatokens_refresh_token" "example" {
  provider = oktatokens
  limit    = 1000

  config {
    user_id     = "00u6t4vnd2KgLe8Hx5d7"
    all_clients = true
    filter {
      any_scopes = ["orders:write"]
    }
  }
}

# What a user has granted at any client, and may write with.
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

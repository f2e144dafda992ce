# Tokens of a client, unused for 90 days.
list "oktatokens_refresh_token" "example" {
  provider = oktatokens
  limit    = 10000

  config {
    auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
    client_id      = "0oa3f9hbc6JyPs1Qv5d7"
    filter {
      idle_for = "90d"
    }
  }
}

# All tokens of an authorization server, with all their attributes.
list "oktatokens_refresh_token" "example" {
  provider         = oktatokens
  limit            = 10000
  include_resource = true

  config {
    auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
    all_clients    = true
  }
}

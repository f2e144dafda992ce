data "oktatokens_auth_servers" "example" {}

output "auth_servers" {
  value = { for server in data.oktatokens_auth_servers.example.auth_servers : server.id => server.name }
}

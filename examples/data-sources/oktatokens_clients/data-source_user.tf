# The clients that act for one user.
data "oktatokens_clients" "example" {
  user_id = "00u6t4vnd2KgLe8Hx5d7"
}

output "clients" {
  value = data.oktatokens_clients.example.clients[*].client_name
}

data "oktatokens_clients" "example" {
  auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
}

output "clients" {
  value = { for client in data.oktatokens_clients.example.clients : client.client_id => client.client_name }
}

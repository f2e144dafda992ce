# Goes on past what cannot be read, and says loudly that it did.
data "oktatokens_inventory" "example" {
  on_error = "continue"
}

output "clients" {
  value = {
    for client in data.oktatokens_inventory.example.clients :
    "${client.client_name} at ${client.auth_server_name}" => client.token_count
  }

  precondition {
    condition     = data.oktatokens_inventory.example.complete
    error_message = "These sums are not of everything: ${jsonencode(data.oktatokens_inventory.example.failures)}"
  }
}

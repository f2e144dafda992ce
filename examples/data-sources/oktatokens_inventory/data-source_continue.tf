# Leaves out what cannot be read, and then fails the output.
data "oktatokens_inventory" "example" {
  on_error = "continue"
}

output "clients" {
  value = [
    for client in data.oktatokens_inventory.example.clients :
    "${client.token_count} of ${coalesce(client.client_name, client.client_id, "?")} at ${coalesce(client.auth_server_name, client.auth_server_id, "?")}"
  ]

  precondition {
    condition     = data.oktatokens_inventory.example.complete
    error_message = "These totals are incomplete: ${jsonencode(data.oktatokens_inventory.example.failures)}"
  }
}

# Counts every refresh token of every custom authorization server. It changes
# nothing: the provider is read-only. The org and the credential come from
# OKTA_ORG_URL and OKTA_API_TOKEN.
#
#   terraform apply

terraform {
  required_providers {
    oktatokens = {
      source = "oktatokens/oktatokens"
    }
  }
}

provider "oktatokens" {
  read_only = true
}

data "oktatokens_inventory" "org" {
  on_error = "continue"
}

output "total" {
  value = {
    tokens  = data.oktatokens_inventory.org.token_count
    clients = data.oktatokens_inventory.org.client_count
    users   = data.oktatokens_inventory.org.user_count
  }
}

# The clients with the most tokens come last, next to the prompt.
output "clients" {
  value = sort([
    for client in data.oktatokens_inventory.org.clients : format(
      "%7d tokens of %d users, oldest of %s: %s at %s",
      client.token_count, client.user_count, coalesce(client.oldest_created, "an unknown day"),
      coalesce(client.client_name, client.client_id, "a client without a name"), coalesce(client.auth_server_name, client.auth_server_id, "the org authorization server"),
    )
  ])
}

output "ages" {
  value = [
    for band in data.oktatokens_inventory.org.age_histogram : band.days_to == null ?
    "${band.days_from} days and more: ${band.token_count}" :
    "${band.days_from} to ${band.days_to} days: ${band.token_count}"
  ]
}

output "complete" {
  value = data.oktatokens_inventory.org.complete
}

output "failures" {
  value = data.oktatokens_inventory.org.failures
}

# Which users hold tokens of one team's clients, and how many. It changes
# nothing: the provider is read-only. The org and the credential come from
# OKTA_ORG_URL and OKTA_API_TOKEN.
#
#   terraform apply -var 'client_ids=["0oa3f9hbc6JyPs1Qv5d7","0oa9p2kfx4ZtWd7Rm5d7"]'

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

variable "client_ids" {
  description = "Client IDs of the team's clients."
  type        = set(string)

  validation {
    condition     = length(var.client_ids) > 0
    error_message = "Name at least one client to audit."
  }
}

variable "auth_server_ids" {
  description = "IDs of the authorization servers to look at. Without it, every custom one."
  type        = set(string)
  default     = null
}

data "oktatokens_inventory" "team" {
  auth_server_ids = var.auth_server_ids
  client_ids      = var.client_ids
  include_users   = true
}

output "total" {
  value = {
    tokens = data.oktatokens_inventory.team.token_count
    users  = data.oktatokens_inventory.team.user_count
  }
}

output "tokens_by_user" {
  value = {
    for user in data.oktatokens_inventory.team.users :
    user.user_id => "${coalesce(user.user_name, "no name")}: ${user.token_count} tokens at ${user.client_count} clients"
  }
}

output "tokens_by_scope" {
  value = {
    for client in data.oktatokens_inventory.team.clients :
    "${client.client_id} at ${coalesce(client.auth_server_id, "the org authorization server")}" => client.scope_counts
  }
}

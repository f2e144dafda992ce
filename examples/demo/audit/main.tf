# Lists the clients that hold refresh tokens of an authorization server, and
# every token of one of them. It changes nothing: the provider is read-only.
# The org and the credential come from OKTA_ORG_URL and OKTA_API_TOKEN.
#
#   terraform apply
#   terraform apply -var client_id=0oa3f9hbc6JyPs1Qv5d7

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

variable "auth_server_id" {
  description = "ID of the authorization server, or default."
  type        = string
  default     = "default"
}

variable "client_id" {
  description = "Client whose tokens to list. Without it, only the clients are listed."
  type        = string
  default     = null
}

data "oktatokens_clients" "example" {
  auth_server_id = var.auth_server_id
}

data "oktatokens_refresh_tokens" "example" {
  count = var.client_id == null ? 0 : 1

  auth_server_id = var.auth_server_id
  client_id      = var.client_id
}

locals {
  tokens = flatten(data.oktatokens_refresh_tokens.example[*].tokens)
  scopes = flatten([for token in local.tokens : coalesce(token.scopes, [])])
}

output "clients" {
  value = { for client in data.oktatokens_clients.example.clients : client.client_id => client.client_name }
}

# Oldest first: time of issue, ID and user.
output "tokens" {
  value = var.client_id == null ? null : [
    for token in local.tokens : "${token.created}  ${token.id}  ${coalesce(token.user_name, token.user_id, "no user")}"
  ]
}

# How many of the tokens have each scope.
output "scopes" {
  value = var.client_id == null ? null : {
    for scope in distinct(local.scopes) : scope => length([for other in local.scopes : other if other == scope])
  }
}

output "total" {
  value = var.client_id == null ? null : {
    tokens = length(local.tokens)
    users  = length(flatten(data.oktatokens_refresh_tokens.example[*].user_ids))
  }
}

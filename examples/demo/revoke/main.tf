# Revokes the refresh tokens that were issued to one client after a given time:
# exactly those that the plan shows. The org and the credential come from
# OKTA_ORG_URL and OKTA_API_TOKEN.
#
#   terraform plan -out=revoke.tfplan -var client_id=0oa3f9hbc6JyPs1Qv5d7 -var since=2026-03-14T02:30:00Z
#   terraform apply revoke.tfplan

terraform {
  required_providers {
    oktatokens = {
      source = "oktatokens/oktatokens"
    }
  }
}

provider "oktatokens" {}

variable "auth_server_id" {
  description = "ID of the authorization server, or default."
  type        = string
  default     = "default"
}

variable "client_id" {
  description = "Client whose tokens to revoke."
  type        = string
}

variable "since" {
  description = "Revoke what was issued after this time, in RFC 3339."
  type        = string
}

data "oktatokens_refresh_tokens" "example" {
  auth_server_id = var.auth_server_id
  client_id      = var.client_id
  filter {
    created_after = var.since
  }
}

resource "oktatokens_revocation" "example" {
  auth_server_id = var.auth_server_id
  client_id      = var.client_id
  token_ids      = data.oktatokens_refresh_tokens.example.token_ids
  max_tokens     = 100

  # Another time starts another revocation, whose record replaces this one.
  triggers = {
    since = var.since
  }

  # Once the tokens are gone, the data source is empty. Do not plan that as a change.
  lifecycle {
    ignore_changes = [token_ids]
  }
}

# The tokens as they were just before: time of issue, ID and user.
output "revoked" {
  value = {
    at     = oktatokens_revocation.example.revoked_at
    count  = oktatokens_revocation.example.revoked_count
    tokens = [for token in oktatokens_revocation.example.revoked_tokens : "${token.created}  ${token.id}  ${coalesce(token.user_name, token.user_id, "no user")}"]
  }
}

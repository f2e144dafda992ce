# A policy for refresh tokens: none older than 90 days, none that never expires,
# and none of a client that is not on the list. A broken rule is a warning. With
# -var enforce=true, it is an error, and a scheduled plan fails. It changes
# nothing: the provider is read-only. The org and the credential come from
# OKTA_ORG_URL and OKTA_API_TOKEN.
#
#   terraform plan -var 'allowed_client_ids=["0oa3f9hbc6JyPs1Qv5d7"]'
#   terraform plan -var 'allowed_client_ids=["0oa3f9hbc6JyPs1Qv5d7"]' -var enforce=true

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

variable "allowed_client_ids" {
  description = "Client IDs of the clients that may hold refresh tokens."
  type        = set(string)
}

variable "enforce" {
  description = "Whether a broken rule is an error instead of a warning."
  type        = bool
  default     = false
}

# An incomplete inventory is an error: the part that was not read could break the
# policy.
data "oktatokens_inventory" "org" {}

locals {
  clients = data.oktatokens_inventory.org.clients

  # The age histogram has an edge at 90 days.
  old           = sum([for band in data.oktatokens_inventory.org.age_histogram : band.token_count if band.days_from >= 90])
  never_expire  = { for client in local.clients : "${client.client_id} at ${client.auth_server_id}" => client.never_expires_count if client.never_expires_count > 0 }
  not_on_a_list = setsubtract([for client in local.clients : client.client_id], var.allowed_client_ids)

  # What breaks each rule, or nothing.
  violations = {
    age     = local.old == 0 ? "" : "${local.old} refresh tokens are older than 90 days."
    expiry  = length(local.never_expire) == 0 ? "" : "Refresh tokens never expire: ${jsonencode(local.never_expire)}."
    clients = length(local.not_on_a_list) == 0 ? "" : "Clients that may not hold refresh tokens do: ${join(", ", local.not_on_a_list)}."
  }
}

check "age" {
  assert {
    condition     = local.violations.age == ""
    error_message = local.violations.age
  }
}

check "expiry" {
  assert {
    condition     = local.violations.expiry == ""
    error_message = local.violations.expiry
  }
}

check "clients" {
  assert {
    condition     = local.violations.clients == ""
    error_message = local.violations.clients
  }
}

output "violations" {
  value = compact(values(local.violations))

  precondition {
    condition     = !var.enforce || length(compact(values(local.violations))) == 0
    error_message = join("\n", compact(values(local.violations)))
  }
}

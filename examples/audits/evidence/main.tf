# Exports every refresh token, client and user as files for an auditor: CSV for a
# spreadsheet, and a page to read, print and file. It changes nothing: the
# provider is read-only. The org and the credential come from OKTA_ORG_URL and
# OKTA_API_TOKEN.
#
#   terraform apply
#   terraform output -raw report_html >report.html

terraform {
  required_version = ">= 1.8"
  required_providers {
    oktatokens = {
      source = "oktatokens/oktatokens"
    }
  }
}

provider "oktatokens" {
  read_only = true
}

variable "title" {
  description = "Title of the page."
  type        = string
  nullable    = false
  default     = "Refresh tokens"

  validation {
    condition     = trimspace(var.title) != ""
    error_message = "A page needs a title."
  }
}

variable "auth_server_ids" {
  description = "IDs of the authorization servers to look at. Without it, every custom one. An empty set means none."
  type        = set(string)
  default     = null
}

variable "user_ids" {
  description = "IDs of users to look at as well, for their tokens of the org authorization server."
  type        = set(string)
  default     = null
}

variable "app_ids" {
  description = "IDs of apps to look at as well, for their tokens of the org authorization server."
  type        = set(string)
  default     = null
}

# Rows make a state large: 10,000 tokens take about 10 MB.
data "oktatokens_inventory" "evidence" {
  auth_server_ids = var.auth_server_ids
  user_ids        = var.user_ids
  app_ids         = var.app_ids
  include_tokens  = true
  include_users   = true
}

output "total" {
  value = {
    org     = data.oktatokens_inventory.evidence.org_url
    read_at = plantimestamp()
    tokens  = data.oktatokens_inventory.evidence.token_count
    clients = data.oktatokens_inventory.evidence.client_count
    users   = data.oktatokens_inventory.evidence.user_count
  }
}

# These are sensitive so that no plan prints them.

output "tokens_csv" {
  value     = provider::oktatokens::csv(data.oktatokens_inventory.evidence.tokens)
  sensitive = true
}

output "clients_csv" {
  value     = provider::oktatokens::csv(data.oktatokens_inventory.evidence.clients)
  sensitive = true
}

output "users_csv" {
  value     = provider::oktatokens::csv(data.oktatokens_inventory.evidence.users)
  sensitive = true
}

output "report_html" {
  value     = provider::oktatokens::html_report(var.title, merge(data.oktatokens_inventory.evidence, { read_at = plantimestamp() }))
  sensitive = true
}

variable "auth_server_ids" {
  description = "IDs of the authorization servers that issued the tokens."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.auth_server_ids) > 0 && alltrue([for id in var.auth_server_ids : can(regex("^aus[0-9A-Za-z]+$", id))])
    error_message = "Name at least one authorization server by its ID, such as aus8k2lmq4RtXw7Zn5d7: it is in the address of its page in the Admin Console, for the one named default too."
  }
}

variable "scopes" {
  description = "The scopes. A token that holds one of them is revoked."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.scopes) > 0 && alltrue([for scope in var.scopes : can(regex("^[\\x21\\x23-\\x5B\\x5D-\\x7E]+$", scope))])
    error_message = "Name at least one scope, such as orders:write, without spaces or commas between several."
  }
  validation {
    condition     = !contains(var.scopes, "offline_access")
    error_message = "Every refresh token holds offline_access: that would be all of them. The runbook compromised-client revokes everything of an app."
  }
}

variable "reason" {
  description = "Why, for those who read the record later, such as \"INC-1045: payroll:write was granted to everybody\"."
  type        = string
  nullable    = false

  validation {
    condition     = trimspace(var.reason) != ""
    error_message = "Say why: the record is of little use without it."
  }
}

variable "client_ids" {
  description = "Client IDs of the clients whose tokens to revoke, or null for those of every client."
  type        = set(string)
  # No default: Terraform ignores a misspelt TF_VAR_ name, which would then mean every client.

  validation {
    condition     = var.client_ids == null ? true : length(var.client_ids) > 0
    error_message = "Name at least one client, or set client_ids to null for every client."
  }
}

variable "max_tokens" {
  description = "Refuse, before anything is revoked, when more tokens than this would be hit."
  type        = number
  nullable    = false
  default     = 100

  validation {
    condition     = var.max_tokens >= 0 && floor(var.max_tokens) == var.max_tokens
    error_message = "max_tokens is a whole number, at least 0."
  }
}

variable "round" {
  description = "Raise it to revoke again, with a new record: what was issued since the last time. Save revoked_csv first."
  type        = number
  nullable    = false
  default     = 1
}

variable "protected_client_ids" {
  description = "Client IDs of clients that must not be hit: a plan that would is an error."
  type        = set(string)
  nullable    = false
  default     = []
}

variable "protected_user_ids" {
  description = "IDs of users who must not be hit, such as break-glass accounts: a plan that would is an error."
  type        = set(string)
  nullable    = false
  default     = []
}

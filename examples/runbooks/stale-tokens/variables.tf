variable "auth_server_ids" {
  description = "IDs of the authorization servers that issued the tokens."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.auth_server_ids) > 0 && alltrue([for id in var.auth_server_ids : can(regex("^aus[0-9A-Za-z]+$", id))])
    error_message = "Name at least one authorization server by its ID, such as aus8k2lmq4RtXw7Zn5d7: it is in the address of its page in the Admin Console. The one named default has one too."
  }
}

variable "idle_days" {
  description = "Revoke tokens that were last used longer ago than this, in days."
  type        = number
  nullable    = false

  validation {
    condition     = var.idle_days >= 1 && floor(var.idle_days) == var.idle_days
    error_message = "idle_days must be a whole number of days, at least 1."
  }
}

variable "reason" {
  description = "Why, for those who read the record later, such as \"quarterly clean-up 2026-Q2\"."
  type        = string
  nullable    = false

  validation {
    condition     = trimspace(var.reason) != ""
    error_message = "Give a reason, for those who read the record later."
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
  description = "Refuse, before anything is revoked, if more tokens than this would be revoked."
  type        = number
  nullable    = false
  default     = 100

  validation {
    condition     = var.max_tokens >= 0 && floor(var.max_tokens) == var.max_tokens
    error_message = "max_tokens must be a whole number, at least 0."
  }
}

variable "round" {
  description = "Raise it to list and revoke again, with a new record. Save revoked_csv first."
  type        = number
  nullable    = false
  default     = 1
}

variable "protected_client_ids" {
  description = "Client IDs of protected clients. A plan that would affect one of them fails."
  type        = set(string)
  nullable    = false
  default     = []
}

variable "protected_user_ids" {
  description = "IDs of protected users, such as break-glass accounts. A plan that would affect one of them fails."
  type        = set(string)
  nullable    = false
  default     = []
}

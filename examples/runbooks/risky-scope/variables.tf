variable "auth_server_ids" {
  description = "IDs of the authorization servers that issued the tokens."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.auth_server_ids) > 0 && alltrue([for id in var.auth_server_ids : can(regex("^aus[0-9A-Za-z]+$", id))])
    error_message = "Name at least one authorization server by its ID, such as aus8k2lmq4RtXw7Zn5d7: it is in the address of its page in the Admin Console. The one named default has one too."
  }
}

variable "scopes" {
  description = "The scopes. A token with at least one of them is revoked."
  type        = set(string)
  nullable    = false

  validation {
    condition     = length(var.scopes) > 0 && alltrue([for scope in var.scopes : can(regex("^[\\x21\\x23-\\x5B\\x5D-\\x7E]+$", scope))])
    error_message = "Name at least one scope, such as orders:write, without spaces or commas between several."
  }
  validation {
    condition     = !contains(var.scopes, "offline_access")
    error_message = "Every refresh token has offline_access, so this would revoke all of them. To revoke all tokens of an app, use the runbook compromised-client."
  }
}

variable "reason" {
  description = "Why, for those who read the record later, such as \"INC-1045: payroll:write was granted to everyone\"."
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
  description = "Raise it to revoke what was issued since, with a new record. Save revoked_csv first."
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

variable "user_id" {
  description = "ID of the user whose tokens to revoke and whose sessions to end."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^00u[0-9A-Za-z]+$", var.user_id))
    error_message = "A user's ID looks like 00u6t4vnd2KgLe8Hx5d7: it is in the address of the user's page in the Admin Console. A login or an email address is not an ID."
  }
}

variable "reason" {
  description = "Why, for those who read the record later, such as \"INC-1043: account takeover\"."
  type        = string
  nullable    = false

  validation {
    condition     = trimspace(var.reason) != ""
    error_message = "Give a reason, for those who read the record later."
  }
}

variable "max_tokens" {
  description = "Refuse, before anything is revoked, if the user has more tokens than this."
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

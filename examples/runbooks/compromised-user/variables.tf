variable "user_id" {
  description = "ID of the user whose tokens to revoke and whose sessions to end."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^00u[0-9A-Za-z]+$", var.user_id))
    error_message = "A user's ID looks like 00u6t4vnd2KgLe8Hx5d7: it is in the address of the user's page in the Admin Console. A login or an email address is no ID."
  }
}

variable "reason" {
  description = "Why, for those who read the record later, such as \"INC-1043: account takeover\"."
  type        = string
  nullable    = false

  validation {
    condition     = trimspace(var.reason) != ""
    error_message = "Say why: the record is of little use without it."
  }
}

variable "max_tokens" {
  description = "Refuse, before anything is revoked, when the user has more tokens than this."
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

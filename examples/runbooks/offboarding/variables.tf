variable "users_csv" {
  description = "CSV file with a line for each user, and a first line that names the columns."
  type        = string
  nullable    = false

  validation {
    condition     = fileexists(var.users_csv)
    error_message = "There is no such file."
  }
}

variable "column" {
  description = "Name of the column that holds the users' IDs."
  type        = string
  nullable    = false
  default     = "user_id"
}

variable "reason" {
  description = "Why, for those who read the record later, such as \"leavers of March\"."
  type        = string
  nullable    = false

  validation {
    condition     = trimspace(var.reason) != ""
    error_message = "Give a reason, for those who read the record later."
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

variable "end_sessions" {
  description = "Whether to end the users' Okta sessions too. Okta does so by itself when a user is deactivated."
  type        = bool
  nullable    = false
  default     = false
}

variable "protected_client_ids" {
  description = "Client IDs of protected clients. A plan that would affect one of them fails."
  type        = set(string)
  nullable    = false
  default     = []
}

variable "protected_user_ids" {
  description = "IDs of protected users, such as break-glass accounts. A plan that would affect one of them fails, even if the user is on the list."
  type        = set(string)
  nullable    = false
  default     = []
}

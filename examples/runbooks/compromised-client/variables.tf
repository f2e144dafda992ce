variable "app_id" {
  description = "ID of the app whose tokens to revoke. For most apps it is the client ID."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^0oa[0-9A-Za-z]+$", var.app_id))
    error_message = "An app's ID looks like 0oa3f9hbc6JyPs1Qv5d7: it is in the address of the app's page in the Admin Console. A client ID that looks different is not an app's ID: look for its app."
  }
}

variable "reason" {
  description = "Why, for those who read the record later, such as \"INC-1042: client secret in a public repository\"."
  type        = string
  nullable    = false

  validation {
    condition     = trimspace(var.reason) != ""
    error_message = "Give a reason, for those who read the record later."
  }
}

variable "max_tokens" {
  description = "Refuse, before anything is revoked, if the app has more tokens than this."
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

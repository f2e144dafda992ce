# Revokes every refresh token of a client each time var.wave changes. Terraform uses
# the action. OpenTofu has no actions and uses the resource. Each reads its own file,
# because OpenTofu prefers actions.tofu to actions.tf.
terraform {
  required_providers {
    oktatokens = {
      source = "oktatokens/oktatokens"
    }
  }
}

variable "auth_server_id" {
  description = "ID of the authorization server."
  type        = string
}

variable "client_id" {
  description = "ID of the client."
  type        = string
}

variable "wave" {
  description = "Any text, such as the number of an incident. A new value revokes again."
  type        = string
}

variable "max_tokens" {
  description = "How many tokens may be revoked at once."
  type        = number
  default     = 1000
}

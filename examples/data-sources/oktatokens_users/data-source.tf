data "oktatokens_users" "example" {
  logins = ["amara.abara@example.com", "amara.abra@example.com"]
}

output "user_ids" {
  value = data.oktatokens_users.example.user_ids
}

# Misspelt, or deleted in Okta.
output "unknown_logins" {
  value = data.oktatokens_users.example.unknown_logins
}

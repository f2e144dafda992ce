# Totals of all refresh tokens of all custom authorization servers.
data "oktatokens_inventory" "example" {}

output "total" {
  value = "${data.oktatokens_inventory.example.token_count} tokens of ${data.oktatokens_inventory.example.user_count} users at ${data.oktatokens_inventory.example.client_count} clients"
}

output "older_than_90_days" {
  value = sum([for band in data.oktatokens_inventory.example.age_histogram : band.token_count if band.days_from >= 90])
}

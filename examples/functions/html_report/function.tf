data "oktatokens_inventory" "example" {
  include_users = true
  on_error      = "continue"
}

# terraform output -raw report >report.html
output "report" {
  value = provider::oktatokens::html_report(
    "Refresh tokens of Acme",
    merge(data.oktatokens_inventory.example, { read_at = plantimestamp() }),
  )
}

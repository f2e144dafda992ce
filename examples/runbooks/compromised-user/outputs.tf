locals {
  # Characters in a name that could make a terminal show something else.
  unprintable = "/[\\pC\\p{Zl}\\p{Zp}]/"

  before = data.oktatokens_inventory.before
  record = oktatokens_revocation.user
  left   = data.oktatokens_inventory.after.tokens

  # Most tokens first, then by name. The ten digits in front are only for sort.
  clients = [for line in sort([
    for row in local.before.clients :
    format("%010d%6d  '%s' at %s", 9999999999 - row.token_count, row.token_count, coalesce(row.client_name, row.client_id),
    row.auth_server_id == null ? "the org authorization server" : "'${coalesce(row.auth_server_name, row.auth_server_id)}'")
  ]) : replace(substr(line, 10, -1), local.unprintable, "?")]
}

output "found" {
  description = "What the plan found."
  value = {
    tokens    = local.before.token_count
    user      = replace(join(", ", distinct(compact(local.before.tokens[*].user_name))), local.unprintable, "?")
    by_client = local.clients
  }
}

output "revoked" {
  description = "What the revocation did, according to its record."
  value = local.record.revoked_count == null ? null : {
    at           = local.record.revoked_at
    tokens       = local.record.revoked_count
    already_gone = local.record.already_gone_count
  }
}

output "left" {
  description = "Tokens of the user that the second look found, at most twenty. None of them was revoked."
  value       = local.record.revoked_count == null ? null : [for token in slice(local.left, 0, min(20, length(local.left))) : replace("${token.id}, issued ${coalesce(token.created, "?")} to ${coalesce(token.client_name, token.client_id)}", local.unprintable, "?")]
}

output "verdict" {
  description = "The result in words."
  value = local.record.revoked_count == null ? null : (
    length(local.left) == 0 ?
    "Done. Tokens revoked: ${local.record.revoked_count}, and the user's Okta sessions ended. A second look found no tokens of the user." :
    "Look closer. Tokens revoked: ${local.record.revoked_count}. Tokens issued since: ${length(local.left)}, see left. If you stopped the cause first, the user has signed in again. If not, stop it, save revoked_csv, and run again with round = ${var.round + 1}"
  )
}

# The files of the incident. They are sensitive so that no plan prints them:
#   terraform output -raw before_csv >before.csv

output "before_csv" {
  description = "Every token before the revocation, as CSV."
  value       = provider::oktatokens::csv(local.before.tokens)
  sensitive   = true
}

output "before_html" {
  description = "The same as a page to read, print and file."
  value       = provider::oktatokens::html_report("Before the revocation: ${var.reason}", merge(local.before, { read_at = plantimestamp() }))
  sensitive   = true
}

output "revoked_csv" {
  description = "The tokens that were revoked, as they were just before, as CSV."
  value       = provider::oktatokens::csv(local.record.revoked_tokens)
  sensitive   = true
}

output "after_html" {
  description = "What the second look found, as a page."
  value       = provider::oktatokens::html_report("After the revocation of ${coalesce(local.record.revoked_at, "nothing")}: ${var.reason}", data.oktatokens_inventory.after)
  sensitive   = true
}

locals {
  # Characters in a name that could make a terminal show something else.
  unprintable = "/[\\pC\\p{Zl}\\p{Zp}]/"

  before = data.oktatokens_inventory.before
  left   = data.oktatokens_inventory.after.tokens

  # One record for each authorization server. Before the first apply, there is none.
  records           = values(oktatokens_revocation.scope)
  revoked_token_ids = flatten(local.records[*].revoked_token_ids)
  revoked_count     = length(local.records) == 0 ? null : sum(local.records[*].revoked_count)

  # Most tokens first, then by name. The ten digits in front are only for sort.
  clients = [for line in sort([
    for row in local.before.clients :
    format("%010d%6d  '%s' at %s", 9999999999 - row.token_count, row.token_count, coalesce(row.client_name, row.client_id),
    "'${coalesce(row.auth_server_name, row.auth_server_id)}'")
  ]) : replace(substr(line, 10, -1), local.unprintable, "?")]
  users = [for line in sort([
    for user in local.before.users :
    format("%010d%6d  %s (%s)", 9999999999 - user.token_count, user.token_count, coalesce(user.user_name, "?"), user.user_id)
  ]) : replace(substr(line, 10, -1), local.unprintable, "?")]
}

output "found" {
  description = "What the plan found. Of the users, the twenty with the most tokens."
  value = {
    tokens    = local.before.token_count
    users     = local.before.user_count
    by_client = local.clients
    top_users = slice(local.users, 0, min(20, length(local.users)))
  }
}

output "revoked" {
  description = "What the revocation did, according to its record."
  value = local.revoked_count == null ? null : {
    at           = { for id, record in oktatokens_revocation.scope : id => record.revoked_at }
    tokens       = local.revoked_count
    already_gone = sum(local.records[*].already_gone_count)
  }
}

output "left" {
  description = "Tokens with such a scope that the second look found, at most twenty. None of them was revoked."
  value       = local.revoked_count == null ? null : [for token in slice(local.left, 0, min(20, length(local.left))) : replace("${token.id}, issued ${coalesce(token.created, "?")} to ${coalesce(token.user_name, token.user_id, "no user")}", local.unprintable, "?")]
}

output "verdict" {
  description = "The result in words."
  value = local.revoked_count == null ? "No verdict yet: the state has no record of a revocation." : (
    length(local.left) == 0 ?
    "Done. Tokens revoked: ${local.revoked_count}. A second look found none with such a scope." :
    "Look closer. Tokens revoked: ${local.revoked_count}. Tokens issued since: ${length(local.left)}, see left. The scope is still being granted. Stop that, save revoked_csv, and run again with round = ${var.round + 1}"
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
  value       = provider::oktatokens::csv(flatten(local.records[*].revoked_tokens))
  sensitive   = true
}

output "after_html" {
  description = "What the second look found, as a page."
  value       = local.revoked_count == null ? null : provider::oktatokens::html_report("After the revocation: ${var.reason}", data.oktatokens_inventory.after)
  sensitive   = true
}

# Lists what would be revoked in active_token_ids, and revokes nothing. Then set
# dry_run = false: the next plan shows the IDs, and its apply revokes.
resource "oktatokens_revocation" "example" {
  auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
  all_clients    = true
  dry_run        = true

  filter {
    never_expires = true
  }
}

output "would_revoke" {
  value = oktatokens_revocation.example.active_token_ids
}

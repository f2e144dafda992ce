# Revokes idle tokens at the first apply of each quarter.
resource "oktatokens_revocation" "example" {
  auth_server_id = "aus8k2lmq4RtXw7Zn5d7"
  all_clients    = true

  filter {
    idle_for = "90d"
  }

  triggers = {
    quarter = "2026-Q2"
  }
}

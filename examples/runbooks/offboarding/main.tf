# Revokes every refresh token of each user on a list. README.md says how to run
# it.

terraform {
  required_version = ">= 1.8"
  required_providers {
    oktatokens = {
      source = "oktatokens/oktatokens"
    }
  }
}

# The org and the credential come from OKTA_ORG_URL and OKTA_API_TOKEN.
provider "oktatokens" {
  protected_client_ids = var.protected_client_ids
  protected_user_ids   = var.protected_user_ids
}

locals {
  # Undo what spreadsheets do to a list: a byte order mark, carriage returns, and
  # lines of only commas and spaces. In a quoted note, this changes only the note.
  text  = replace(replace(replace(trimprefix(file(var.users_csv), "\ufeff"), "\r\n", "\n"), "\r", "\n"), "/(?m)^[ \t,;]+$/", "")
  lines = split("\n", local.text)
  first = try([for i, line in local.lines : i if line != ""][0], -1)

  # Column names can be missing or repeated, so csvdecode gets numbers instead.
  header = local.first < 0 ? [] : [for name in regexall("(\"(?:[^\"]|\"\")*\"|[^,]*),", "${local.lines[local.first]},") : lower(trimspace(trim(trimspace(name[0]), "\"")))]
  named  = [for i, name in local.header : tostring(i) if name == lower(trimspace(var.column))]
  csv    = join("\n", [for i, line in local.lines : i == local.first ? join(",", range(length(local.header))) : line])

  # A set has each user once, even if the list repeats them.
  listed   = length(local.named) != 1 ? [] : [for row in csvdecode(local.csv) : trimspace(row[local.named[0]])]
  user_ids = toset(compact(local.listed))
  no_ids   = [for id in local.user_ids : id if !can(regex("^00u[0-9A-Za-z]+$", id))]

  # The lines where records begin, to name those without a user. The first record
  # is the header.
  texts    = [for record in regexall("((?:\"(?:[^\"]|\"\")*\"|[^\"\n])*)\n", "${local.text}\n") : record[0]]
  begins   = [for i, record in local.texts : i if record != ""]
  no_users = [for i, user in local.listed : length(split("\n", join("\n", slice(local.texts, 0, local.begins[i + 1])))) + 1 if user == ""]
}

# The evidence: what the plan finds before anything is revoked.
# A user's list includes tokens of every authorization server, the org authorization
# server too. One error names all users who cannot be read.
data "oktatokens_inventory" "before" {
  auth_server_ids = []
  user_ids        = local.user_ids
  include_tokens  = true
  include_users   = true
  on_error        = "continue"

  lifecycle {
    precondition {
      condition     = length(local.header) > 0
      error_message = "${var.users_csv} is empty. Its first line must name the columns, and one of them must be ${var.column}."
    }
    precondition {
      condition     = length(local.header) == 0 || length(local.named) == 1
      error_message = "Line ${local.first + 1} of ${var.users_csv} must name the column ${var.column} once. It names these: ${jsonencode(local.header)}. ${can(regex("[;\t]", join("", local.header))) ? "Columns must be separated by commas: export the list again as CSV with commas." : "Set column to the one that holds the users' IDs."}"
    }
    precondition {
      condition     = length(local.no_users) == 0
      error_message = "${var.users_csv} has lines without a user in the column ${var.column}: ${join(", ", local.no_users)}. Fill in the ID, or remove the line."
    }
    precondition {
      condition     = length(local.no_ids) == 0
      error_message = "These are not user IDs, which look like 00u6t4vnd2KgLe8Hx5d7: ${jsonencode(local.no_ids)}. A login or an email address is not an ID."
    }
  }
}

# All tokens of the users on the list, whatever the plan found: they must hold none.
# Deactivate them first.
resource "oktatokens_revocation" "user" {
  for_each = local.user_ids

  user_id      = each.key
  all_clients  = true
  all          = true
  end_sessions = var.end_sessions
  max_tokens   = var.max_tokens
  reason       = var.reason

  triggers = {
    round = var.round
  }

  lifecycle {
    precondition {
      condition     = data.oktatokens_inventory.before.complete
      error_message = "Nothing is revoked, because not every user could be read: ${join("; ", [for failure in data.oktatokens_inventory.before.failures : "${coalesce(failure.user_id, "?")}: ${failure.error}"])}. A deleted user has no tokens: take them off the list."
    }
    # At the apply, max_tokens applies to each user separately. At the plan, it
    # applies to all of them together.
    precondition {
      condition     = data.oktatokens_inventory.before.token_count <= var.max_tokens
      error_message = "Nothing is revoked. Tokens found: ${data.oktatokens_inventory.before.token_count}. That is more than max_tokens = ${var.max_tokens}. Look at them, and raise max_tokens only if all of them should be revoked."
    }
  }
}

# The proof: a second look after the revocation. It reads Okta again, and does not
# trust the record.
data "oktatokens_inventory" "after" {
  auth_server_ids = []
  user_ids        = local.user_ids
  include_tokens  = true

  depends_on = [oktatokens_revocation.user]

  lifecycle {
    postcondition {
      condition     = length(setintersection(self.tokens[*].id, local.revoked_token_ids)) == 0
      error_message = "These tokens were revoked but are still alive: ${join(", ", setintersection(self.tokens[*].id, local.revoked_token_ids))}."
    }
  }
}

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
  # What spreadsheets do to a list: a byte order mark, carriage returns, and lines
  # of nothing but commas and spaces. Inside a quoted note, this changes the note
  # only.
  text  = replace(replace(replace(trimprefix(file(var.users_csv), "\ufeff"), "\r\n", "\n"), "\r", "\n"), "/(?m)^[ \t,;]+$/", "")
  lines = split("\n", local.text)
  first = try([for i, line in local.lines : i if line != ""][0], -1)

  # Names of columns can be missing, or be there twice, so csvdecode gets numbers
  # in their place.
  header = local.first < 0 ? [] : [for name in regexall("(\"(?:[^\"]|\"\")*\"|[^,]*),", "${local.lines[local.first]},") : lower(trimspace(trim(trimspace(name[0]), "\"")))]
  named  = [for i, name in local.header : tostring(i) if name == lower(trimspace(var.column))]
  csv    = join("\n", [for i, line in local.lines : i == local.first ? join(",", range(length(local.header))) : line])

  # A set has each user once, however often the list does.
  listed   = length(local.named) != 1 ? [] : [for row in csvdecode(local.csv) : trimspace(row[local.named[0]])]
  user_ids = toset(compact(local.listed))
  no_ids   = [for id in local.user_ids : id if !can(regex("^00u[0-9A-Za-z]+$", id))]

  # Where the records begin, to name the lines that have no user. The first record
  # is the header.
  texts    = [for record in regexall("((?:\"(?:[^\"]|\"\")*\"|[^\"\n])*)\n", "${local.text}\n") : record[0]]
  begins   = [for i, record in local.texts : i if record != ""]
  no_users = [for i, user in local.listed : length(split("\n", join("\n", slice(local.texts, 0, local.begins[i + 1])))) + 1 if user == ""]
}

# The evidence: what there is when the plan is made, before anything is revoked.
# Through the users, tokens of every authorization server are seen, those of the
# org authorization server too. All users who cannot be read are told at once.
data "oktatokens_inventory" "before" {
  auth_server_ids = []
  user_ids        = local.user_ids
  include_tokens  = true
  include_users   = true
  on_error        = "continue"

  lifecycle {
    precondition {
      condition     = length(local.header) > 0
      error_message = "${var.users_csv} is empty. Its first line names the columns, of which one is ${var.column}."
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
      error_message = "These are no IDs of users, which look like 00u6t4vnd2KgLe8Hx5d7: ${jsonencode(local.no_ids)}. A login or an email address is no ID."
    }
  }
}

# Everything of everybody on the list, whatever the plan found: these users are
# to hold nothing. Deactivate them first.
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
      error_message = "Nothing is revoked, because not every user could be read: ${join("; ", [for failure in data.oktatokens_inventory.before.failures : "${coalesce(failure.user_id, "?")}: ${failure.error}"])}. Who was deleted has no tokens; take them off the list."
    }
    # Each user has max_tokens as a bound of their own when the plan is applied.
    # When it is made, it is the bound of all of them.
    precondition {
      condition     = data.oktatokens_inventory.before.token_count <= var.max_tokens
      error_message = "Nothing is revoked: ${data.oktatokens_inventory.before.token_count} tokens are more than max_tokens = ${var.max_tokens}. Look at who they are, and raise max_tokens if all of them are meant."
    }
  }
}

# The proof: a second look, which waits for the revocation and knows nothing of
# it but what it says it has revoked.
data "oktatokens_inventory" "after" {
  auth_server_ids = []
  user_ids        = local.user_ids
  include_tokens  = true

  depends_on = [oktatokens_revocation.user]

  lifecycle {
    postcondition {
      condition     = length(setintersection(self.tokens[*].id, local.revoked_token_ids)) == 0
      error_message = "These tokens were revoked, and are alive: ${join(", ", setintersection(self.tokens[*].id, local.revoked_token_ids))}."
    }
  }
}

# Runs against the fake org in its default size, freshly started:
#   go run ./internal/oktafake/cmd/oktafake
# No other org can be reached from here, whatever the environment says.

provider "oktatokens" {
  org_url   = "http://127.0.0.1:8080"
  api_token = "fake-api-token"
}

variables {
  users_csv = "tests/leavers.csv" # three users, with all that spreadsheets do to a list: 21 tokens
  reason    = "rehearsal"
}

run "looks_without_touching" {
  command = plan
  plan_options {
    mode = refresh-only
  }

  assert {
    condition     = local.user_ids == toset(["00u86BFWsTKWqfFbc5d7", "00uwNZJxp8ZxWwNXc5d7", "00uNpwA5PLc4etrel5d7"])
    error_message = "Read the users ${jsonencode(local.user_ids)}, want three."
  }
  assert {
    condition     = output.found.tokens == 21 && output.found.users == "3 of the 3 on the list"
    error_message = "Found ${jsonencode(output.found)}, want 21 tokens of 3 users."
  }
  assert {
    condition     = length(split("\r\n", output.before_csv)) == 1 + 21 + 1
    error_message = "The snapshot wants a line for each token, a header, and an end."
  }
}

run "refuses_too_many" {
  command = plan
  variables {
    max_tokens = 20
  }
  expect_failures = [oktatokens_revocation.user]
}

run "wants_a_file" {
  command = plan
  variables {
    users_csv = "tests/no.csv"
  }
  expect_failures = [var.users_csv]
}

run "wants_the_column" {
  command = plan
  variables {
    column = "okta_id"
  }
  expect_failures = [data.oktatokens_inventory.before]
}

run "wants_ids" {
  command = plan
  variables {
    users_csv = "tests/logins.csv"
  }
  expect_failures = [data.oktatokens_inventory.before]
}

run "wants_users_who_exist" {
  command = plan
  variables {
    users_csv = "tests/strangers.csv"
  }
  expect_failures = [oktatokens_revocation.user]
}

run "wants_a_reason" {
  command = plan
  variables {
    reason = ""
  }
  expect_failures = [var.reason]
}

run "succeeds_when_nobody_left" {
  variables {
    users_csv = "tests/nobody.csv"
  }

  assert {
    condition     = output.found.tokens == 0 && length(oktatokens_revocation.user) == 0
    error_message = "Found ${jsonencode(output.found)}, want nothing."
  }
}

run "revokes" {
  variables {
    max_tokens = 21
  }

  assert {
    condition     = output.revoked.tokens == 21 && length(output.revoked.at) == 3
    error_message = "Revoked ${jsonencode(output.revoked)}, want 21 tokens of 3 users."
  }
  assert {
    condition     = length(output.left) == 0 && startswith(output.verdict, "Done. Tokens revoked: 21.")
    error_message = "Got the verdict ${output.verdict}"
  }
}

run "is_done" {
  assert {
    condition     = output.found.tokens == 0 && output.revoked.tokens == 21
    error_message = "Found ${jsonencode(output.found)}, revoked ${jsonencode(output.revoked)}: want nothing to be left and the record to be kept."
  }
}

run "succeeds_when_there_is_nothing" {
  variables {
    round = 2
  }

  assert {
    condition     = output.revoked.tokens == 0 && startswith(output.verdict, "Done. Tokens revoked: 0.")
    error_message = "Got the verdict ${output.verdict}"
  }
}

# Runs against the fake org in its default size, freshly started:
#   go run ./internal/oktafake/cmd/oktafake
# No other org can be reached from here, whatever the environment says.

provider "oktatokens" {
  org_url   = "http://127.0.0.1:8080"
  api_token = "fake-api-token"
}

variables {
  auth_server_ids = ["ausiUrhnDe61HmVHA5d7", "ausLs9BsqhE5JvUpU5d7"] # default and Payments: 200 tokens
  client_ids      = null                                             # every client
  idle_days       = 90
  reason          = "rehearsal"
}

run "looks_without_touching" {
  plan_options {
    mode = refresh-only
  }

  assert {
    condition     = output.found.tokens == 14
    error_message = "Found ${jsonencode(output.found)}, want 14 tokens."
  }

  assert {
    condition     = alltrue([for token in data.oktatokens_inventory.before.tokens : timecmp(token.last_updated, timeadd(timestamp(), "-2160h")) < 0])
    error_message = "Found a token that was used."
  }

  assert {
    condition     = length(split("\r\n", output.before_csv)) == 1 + 14 + 1
    error_message = "The snapshot wants a line for each token, a header, and an end."
  }

  assert {
    condition     = startswith(output.verdict, "No verdict yet: ") && length(oktatokens_revocation.stale) == 0
    error_message = "A look has revoked something."
  }
}

run "refuses_too_many" {
  command = plan
  variables {
    max_tokens = 13
  }
  expect_failures = [oktatokens_revocation.stale]
}

run "wants_days" {
  command = plan
  variables {
    idle_days = 0
  }
  expect_failures = [var.idle_days]
}

run "wants_whole_days" {
  command = plan
  variables {
    idle_days = 1.5
  }
  expect_failures = [var.idle_days]
}

run "wants_servers_by_id" {
  command = plan
  variables {
    auth_server_ids = ["default"]
  }
  expect_failures = [var.auth_server_ids]
}

run "wants_a_client_or_every" {
  command = plan
  variables {
    client_ids = []
  }
  expect_failures = [var.client_ids]
}

run "wants_a_reason" {
  command = plan
  variables {
    reason = "\n"
  }
  expect_failures = [var.reason]
}

run "succeeds_when_there_is_nothing" {
  variables {
    idle_days = 3650
  }

  assert {
    condition     = output.found.tokens == 0 && output.revoked.tokens == 0 && startswith(output.verdict, "Done. Tokens revoked: 0 of the 0 in the plan.")
    error_message = "Got the verdict ${output.verdict}"
  }
}

run "revokes" {
  variables {
    max_tokens = 14
  }

  assert {
    condition     = output.revoked.tokens == 14 && length(output.left) == 0 && startswith(output.verdict, "Done. Tokens revoked: 14 of the 14 in the plan.")
    error_message = "Revoked ${jsonencode(output.revoked)}, left ${jsonencode(output.left)}: ${output.verdict}"
  }

  assert {
    condition     = alltrue([for token in flatten(values(oktatokens_revocation.stale)[*].revoked_tokens) : timecmp(token.last_updated, timeadd(timestamp(), "-2160h")) < 0])
    error_message = "Revoked a token that was used."
  }
}

run "is_done" {

  assert {
    condition     = output.found.tokens == 0 && output.revoked.tokens == 14 && startswith(output.verdict, "Done. Tokens revoked: 14 of the 14 in the plan.")
    error_message = "Found ${jsonencode(output.found)}, revoked ${jsonencode(output.revoked)}: want nothing to be left and the record to be kept."
  }
}

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
  # The fake org's tokens are as old as they are at the start of the day: so are
  # the days of this window, from the 120th before today to the 90th.
  since  = timeadd(formatdate("YYYY-MM-DD'T'00:00:00Z", timestamp()), "-2880h")
  until  = timeadd(formatdate("YYYY-MM-DD'T'00:00:00Z", timestamp()), "-2160h")
  reason = "INC-1044: rehearsal"
}

run "looks_without_touching" {
  plan_options {
    mode = refresh-only
  }
  variables {
    since = "2020-01-01T00:00:00Z"
    until = timestamp()
  }

  assert {
    condition     = output.found.tokens == 200 && length(output.found.by_client) == 10 && length(output.found.top_users) == 20
    error_message = "Found ${jsonencode(output.found)}, want 200 tokens of 10 clients, and twenty users."
  }
  assert {
    condition     = length(split("\r\n", output.before_csv)) == 1 + 200 + 1
    error_message = "The snapshot wants a line for each token, a header, and an end."
  }
  assert {
    condition     = startswith(output.verdict, "No verdict yet: ") && length(oktatokens_revocation.window) == 0
    error_message = "A look has revoked something."
  }
}

run "refuses_too_many" {
  command = plan
  variables {
    since = "2020-01-01T00:00:00Z"
    until = timestamp()
  }
  expect_failures = [oktatokens_revocation.window]
}

run "wants_a_window" {
  command = plan
  variables {
    since = "2020-02-01T00:00:00Z"
    until = "2020-01-01T00:00:00Z"
  }
  expect_failures = [data.oktatokens_inventory.before]
}

run "wants_a_closed_window" {
  command = plan
  variables {
    until = timeadd(timestamp(), "1h")
  }
  expect_failures = [data.oktatokens_inventory.before]
}

run "wants_times" {
  command = plan
  variables {
    since = "yesterday"
    until = "2020-02-30"
  }
  expect_failures = [var.since, var.until]
}

run "wants_servers_by_id" {
  command = plan
  variables {
    auth_server_ids = ["default"]
  }
  expect_failures = [var.auth_server_ids]
}

run "wants_a_server" {
  command = plan
  variables {
    auth_server_ids = []
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

run "finds_what_was_issued" {
  command = plan
  variables {
    include_used = false
  }

  assert {
    condition     = output.found.tokens == 24 && alltrue([for token in data.oktatokens_inventory.before.tokens : timecmp(token.created, var.since) > 0 && timecmp(token.created, var.until) < 0])
    error_message = "Found ${jsonencode(output.found)}, want 24 tokens issued in the window."
  }
}

run "revokes_what_may_have_been_used" {
  variables {
    max_tokens = 129
  }

  assert {
    condition = alltrue([
      for token in flatten(values(oktatokens_revocation.window)[*].revoked_tokens) :
      timecmp(token.created, var.until) < 0 && timecmp(token.last_updated, var.since) > 0
    ])
    error_message = "Revoked a token that cannot have been used in the window."
  }
  assert {
    condition     = output.revoked.tokens == 129 && length(output.left) == 0 && startswith(output.verdict, "Done. ")
    error_message = "Revoked ${jsonencode(output.revoked)} of ${jsonencode(output.found)}: ${output.verdict}"
  }
}

run "is_done" {
  assert {
    condition     = output.found.tokens == 0 && output.revoked.tokens == 129
    error_message = "Found ${jsonencode(output.found)}, revoked ${jsonencode(output.revoked)}: want nothing to be left and the record to be kept."
  }
}

run "succeeds_when_there_is_nothing" {
  variables {
    since = "2020-01-01T00:00:00Z"
    until = "2020-02-01T00:00:00Z"
  }

  assert {
    condition     = output.found.tokens == 0 && output.revoked.tokens == 0 && startswith(output.verdict, "Done. Tokens revoked: 0.")
    error_message = "Got the verdict ${output.verdict}"
  }
}

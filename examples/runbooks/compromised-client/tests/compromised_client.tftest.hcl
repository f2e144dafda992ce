# Runs against the fake org in its default size, freshly started:
#   go run ./internal/oktafake/cmd/oktafake
# No other org can be reached from here, whatever the environment says.

provider "oktatokens" {
  org_url   = "http://127.0.0.1:8080"
  api_token = "fake-api-token"
}

variables {
  app_id = "0oaBY16Iapixd5h515d7" # Checkout Web: 20 tokens of 15 users
  reason = "INC-1042: rehearsal"
}

run "looks_without_touching" {
  command = plan
  plan_options {
    mode = refresh-only
  }

  assert {
    condition     = output.found.tokens == 20 && output.found.users == 15 && length(output.found.top_users) == 15
    error_message = "Found ${jsonencode(output.found)}, want 20 tokens of 15 users."
  }
  assert {
    condition     = length(split("\r\n", output.before_csv)) == 1 + 20 + 1
    error_message = "The snapshot wants a line for each token, a header, and an end."
  }
  assert {
    condition     = strcontains(output.before_html, "INC-1042: rehearsal")
    error_message = "The page does not say why."
  }
}

run "wants_an_app" {
  command = plan
  variables {
    app_id = ""
  }
  expect_failures = [var.app_id]
}

run "wants_no_user" {
  command = plan
  variables {
    app_id = "00uAD32E6TlzVvWsi5d7"
  }
  expect_failures = [var.app_id]
}

run "wants_no_path" {
  command = plan
  variables {
    app_id = "0oa1/../../users/me"
  }
  expect_failures = [var.app_id]
}

run "wants_a_reason" {
  command = plan
  variables {
    reason = " "
  }
  expect_failures = [var.reason]
}

run "wants_whole_tokens" {
  command = plan
  variables {
    max_tokens = 0.5
  }
  expect_failures = [var.max_tokens]
}

run "revokes" {
  assert {
    condition     = output.revoked.tokens == 20 && output.revoked.already_gone == 0 && output.revoked.at != null
    error_message = "Revoked ${jsonencode(output.revoked)}, want 20 tokens."
  }
  assert {
    condition     = length(output.left) == 0 && startswith(output.verdict, "Done. Tokens revoked: 20.")
    error_message = "Got the verdict ${output.verdict}"
  }
  assert {
    condition     = length(split("\r\n", output.revoked_csv)) == 1 + 20 + 1
    error_message = "The record wants a line for each token, a header, and an end."
  }
  assert {
    condition     = strcontains(output.after_html, oktatokens_revocation.client.revoked_at)
    error_message = "The page does not say what it comes after."
  }
}

run "is_done" {
  assert {
    condition     = output.found.tokens == 0 && output.revoked.tokens == 20
    error_message = "Found ${jsonencode(output.found)}, revoked ${jsonencode(output.revoked)}: want nothing to be left and the record to be kept."
  }
}

run "succeeds_when_there_is_nothing" {
  variables {
    round = 2
  }

  assert {
    condition     = output.revoked.tokens == 0 && output.revoked.at == null && startswith(output.verdict, "Done. Tokens revoked: 0.")
    error_message = "Got the verdict ${output.verdict}"
  }
}

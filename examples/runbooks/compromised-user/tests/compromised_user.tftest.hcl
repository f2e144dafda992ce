# Runs against the fake org in its default size, freshly started:
#   go run ./internal/oktafake/cmd/oktafake
# No other org can be reached from here, whatever the environment says.

provider "oktatokens" {
  org_url   = "http://127.0.0.1:8080"
  api_token = "fake-api-token"
}

variables {
  user_id = "00u86BFWsTKWqfFbc5d7" # Samir Nakamura: 9 tokens
  reason  = "INC-1043: rehearsal"
}

run "looks_without_touching" {
  command = plan
  plan_options {
    mode = refresh-only
  }

  assert {
    condition     = output.found.tokens == 9 && output.found.user == "Samir Nakamura"
    error_message = "Found ${jsonencode(output.found)}, want 9 tokens of Samir Nakamura."
  }
  assert {
    condition     = length(split("\r\n", output.before_csv)) == 1 + 9 + 1
    error_message = "The snapshot wants a line for each token, a header, and an end."
  }
}

run "wants_a_user" {
  command = plan
  variables {
    user_id = ""
  }
  expect_failures = [var.user_id]
}

run "wants_no_login" {
  command = plan
  variables {
    user_id = "samir.nakamura@example.com"
  }
  expect_failures = [var.user_id]
}

run "wants_no_path" {
  command = plan
  variables {
    user_id = "00u1/clients"
  }
  expect_failures = [var.user_id]
}

run "wants_a_reason" {
  command = plan
  variables {
    reason = ""
  }
  expect_failures = [var.reason]
}

run "wants_whole_tokens" {
  command = plan
  variables {
    max_tokens = -1
  }
  expect_failures = [var.max_tokens]
}

run "revokes" {
  assert {
    condition     = output.revoked.tokens == 9 && output.revoked.at != null
    error_message = "Revoked ${jsonencode(output.revoked)}, want 9 tokens."
  }
  assert {
    condition     = length(output.left) == 0 && startswith(output.verdict, "Done. Tokens revoked: 9, and the user's Okta sessions ended.")
    error_message = "Got the verdict ${output.verdict}"
  }
  assert {
    condition     = length(split("\r\n", output.revoked_csv)) == 1 + 9 + 1
    error_message = "The record wants a line for each token, a header, and an end."
  }
}

run "is_done" {
  assert {
    condition     = output.found.tokens == 0 && output.revoked.tokens == 9
    error_message = "Found ${jsonencode(output.found)}, revoked ${jsonencode(output.revoked)}: want nothing to be left and the record to be kept."
  }
}

run "succeeds_when_there_is_nothing" {
  variables {
    round = 2
  }

  assert {
    condition     = output.revoked.tokens == 0 && startswith(output.verdict, "Done. Tokens revoked: 0, ")
    error_message = "Got the verdict ${output.verdict}"
  }
}

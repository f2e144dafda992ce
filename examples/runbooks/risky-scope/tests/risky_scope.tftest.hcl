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
  scopes          = ["documents:write"]
  reason          = "INC-1045: rehearsal"
}

run "looks_without_touching" {
  plan_options {
    mode = refresh-only
  }

  assert {
    condition     = output.found.tokens == 19
    error_message = "Found ${jsonencode(output.found)}, want 19 tokens."
  }

  assert {
    condition     = alltrue([for token in data.oktatokens_inventory.before.tokens : contains(token.scopes, "documents:write")])
    error_message = "Found a token without the scope."
  }

  assert {
    condition     = length(split("\r\n", output.before_csv)) == 1 + 19 + 1
    error_message = "The snapshot wants a line for each token, a header, and an end."
  }

  assert {
    condition     = startswith(output.verdict, "No verdict yet: ") && length(oktatokens_revocation.scope) == 0
    error_message = "A look has revoked something."
  }
}

run "refuses_too_many" {
  command = plan
  variables {
    max_tokens = 18
  }
  expect_failures = [oktatokens_revocation.scope]
}

run "wants_a_scope" {
  command = plan
  variables {
    scopes = []
  }
  expect_failures = [var.scopes]
}

run "wants_one_scope_at_a_time" {
  command = plan
  variables {
    scopes = ["orders:read documents:write"]
  }
  expect_failures = [var.scopes]
}

run "wants_less_than_everything" {
  command = plan
  variables {
    scopes = ["documents:write", "offline_access"]
  }
  expect_failures = [var.scopes]
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
    scopes = ["unused:scope"]
  }

  assert {
    condition     = output.found.tokens == 0 && output.revoked.tokens == 0 && startswith(output.verdict, "Done. Tokens revoked: 0.")
    error_message = "Got the verdict ${output.verdict}"
  }
}

run "revokes" {
  variables {
    max_tokens = 19
  }

  assert {
    condition     = output.revoked.tokens == 19 && length(output.left) == 0 && startswith(output.verdict, "Done. Tokens revoked: 19.")
    error_message = "Revoked ${jsonencode(output.revoked)}, left ${jsonencode(output.left)}: ${output.verdict}"
  }

  assert {
    condition     = alltrue([for token in flatten(values(oktatokens_revocation.scope)[*].revoked_tokens) : contains(token.scopes, "documents:write")])
    error_message = "Revoked a token without the scope."
  }
}

run "is_done" {

  assert {
    condition     = output.found.tokens == 0 && output.revoked.tokens == 19
    error_message = "Found ${jsonencode(output.found)}, revoked ${jsonencode(output.revoked)}: want nothing to be left and the record to be kept."
  }
}

run "narrows_to_clients" {
  command = plan
  variables {
    scopes     = ["documents:read"]
    client_ids = ["0oaYZuPh8OtX47AWA5d7"] # Fleet Android
  }

  assert {
    condition     = output.found.tokens > 0 && alltrue([for token in data.oktatokens_inventory.before.tokens : token.client_id == "0oaYZuPh8OtX47AWA5d7"])
    error_message = "Found ${jsonencode(output.found)}, want tokens of Fleet Android only."
  }
}

# Runs against the fake org in its default size, freshly started:
#   go run ./internal/oktafake/cmd/oktafake
# No other org can be reached from here, whatever the environment says.

provider "oktatokens" {
  org_url   = "http://127.0.0.1:8080"
  api_token = "fake-api-token"
  read_only = true
}

variables {
  forbidden = {
    "nobody may write orders here" = { any_scopes = ["orders:write"], client_ids = ["0oaBY16Iapixd5h515d7"] }
    "nothing is that old"          = { older_than = "17520h" }
  }
}

run "passes_when_there_is_none" {
  command = plan

  assert {
    condition     = output.forbidden_tokens == { "nobody may write orders here" = 0, "nothing is that old" = 0 }
    error_message = "Got ${jsonencode(output.forbidden_tokens)}, want no forbidden tokens."
  }
}

run "fails_when_there_is_one" {
  command = plan
  variables {
    forbidden = {
      "nobody may write documents" = { any_scopes = ["documents:write"] }
      "nothing is that old"        = { older_than = "17520h" }
    }
  }
  expect_failures = [output.forbidden_tokens]
}

run "looks_where_it_is_told" {
  command = plan
  variables {
    forbidden = {
      "no documents at default" = { auth_server_ids = ["ausiUrhnDe61HmVHA5d7"], any_scopes = ["documents:write"], client_ids = ["0oaexaLDATKZE7WgO5d7"] }
    }
  }

  # That client has tokens of the other authorization server only.
  assert {
    condition     = output.forbidden_tokens["no documents at default"] == 0
    error_message = "Got ${jsonencode(output.forbidden_tokens)}, want no forbidden tokens."
  }
}

run "wants_a_rule" {
  command = plan
  variables {
    forbidden = {}
  }
  expect_failures = [var.forbidden]
}

run "wants_rules_that_say_something" {
  command = plan
  variables {
    forbidden = {
      "everything" = { auth_server_ids = ["ausiUrhnDe61HmVHA5d7"] }
    }
  }
  expect_failures = [var.forbidden]
}

run "wants_rules_that_can_be_broken" {
  command = plan
  variables {
    forbidden = {
      "leavers" = { user_ids = [] }
    }
  }
  expect_failures = [var.forbidden]
}

run "wants_rules_that_look_somewhere" {
  command = plan
  variables {
    forbidden = {
      "no documents" = { auth_server_ids = [], any_scopes = ["documents:write"] }
    }
  }
  expect_failures = [var.forbidden]
}

run "wants_rules" {
  command = plan
  variables {
    forbidden = {
      "no documents" = "documents:write"
    }
  }
  expect_failures = [var.forbidden]
}

# A part that got lost would make another rule of it.
run "wants_parts_that_it_knows" {
  command = plan
  variables {
    forbidden = {
      "nothing of that client" = { any_scopes = ["documents:write"], client_idss = ["0oaexaLDATKZE7WgO5d7"] }
    }
  }
  expect_failures = [data.oktatokens_inventory.forbidden]
}

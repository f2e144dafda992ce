# Runs against the fake org in its default size, freshly started:
#   go run ./internal/oktafake/cmd/oktafake
# No other org can be reached from here, whatever the environment says.

provider "oktatokens" {
  org_url   = "http://127.0.0.1:8080"
  api_token = "fake-api-token"
  read_only = true
}

run "exports_everything" {
  assert {
    condition     = output.total.tokens == 200 && output.total.clients == 10 && output.total.org == "http://127.0.0.1:8080"
    error_message = "Got ${jsonencode(output.total)}, want 200 tokens of 10 clients."
  }
  assert {
    condition     = length(split("\r\n", output.tokens_csv)) == 1 + 200 + 1 && length(split("\r\n", output.clients_csv)) == 1 + 10 + 1
    error_message = "The files want a line for each token and client, a header, and an end."
  }
  assert {
    condition     = length(split("\r\n", output.users_csv)) == 1 + output.total.users + 1
    error_message = "The file wants a line for each user, a header, and an end."
  }
  assert {
    condition     = strcontains(output.report_html, "<title>Refresh tokens</title>")
    error_message = "The page has another title."
  }
}

run "exports_one_user" {
  variables {
    auth_server_ids = []
    user_ids        = ["00u86BFWsTKWqfFbc5d7"] # Samir Nakamura
    title           = "Tokens of <Samir> & co."
  }

  assert {
    condition     = output.total.tokens == 9 && output.total.users == 1
    error_message = "Got ${jsonencode(output.total)}, want 9 tokens of 1 user."
  }
  assert {
    condition     = strcontains(output.report_html, "Tokens of &lt;Samir&gt; &amp; co.")
    error_message = "The title is not written as text."
  }
}

run "wants_a_title" {
  command = plan
  variables {
    title = " "
  }
  expect_failures = [var.title]
}

# Runs against the fake org in its default size, freshly started:
#   go run ./internal/oktafake/cmd/oktafake
# No other org can be reached from here, whatever the environment says.

provider "oktatokens" {
  org_url   = "http://127.0.0.1:8080"
  api_token = "fake-api-token"
  read_only = true
}

run "wants_a_client" {
  command = plan
  variables {
    client_ids = []
  }
  expect_failures = [var.client_ids]
}

run "counts_by_user" {
  variables {
    client_ids = ["0oaBY16Iapixd5h515d7", "ledger-desktop_3.v2"] # Checkout Web and Ledger Desktop
  }

  assert {
    condition     = output.total.tokens == 40 && length(output.tokens_by_user) == output.total.users
    error_message = "Got ${jsonencode(output.total)}, want 40 tokens."
  }
  assert {
    condition     = endswith(output.tokens_by_user["00u86BFWsTKWqfFbc5d7"], "tokens at 1 clients")
    error_message = "Got ${jsonencode(output.tokens_by_user)}"
  }
}

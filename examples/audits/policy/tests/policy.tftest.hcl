# Runs against the fake org in its default size, freshly started:
#   go run ./internal/oktafake/cmd/oktafake
# No other org can be reached from here, whatever the environment says.

provider "oktatokens" {
  org_url   = "http://127.0.0.1:8080"
  api_token = "fake-api-token"
  read_only = true
}

variables {
  allowed_client_ids = ["0oaBY16Iapixd5h515d7"]
}

run "warns" {
  command         = plan
  expect_failures = [check.age, check.expiry, check.clients]
}

run "fails_when_enforced" {
  command = plan
  variables {
    enforce = true
  }
  expect_failures = [check.age, check.expiry, check.clients, output.violations]
}

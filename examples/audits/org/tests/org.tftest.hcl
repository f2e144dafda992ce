# Runs against the fake org in its default size, freshly started:
#   go run ./internal/oktafake/cmd/oktafake
# No other org can be reached from here, whatever the environment says.

provider "oktatokens" {
  org_url   = "http://127.0.0.1:8080"
  api_token = "fake-api-token"
  read_only = true
}

run "sums_up_the_org" {
  assert {
    condition     = output.total == { tokens = 200, clients = 10, users = 49 }
    error_message = "Got ${jsonencode(output.total)}, want 200 tokens of 10 clients and 49 users."
  }
  assert {
    condition     = length(output.clients) == 10 && startswith(reverse(output.clients)[0], "     20 tokens of ")
    error_message = "Got the clients ${jsonencode(output.clients)}, want ten of 20 tokens each."
  }
  assert {
    condition     = sum([for band in output.ages : tonumber(reverse(split(" ", band))[0])]) == 200
    error_message = "The ages do not add up: ${jsonencode(output.ages)}"
  }
  assert {
    condition     = output.complete && length(output.failures) == 0
    error_message = "Got the failures ${jsonencode(output.failures)}, want none."
  }
}

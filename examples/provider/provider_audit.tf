# For an audit: whatever the credential may do, only GET requests are sent.
provider "oktatokens" {
  org_url   = "https://acme.okta.com"
  read_only = true

  # Leave half of Okta's rate limits to others.
  max_api_capacity = 50
}

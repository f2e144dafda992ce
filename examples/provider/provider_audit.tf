# For an audit: only GET requests are sent, whatever the credential may do.
provider "oktatokens" {
  org_url   = "https://acme.okta.com"
  read_only = true

  # Leave half of each Okta rate limit to others.
  max_api_capacity = 50
}

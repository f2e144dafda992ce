terraform {
  required_providers {
    oktatokens = {
      source = "oktatokens/oktatokens"
    }
  }
}

# The credential comes from OKTA_API_TOKEN or OKTA_ACCESS_TOKEN. It is in no file.
provider "oktatokens" {
  org_url = "https://acme.okta.com"
}

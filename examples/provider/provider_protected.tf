# A revocation that would affect one of these fails before anything is revoked.
provider "oktatokens" {
  org_url = "https://acme.okta.com"

  protected_client_ids = ["0oa9p2kfx4ZtWd7Rm5d7"] # the shop's tills
  protected_user_ids   = ["00u2r8syb5QwEc9Nk5d7"] # break-glass administrator
}

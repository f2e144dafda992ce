// Package revoke is the revocation engine. It finds the refresh tokens that a
// [Request] selects, checks the guards, revokes the tokens, and verifies that they
// are gone. It knows nothing of Terraform. Two resources and an action use it.
//
// Four rules shape it. It revokes only what was selected: a constructor names each
// selection, and the zero Selection selects nothing. It claims only what happened: a
// token counts as revoked when Okta confirmed it, and an outcome names those that are
// still listed. It believes no single response that another contradicts: no 404, no
// short list, no absurd time. And a run that fails or is interrupted still says what
// it did and what it left.
package revoke

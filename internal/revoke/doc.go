// Package revoke is the revocation engine: it finds the refresh tokens that a
// [Request] selects, checks them against the guards, revokes them, and verifies
// that they are gone. It knows nothing of Terraform; a resource and an action
// are two faces of it.
//
// Four rules shape it. Nothing is revoked that was not selected: a selection
// is made by a constructor that names it, and the zero Selection selects
// nothing. Nothing is claimed that did not happen: a token counts as revoked
// when Okta confirmed it, and an outcome names those that a list still shows.
// No answer of Okta's is believed against another: not a 404 that a list
// contradicts, not a short list, not an absurd clock. And an interrupted or
// failed run still says what it did and what it left.
package revoke

// Package revoke is the revocation engine: it finds the refresh tokens that a
// [Request] selects, checks them against the guards, revokes them, and verifies
// that they are gone. It knows nothing of Terraform; a resource and an action
// are two faces of it.
//
// Three rules shape it. Nothing is revoked that was not selected: a selection
// is made by a constructor that names it, and the zero Selection selects
// nothing. Nothing is claimed that did not happen: a token counts as revoked
// when Okta confirmed it and, unless the run was stopped before it could look
// again, the token is no longer listed. And an interrupted or failed run still
// tells what it did and what it left.
package revoke

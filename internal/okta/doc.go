// Package okta talks to the endpoints of the Okta Management API that list and
// revoke OAuth 2.0 refresh tokens. It knows nothing of Terraform.
//
// Refresh tokens hang from a [Parent]: an authorization server and a client, a
// user and a client, or an app. Listing, reading, revoking one and revoking all
// are one method each, whatever the parent is.
//
// Every request passes the layers that newChain puts together: retry, governor,
// log, deadline and auth, then the network. What Okta answers with an error
// status comes back as an [*Error] that keeps all of Okta's words.
package okta

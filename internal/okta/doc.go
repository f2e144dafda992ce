// Package okta talks to the endpoints of the Okta Management API that list and
// revoke OAuth 2.0 refresh tokens. It knows nothing of Terraform.
//
// A refresh token belongs to a [Parent]: an authorization server and a client, a user
// and a client, or an app. Each operation is one method for all three: to list, to
// read, to revoke one token and to revoke all.
//
// Every request passes through the layers of newChain: retry, sign-in, governor, log,
// redaction, deadline and authorization, then the network. A response with an error
// status becomes an [*Error], which keeps all of Okta's words. A request without a
// response becomes a [*TransportError].
package okta

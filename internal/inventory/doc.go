// Package inventory is the audit engine: it walks the refresh tokens of an org
// and sums them up by client, user, scope and age. It knows nothing of Terraform.
//
// Tokens are summed up as their pages arrive and then forgotten, so that an audit
// of a million of them takes the memory of a few pages. What is kept grows with
// clients, users and scopes.
//
// Two rules shape it. A token counts once, however many parents show it. And a
// sum that is not of everything says so: a parent whose list breaks off adds
// nothing to any sum, and is either the error of the whole or a [Failure].
package inventory

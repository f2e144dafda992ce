// Package inventory is the audit engine: it lists the refresh tokens of an org
// and sums them up by client, user, scope and age. It knows nothing of Terraform.
//
// It sums tokens up page by page and drops each page afterwards, so an audit of a
// million tokens needs the memory of a few pages. Memory grows with the number of
// clients, users and scopes only.
//
// Two rules shape it. A token counts once, however many parents list it. And a sum
// that does not cover everything says so: a parent whose list breaks off adds
// nothing to any sum. It either fails the inventory or is a [Failure].
package inventory

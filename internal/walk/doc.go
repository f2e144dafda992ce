// Package walk knows where refresh tokens are listed: which parents a target spans,
// how to read their lists in parallel, and what a 404 for one of them means. The
// engines and terraform query share it. It knows nothing of Terraform.
//
// Clients and tokens count once, even if a list changes while it is read and has one
// on two pages. If Okta listed a parent and then answers 404 for it, the parent and its
// tokens are gone only if it is no longer listed.
package walk

// Package acceptance tests the whole system: the provider as its own process under a real Terraform
// or OpenTofu, the examples, runbooks and audits, the states of earlier versions, and whole revocations
// under every trouble that the sweep knows. It uses of the provider only what main.go uses too.
//
// What a single object does is tested beside it, in package provider.
package acceptance

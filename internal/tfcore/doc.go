// Package tfcore is Terraform's part of the provider protocol, in memory and for tests.
//
// It validates, plans, applies, refreshes, imports, reads, lists, invokes and calls as
// Terraform does, without a CLI and without a process: a plan and an apply take about a
// millisecond. It holds the provider to Terraform's rules: what is planned is what is
// configured, what is applied is what was planned, and nothing is unknown after an apply.
//
// It also shows what a test with a CLI cannot: warnings, the attribute that a diagnostic is
// about, private state, deferrals, and every single call. A test can put something between
// plan and apply, apply a plan at another provider, or give a call a context that ends.
//
// Each walk has a provider of its own, as each command of Terraform has a process of its
// own: validate, plan and apply share no memory unless the test says so. Like Terraform, an
// apply plans once more and applies that.
//
// Values are plain Go: see [Object]. The package knows nothing of any provider. One is served
// by a function:
//
//	core := tfcore.New(t, tfcore.Options{
//		Serve:  func() protocol.Server { return protocol.Framework(myProvider()) },
//		Config: tfcore.Object{"url": server.URL},
//	})
//	note := core.Resource("toy_note")
//	state := note.Create(tfcore.Object{"text": "hello"})
//	plan := note.Plan(state, tfcore.Object{"text": "bye"})
//
// What it does not play: the graph. References between objects, modules, count and moved
// blocks are Terraform's own business, and take a CLI to test.
package tfcore

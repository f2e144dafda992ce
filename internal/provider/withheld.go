package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
)

// withheld are errors of the provider block that its objects report in its place.
//
// With every error of a provider, the CLI prints the first line of its block. A block
// with one argument can be one line: provider "oktatokens" { api_token = "…" }. There
// is no other way to keep that out of the message.
type withheld diag.Diagnostics

// withhold hands the errors of a block to the objects when its one argument may hold
// a secret.
func (m providerModel) withhold(resp *provider.ConfigureResponse) {
	given, secret := 0, false
	for name, value := range m.arguments() {
		if !value.IsNull() {
			given++
			secret = mayHoldSecret(name, textOf(value))
		}
	}
	if resp.Diagnostics.HasError() && given == 1 && secret {
		handOut(resp, withheld(resp.Diagnostics))
		resp.Diagnostics = nil
	}
}

// report adds the errors without their paths, which lead into the provider block.
func (w withheld) report(diags *diag.Diagnostics) {
	for _, d := range w {
		diags.AddError(d.Summary(), d.Detail())
	}
}

// Package protocol decorates a provider server, one concern a file: lists that go
// past the framework, streams that end before the provider stops, interrupts that
// let every call answer, arguments that OpenTofu leaves out. It knows nothing of
// what the provider is for.
package protocol

import (
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Server is a provider server with everything that this provider serves. plugin-go
// asks for the last two by a type assertion. A decorator without them would hide
// that there are actions and lists.
type Server interface {
	tfprotov6.ProviderServer
	tfprotov6.ActionServer
	tfprotov6.ListResourceServer
}

// Framework returns the framework's server of a provider.
func Framework(p provider.Provider) Server {
	//nolint:errcheck,forcetypeassert // the framework's type has all of them
	return providerserver.NewProtocol6(p)().(Server)
}

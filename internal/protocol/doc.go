// Package protocol decorates a provider server, one concern per file: long lists
// that bypass the framework, streams that must end before the provider stops,
// interrupts that let every call answer, and arguments that OpenTofu leaves out. It
// does not know what the provider does.
package protocol

import (
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Server is a provider server with everything that this provider serves. plugin-go
// finds the last two by a type assertion, so a decorator without them would hide
// actions and lists.
type Server interface {
	tfprotov6.ProviderServer
	tfprotov6.ActionServer
	tfprotov6.ListResourceServer
}

// Framework returns the framework's server of a provider.
func Framework(p provider.Provider) Server {
	//nolint:errcheck,forcetypeassert // the framework's type implements all of them
	return providerserver.NewProtocol6(p)().(Server)
}

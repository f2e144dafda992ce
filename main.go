// Command terraform-provider-oktatokens is a Terraform and OpenTofu provider that
// audits and revokes the OAuth 2.0 refresh tokens of an Okta org.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve for a debugger, and print how to attach Terraform")
	flag.Parse()

	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/oktatokens/oktatokens",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}

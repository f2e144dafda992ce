// Command terraform-provider-oktatokens is a Terraform and OpenTofu provider that
// audits and revokes the OAuth 2.0 refresh tokens of an Okta org.
package main

import (
	"flag"
	"log"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "run for a debugger and print how to connect Terraform to it")
	flag.Parse()
	if err := provider.Serve(version, *debug); err != nil {
		log.Fatal(err)
	}
}

// Command docs prints the provider's schemas in the format of terraform providers
// schema -json, for tfplugindocs.
//
// A CLI prints only the kinds of objects that it knows: OpenTofu and Terraform before
// 1.14 leave out actions and list resources. The documentation must not depend on
// the CLI of the machine.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/provider"
)

// address is the provider's key in the output. tfplugindocs only looks for a provider
// under its own name or under hashicorp/.
const address = "registry.terraform.io/hashicorp/oktatokens"

func main() {
	described, err := describe(context.Background(), provider.NewServer("dev"))
	if err != nil {
		log.Fatal(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(tfjson.ProviderSchemas{
		FormatVersion: "1.0",
		Schemas:       map[string]*tfjson.ProviderSchema{address: described},
	}); err != nil {
		log.Fatal(err)
	}
}

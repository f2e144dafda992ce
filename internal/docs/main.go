// Command docs prints the provider's schemas as terraform providers schema -json
// does, for what renders the documentation.
//
// A CLI prints only the kinds of objects that it knows: Terraform before 1.14, and
// OpenTofu, leave actions and list resources out. The pages must not depend on the
// CLI that happens to be on a machine.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/provider"
)

// address is where tfplugindocs looks a provider up: under its own name or under
// hashicorp/, nowhere else.
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

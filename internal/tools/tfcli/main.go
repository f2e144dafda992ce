// Command tfcli prints the path of the Terraform or OpenTofu that tests, the demo and the documentation run.
//
//	tfcli                     the one at hand: TF_CLI, else terraform on PATH, else tofu on PATH, else OpenTofu
//	tfcli about               the name and version of the one at hand
//	tfcli terraform 1.16.0    exactly this one
//	tfcli tofu 1.12.6
//
// What has to be built is built from the Go module proxy once and then kept in the user's cache directory.
package main

import (
	"errors"
	"fmt"
	"os"
)

const usage = `usage: cli [about]
       cli terraform|tofu VERSION`

var errUsage = errors.New(usage)

func main() {
	line, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "cli:", err)
		os.Exit(1)
	}
	fmt.Println(line)
}

// run returns the line that the arguments ask for.
func run(args []string) (string, error) {
	switch {
	case len(args) == 0:
		path, _, err := atHand()
		return path, err
	case len(args) == 1 && args[0] == "about":
		_, about, err := atHand()
		return about, err
	case len(args) == 2:
		product, ok := products[args[0]]
		if !ok {
			return "", errUsage
		}
		return product.path(args[1])
	default:
		return "", errUsage
	}
}

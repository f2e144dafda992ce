// Command provider is the provider as the tests of this module run it: with the day of
// their org, because ages are only measured where both clocks agree.
package main

import (
	"log"
	"os"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/provider"
)

func main() {
	var options []provider.Option
	if day := os.Getenv("ORG_TIME"); day != "" {
		now, err := time.Parse(time.RFC3339, day)
		if err != nil {
			log.Fatal(err)
		}
		options = append(options, provider.WithClock(func() time.Time { return now }))
	}
	if err := provider.Serve("dev", false, options...); err != nil {
		log.Fatal(err)
	}
}

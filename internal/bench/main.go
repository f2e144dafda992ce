// Command bench measures the provider's client beside Okta's own Go SDK, in one
// run, on a fake org on this machine. It is a module of its own so that the SDK
// never becomes a dependency of the provider.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"text/tabwriter"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

// run prints one table for each measurement.
func run(ctx context.Context) error {
	return rateLimits(ctx)
}

// The work of rateLimits: 201 requests under a limit of 50 in 5 seconds.
const (
	limitClients = 10
	limitTokens  = 4000
	limit        = 50
	window       = 5 * time.Second
	latency      = 20 * time.Millisecond
)

// rateLimits shows how much of a rate limit each client makes use of.
func rateLimits(ctx context.Context) error {
	fmt.Printf("Rate limit: %d clients of %d tokens, %d requests in %s, %s a request\n\n", limitClients, limitTokens, limit, window, latency)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "client\trequests\t429s\ttokens\twall\tideal\tideal/wall\t")
	for _, lister := range []struct {
		name string
		list func(context.Context, *org) (tokens int, err error)
	}{
		{"this client", listWithClient},
		{"okta-sdk-golang", listWithSDK},
	} {
		o, err := newOrg(limitClients, limitTokens, limit, window, latency)
		if err != nil {
			return err
		}
		start := time.Now()
		tokens, err := lister.list(ctx, o)
		wall := time.Since(start)
		o.close()
		if err != nil {
			return fmt.Errorf("%s: %w", lister.name, err)
		}
		answered, refused := o.requests()
		ideal := time.Duration((answered-1)/limit) * window
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%.2f s\t%.2f s\t%.2f\t\n",
			lister.name, answered, refused, tokens, wall.Seconds(), ideal.Seconds(), ideal.Seconds()/wall.Seconds())
	}
	return table.Flush()
}

// Command bench compares the provider with its peers, in one run, on a fake org on
// this machine. It is a separate module, to keep the peers out of the provider's
// dependencies.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
)

func main() {
	if filepath.Base(os.Args[0]) == pluginName {
		if err := standIn(); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

// run prints a table for each measurement. TF_CLI names the Terraform or OpenTofu to
// plan with.
func run(ctx context.Context) (err error) {
	cli := os.Getenv("TF_CLI")
	if cli == "" {
		return errors.New("TF_CLI does not name a Terraform or OpenTofu; run make bench, which finds one")
	}
	fmt.Printf("%s/%s, %d CPUs, %s\n\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
	for _, measure := range []func(context.Context) error{measureListing, measureRateLimit, measureDecoding, measureRows} {
		if err := measure(ctx); err != nil {
			return err
		}
	}
	w, err := newWorkspace(ctx, cli)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.remove()) }()
	return measurePlans(ctx, w)
}

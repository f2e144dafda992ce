// Command bench measures the provider beside its peers, in one run, on a fake org
// on this machine. It is a module of its own so that the peers never become
// dependencies of the provider.
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

// run prints a table for each measurement. TF_CLI names the Terraform or OpenTofu
// that plans.
func run(ctx context.Context) (err error) {
	cli := os.Getenv("TF_CLI")
	if cli == "" {
		return errors.New("TF_CLI names no Terraform or OpenTofu; start it with make bench")
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

// Command oktafake serves a fake Okta org on loopback, for demos and rehearsals.
//
// Once it serves, it prints the org's URL as the first line on standard output. Everything else goes to
// standard error.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// exitUsage is the status that the flag package uses, too.
const exitUsage = 2

// shutdownGrace is how long running requests may take after the command is told to stop.
const shutdownGrace = 5 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run serves until ctx ends, and returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	opts, err := parseOptions(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return exitUsage
	}
	// First, because populating an org takes time and the address may be in use.
	listener, err := net.ListenTCP("tcp", opts.addr)
	if err != nil {
		fmt.Fprintln(stderr, "oktafake:", err)
		return 1
	}
	org, err := opts.org()
	if err != nil {
		_ = listener.Close()
		fmt.Fprintln(stderr, "oktafake:", err)
		return 1
	}
	url := "http://" + listener.Addr().String()
	fmt.Fprintln(stdout, url)
	opts.explain(stderr, url)
	if err := serve(ctx, listener, org); err != nil {
		fmt.Fprintln(stderr, "oktafake:", err)
		return 1
	}
	return 0
}

// serve answers requests until ctx ends, then finishes those that are running.
func serve(ctx context.Context, listener net.Listener, org *oktafake.Org) error {
	server := &http.Server{Handler: org, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		// Requests that are slower than the grace are cut off. That is still a clean stop.
		return server.Close()
	}
	return nil
}

package provider

import (
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// address is the provider's source address.
const address = "registry.terraform.io/oktatokens/oktatokens"

// NewServer returns what serves the provider to Terraform.
func NewServer(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer { return served(version) }
}

func served(version string) *interruptServer {
	return newInterruptServer(newStopServer(newServer(New(version)())))
}

// Serve serves the provider to the CLI that started it, until that CLI ends it. With
// debug set, it serves a CLI that is told how to find it.
func Serve(version string, debug bool) error {
	s := served(version)
	factory := func() tfprotov6.ProviderServer { return s }
	if debug {
		return tf6server.Serve(address, factory, tf6server.WithManagedDebug())
	}
	go obeySignals(s, notifySignals())
	go endWithParent(s, os.Getppid())
	return tf6server.Serve(address, factory)
}

// notifySignals returns the signals that would end the process, except the one that
// plugin-go ignores: an interrupt, which the CLI passes on itself. What the process was
// started to ignore, as with nohup, stays ignored.
func notifySignals() <-chan os.Signal {
	received := make(chan os.Signal, 1)
	signal.Notify(received, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(received, syscall.SIGHUP)
	}
	return received
}

// obeySignals interrupts what runs and does not end the process: only the CLI can
// write down what a revocation has done, and needs its answer for that. A CI system
// that cancels a job sends SIGTERM to both at once.
func obeySignals(s *interruptServer, received <-chan os.Signal) {
	for range received {
		s.interrupt()
	}
}

// endWithParent ends the process once its CLI is gone, which would otherwise have
// ended it.
func endWithParent(s *interruptServer, parent int) {
	for range time.Tick(time.Second) {
		if os.Getppid() != parent {
			break
		}
	}
	s.interrupt()
	s.wait(stopGrace)
	os.Exit(1)
}

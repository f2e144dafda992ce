package protocol

import (
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// Serve serves a provider to the CLI that started it, until that CLI ends it. With
// debug set, it prints how a CLI can find it. The address is the provider's source
// address.
func Serve(address string, inner Server, debug bool) error {
	s := served(inner)
	factory := func() tfprotov6.ProviderServer { return s }
	if debug {
		return tf6server.Serve(address, factory, tf6server.WithManagedDebug())
	}
	go obeySignals(s, notifySignals())
	go endWithParent(s, os.Getppid())
	return tf6server.Serve(address, factory)
}

func served(inner Server) *interruptible { return newInterruptible(newDrain(inner)) }

// notifySignals returns the signals that would end the process, except interrupts:
// plugin-go ignores those, because the CLI passes them on itself. A hangup stays
// ignored if the process was started to ignore it, as with nohup.
func notifySignals() <-chan os.Signal {
	received := make(chan os.Signal, 1)
	signal.Notify(received, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(received, syscall.SIGHUP)
	}
	return received
}

// obeySignals interrupts the running calls but does not end the process: the CLI
// needs each call's answer to record what it has done. A CI system that cancels a
// job sends SIGTERM to both at once.
func obeySignals(s *interruptible, received <-chan os.Signal) {
	for range received {
		s.interrupt()
	}
}

// endWithParent ends the process if its CLI disappears without ending it.
func endWithParent(s *interruptible, parent int) {
	for range time.Tick(time.Second) {
		if os.Getppid() != parent {
			break
		}
	}
	s.interrupt()
	s.wait(stopGrace)
	os.Exit(1)
}

// Command release writes the third-party notices for the archives of a release. The tests of this
// package check a built release.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("release: ")
	flag.Usage = func() { fmt.Fprintln(flag.CommandLine.Output(), "usage: go run ./internal/release FILE") }
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := writeNotices(flag.Arg(0)); err != nil {
		log.Fatal(err)
	}
}

// writeNotices writes the notices of the module in the working directory.
func writeNotices(file string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	linked, err := linkedModules(ctx, ".")
	if err != nil {
		return err
	}
	text, err := notices(linked)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}
